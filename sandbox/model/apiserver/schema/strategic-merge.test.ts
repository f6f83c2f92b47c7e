import { describe, expect, it } from 'vitest';
import { schema } from './index.ts';

const POD = 'io.k8s.api.core.v1.Pod';
const merge = (live: object, patch: object): unknown => schema.strategicMerge(POD, { ...live }, { ...patch });
const containers = (...list: object[]): object => ({ spec: { containers: list } });
const a = { name: 'a', image: '1' };
const b = { name: 'b', image: '1' };
const c = { name: 'c', image: '1' };

describe('strategicMerge', () => {
  it('merges lists by key and appends what is new', () => {
    expect(merge(containers(a, b), containers({ name: 'b', image: '2' }, c))).toEqual(
      containers(a, { name: 'b', image: '2' }, c),
    );
  });

  it('deletes list items and fields', () => {
    expect(merge(containers(a, b), containers({ name: 'a', $patch: 'delete' }))).toEqual(containers(b));
    expect(merge(containers({ ...a, tty: true }), containers({ name: 'a', tty: null }))).toEqual(containers(a));
  });

  it('replaces a list or a map on request', () => {
    expect(merge(containers(a, b), containers(c, { $patch: 'replace' }))).toEqual(containers(c));
    expect(
      merge({ spec: { nodeSelector: { x: '1' } } }, { spec: { nodeSelector: { $patch: 'replace', y: '2' } } }),
    ).toEqual({ spec: { nodeSelector: { y: '2' } } });
  });

  it('obeys $setElementOrder and keeps what only the server has in its place', () => {
    const patch = { spec: { '$setElementOrder/containers': [{ name: 'c' }, { name: 'a' }], containers: [c] } };
    expect(merge(containers(a, b), patch)).toEqual(containers(c, a, b));
    const set = { spec: { '$setElementOrder/containers': [{ name: 'b' }], containers: [{ name: 'b', image: '2' }] } };
    expect(merge(containers(a, b, c), set)).toEqual(containers(a, { ...b, image: '2' }, c));
  });

  it('deletes from primitive lists', () => {
    expect(
      merge(
        { metadata: { finalizers: ['x', 'y', 'z'] } },
        { metadata: { '$deleteFromPrimitiveList/finalizers': ['y'], '$setElementOrder/finalizers': ['x', 'z'] } },
      ),
    ).toEqual({ metadata: { finalizers: ['x', 'z'] } });
    expect(merge({ metadata: { finalizers: ['x'] } }, { metadata: { finalizers: ['y', 'x'] } })).toEqual({
      metadata: { finalizers: ['y', 'x'] },
    });
  });

  it('keeps only the keys of $retainKeys', () => {
    const live = { spec: { volumes: [{ name: 'v', emptyDir: {} }] } };
    const patch = { spec: { volumes: [{ $retainKeys: ['name', 'configMap'], name: 'v', configMap: { name: 'm' } }] } };
    expect(merge(live, patch)).toEqual({ spec: { volumes: [{ name: 'v', configMap: { name: 'm' } }] } });
  });

  it('replaces lists without a strategy', () => {
    expect(merge({ spec: { tolerations: [{ key: 'x' }] } }, { spec: { tolerations: [{ key: 'y' }] } })).toEqual({
      spec: { tolerations: [{ key: 'y' }] },
    });
  });

  it('drops nulls of what is new', () => {
    expect(merge({}, { metadata: { labels: { a: null, b: '1' } } })).toEqual({ metadata: { labels: { b: '1' } } });
  });

  it.each([
    [containers({ image: 'x' }), 'map: map[image:x] does not contain declared merge key: name'],
    [{ spec: { $patch: 'foo' } }, 'unknown patch type: foo in map: map[$patch:foo]'],
    [containers({ $patch: 'merge', name: 'x' }), 'merging lists cannot yet be specified in the patch'],
    [{ spec: { $retainKeys: 'x' } }, 'invalid patch format of retainKeys'],
  ])('refuses with the words of 1.36.3 (%#)', (patch, words) => {
    expect(() => merge(containers(a), patch)).toThrow(words);
  });

  it('leaves its inputs alone', () => {
    const live = Object.freeze({ spec: Object.freeze({ containers: Object.freeze([Object.freeze({ ...a })]) }) });
    const patch = Object.freeze({
      spec: Object.freeze({
        '$setElementOrder/containers': Object.freeze([Object.freeze({ name: 'a' })]),
        containers: Object.freeze([Object.freeze({ name: 'a', image: '2' })]),
      }),
    });
    expect(schema.strategicMerge(POD, live, patch)).toEqual(containers({ name: 'a', image: '2' }));
  });
});
