import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { KubeObject } from '../../../kernel/kube/object.ts';
import type { Store, StoreEvent } from './store.ts';
import { Compacted, openStore, RevisionConflict } from './store.ts';

function object(name: string, value = ''): KubeObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, value };
}

const keysOf = (store: Store, prefix: string, revision?: number): string[] =>
  store.range({ prefix, revision }).items.map(({ key }) => key);

describe('store', () => {
  test('R-STORE-1 each write raises the one revision and stamps it', () => {
    const store = openStore();
    expect(store.put('/a', object('a')).metadata.resourceVersion).toBe('1');
    expect(store.put('/b', object('b')).metadata.resourceVersion).toBe('2');
    expect(store.delete('/a')?.metadata.resourceVersion).toBe('3');
    expect(store.revision).toBe(3);
    expect(store.delete('/a')).toBeUndefined();
    expect(store.revision).toBe(3);
  });

  test('R-STORE-2 a write that expects another revision is refused', () => {
    const store = openStore();
    store.put('/a', object('a'), '');
    expect(() => store.put('/a', object('a'), '')).toThrow(RevisionConflict);
    expect(() => store.put('/a', object('a'), '7')).toThrow(RevisionConflict);
    expect(() => store.delete('/a', '7')).toThrow(RevisionConflict);
    expect(store.put('/a', object('a'), '1').metadata.resourceVersion).toBe('2');
  });

  test('R-STORE-3 ranges come in key order, in pages, under their prefix alone', () => {
    const store = openStore();
    for (const key of ['/p/c', '/p/a', '/q/a', '/p/b', '/pp']) store.put(key, object(key));
    expect(keysOf(store, '/p/')).toEqual(['/p/a', '/p/b', '/p/c']);
    const page = store.range({ prefix: '/p/', limit: 2 });
    expect(page.remaining).toBe(1);
    expect(store.range({ prefix: '/p/', after: page.items[1]?.key }).items.map(({ key }) => key)).toEqual(['/p/c']);
  });

  test('R-STORE-4 earlier states can be read until they are compacted', () => {
    const store = openStore();
    store.put('/p/a', object('a', 'old'));
    store.put('/p/b', object('b'));
    store.put('/p/a', object('a', 'new'));
    store.delete('/p/b');
    expect(keysOf(store, '/p/', 2)).toEqual(['/p/a', '/p/b']);
    expect(store.range({ prefix: '/p/', revision: 2 }).items[0]?.value['value']).toBe('old');
    for (let i = 0; i < 2000; i++) store.put('/p/a', object('a', String(i)));
    expect(store.revision - store.compacted).toBeGreaterThanOrEqual(1000);
    expect(() => store.range({ prefix: '/p/', revision: 2 })).toThrow(Compacted);
    expect(() => store.watch('/p/', 2, () => undefined)).toThrow(Compacted);
  });

  test('R-STORE-5 a watcher sees each later change once, in order, until it is disposed', () => {
    const store = openStore();
    store.put('/p/a', object('a'));
    const seen: StoreEvent[] = [];
    const watch = store.watch('/p/', 0, (event) => void seen.push(event));
    store.put('/q/x', object('x'));
    store.put('/p/a', object('a', '2'));
    store.delete('/p/a');
    watch.dispose();
    store.put('/p/z', object('z'));
    expect(
      seen.map(({ revision, value, previous }) => [revision, value !== undefined, previous !== undefined]),
    ).toEqual([
      [1, true, false],
      [3, true, true],
      [4, false, true],
    ]);
  });

  test('any history, read back at any revision, is what was there then', () => {
    const step = fc.record({ key: fc.constantFrom('/p/a', '/p/b', '/p/c'), remove: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const store = openStore();
        const states = [new Set<string>()];
        for (const { key, remove } of steps) {
          const before = store.revision;
          if (remove) store.delete(key);
          else store.put(key, object(key));
          if (store.revision === before) continue;
          const next = new Set(states.at(-1));
          if (remove) next.delete(key);
          else next.add(key);
          states.push(next);
        }
        for (const [revision, keys] of states.entries())
          expect(keysOf(store, '/p/', revision)).toEqual([...keys].sort());
      }),
      { numRuns: 50 },
    );
  });
});
