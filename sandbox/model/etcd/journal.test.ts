import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { KubeObject } from '../../../kernel/kube/object.ts';
import { openStore } from './store.ts';

let home: string;
beforeEach(() => (home = mkdtempSync(join(tmpdir(), 'drydock-journal-'))));
afterEach(() => rmSync(home, { recursive: true, force: true }));

function object(name: string, value: string): KubeObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, value };
}

/** What a fresh process finds in the folder: revision, and key → value. */
function reopened(directory: string): { revision: number; found: Record<string, unknown> } {
  const store = openStore(directory);
  const found = Object.fromEntries(store.range({ prefix: '/' }).items.map(({ key, value }) => [key, value['value']]));
  const { revision } = store;
  store.close();
  return { revision, found };
}

describe('journal', () => {
  test('R-JOURNAL-1 what was acknowledged is there again, without any closing', () => {
    const store = openStore(home);
    store.put('/a', object('a', '1'));
    store.put('/b', object('b', 'ünïcödé'));
    store.put('/a', object('a', '2'));
    store.delete('/b');
    expect(reopened(home)).toEqual({ revision: 4, found: { '/a': '2' } });
    store.close();
  });

  test('R-JOURNAL-2 a crash at any byte of the last record loses at most that record', () => {
    const store = openStore(home);
    store.put('/a', object('a', '1'));
    const before = statSync(join(home, 'journal')).size;
    store.put('/b', object('b', '2'));
    store.close();
    const whole = readFileSync(join(home, 'journal'));
    for (let cut = before; cut <= whole.length; cut++) {
      const torn = join(home, `cut-${cut}`);
      mkdirSync(torn);
      writeFileSync(join(torn, 'journal'), whole.subarray(0, cut));
      const intact = cut === whole.length;
      expect(reopened(torn)).toEqual({
        revision: intact ? 2 : 1,
        found: intact ? { '/a': '1', '/b': '2' } : { '/a': '1' },
      });
      // What is written after the tear must be readable too.
      const again = openStore(torn);
      again.put('/c', object('c', '3'));
      again.close();
      expect(reopened(torn).found['/c']).toBe('3');
    }
  });

  test('R-JOURNAL-2 a crash within the first line leaves an empty store', () => {
    openStore(home).close();
    const whole = readFileSync(join(home, 'journal'));
    for (let cut = 0; cut < whole.length; cut++) {
      writeFileSync(join(home, 'journal'), whole.subarray(0, cut));
      expect(reopened(home)).toEqual({ revision: 0, found: {} });
    }
  });

  test('R-JOURNAL-3 damage anywhere else is reported with its place and never guessed at', () => {
    const store = openStore(home);
    store.put('/a', object('a', '1'));
    store.put('/b', object('b', '2'));
    store.close();
    const lines = readFileSync(join(home, 'journal'), 'utf8').split('\n');
    lines[1] = lines[1]?.replace('"1"', '"9"') ?? '';
    writeFileSync(join(home, 'journal'), lines.join('\n'));
    expect(() => openStore(home)).toThrow(/line 2 of .*journal cannot be read: its checksum is wrong/);
  });

  test('R-JOURNAL-4 a long journal is rewritten, and a rewrite that was cut off does no harm', () => {
    const store = openStore(home);
    const big = 'x'.repeat(100_000);
    for (let i = 0; i < 100; i++) store.put('/a', object('a', `${i}${big}`));
    store.delete('/none');
    expect(statSync(join(home, 'journal')).size).toBeLessThan(6_000_000);
    store.close();
    copyFileSync(join(home, 'journal'), join(home, 'journal.new'));
    expect(reopened(home)).toEqual({ revision: 100, found: { '/a': `99${big}` } });
    expect(readdirSync(home)).toEqual(['journal']);
  });
});
