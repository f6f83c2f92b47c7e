import { beforeEach, describe, expect, test } from 'vitest';
import { isRecord } from '../../../kernel/kube/object.ts';
import type { KubeObject } from '../../../kernel/kube/object.ts';
import { configMap, IN_DEFAULT, refusal, TestServer } from './server-for-test.ts';

let api: TestServer;
beforeEach(async () => void (api = await TestServer.make()));
const MAPS = `${IN_DEFAULT}/configmaps`;

function names(list: KubeObject): unknown[] {
  const items = Array.isArray(list['items']) ? list['items'] : [];
  return items.map((item) => (isRecord(item) && isRecord(item['metadata']) ? item['metadata']['name'] : undefined));
}

describe('list', () => {
  test('R-LIST-1 R-LIST-3 pages come in order and count what remains, without selectors', async () => {
    for (const name of ['c', 'a', 'd', 'b'])
      await api.post(MAPS, configMap(name, { metadata: { labels: { half: name < 'c' ? '1' : '2' } } }));
    const first = await api.get(MAPS, { limit: '3' });
    expect(names(first)).toEqual(['a', 'b', 'c']);
    expect(first.metadata).toMatchObject({ remainingItemCount: 1 });
    const selected = await api.get(MAPS, { limit: '1', labelSelector: 'half=1' });
    expect(names(selected)).toEqual(['a']);
    expect(selected.metadata).not.toHaveProperty('remainingItemCount');
  });

  test('R-LIST-2 a continued list is of the revision at which it began', async () => {
    for (const name of ['a', 'b', 'c']) await api.post(MAPS, configMap(name));
    const first = await api.get(MAPS, { limit: '1' });
    const token = isRecord(first.metadata) ? String(first.metadata['continue']) : '';
    await api.delete(`${MAPS}/b`);
    await api.post(MAPS, configMap('bb'));
    const rest = await api.get(MAPS, { limit: '5', continue: token });
    expect(names(rest)).toEqual(['b', 'c']);
    expect(rest.metadata.resourceVersion).toBe(first.metadata.resourceVersion);
  });

  test('an exact earlier revision is read back, until it is compacted', async () => {
    const { metadata } = await api.post(MAPS, configMap('a'));
    await api.delete(`${MAPS}/a`);
    const asked = { resourceVersion: metadata.resourceVersion ?? '', resourceVersionMatch: 'Exact' };
    expect(names(await api.get(MAPS, asked))).toEqual(['a']);
    for (let i = 0; i < 1500; i++) await api.put('/apis/coordination.k8s.io/v1/namespaces/default/leases/l', lease(i));
    expect(await refusal(api.get(MAPS, asked))).toMatchObject({
      code: 410,
      message: 'The resourceVersion for the provided list is too old.',
    });
  });

  test.each([
    [
      { resourceVersion: 'abc' },
      400,
      'invalid resource version: resourceVersion: Invalid value: "abc": strconv.ParseUint: parsing "abc": invalid syntax',
    ],
    [{ resourceVersion: '99999' }, 504, /^Timeout: Too large resource version: 99999, current: \d+$/],
    [
      { fieldSelector: 'foo=x' },
      400,
      '"foo" is not a known field selector: only "metadata.name", "metadata.namespace"',
    ],
    [{ fieldSelector: 'foo' }, 400, "invalid selector: 'foo'; can't understand 'foo'"],
    [{ limit: 'abc' }, 400, 'strconv.ParseInt: parsing "abc": invalid syntax'],
    [{ sendInitialEvents: 'true' }, 422, /sendInitialEvents is forbidden for list$/],
  ])("%o is refused in upstream's words", async (query, code, message) => {
    const error = await refusal(api.get(MAPS, { ...query }));
    expect(error.code).toBe(code);
    if (typeof message === 'string') expect(error.message).toBe(message);
    else expect(error.message).toMatch(message);
  });
});

function lease(i: number): object {
  return {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { name: 'l' },
    spec: { holderIdentity: String(i) },
  };
}

describe('watch', () => {
  test('R-WATCH-1 R-WATCH-3 begins with what is there; selectors decide what comes and goes', async () => {
    await api.post(MAPS, configMap('a', { metadata: { labels: { on: 'yes' } } }));
    await api.post(MAPS, configMap('b'));
    const watch = await api.watch(MAPS, { labelSelector: 'on=yes' });
    await api.merge(`${MAPS}/b`, { metadata: { labels: { on: 'yes' } } });
    await api.merge(`${MAPS}/b`, { data: { k: 'v' } });
    const left = await api.merge(`${MAPS}/b`, { metadata: { labels: null } });
    await api.delete(`${MAPS}/a`);
    watch.stop();
    await watch.ended;
    expect(watch.seen.map(({ type, object }) => `${type} ${object.metadata.name ?? ''}`)).toEqual([
      'ADDED a',
      'ADDED b',
      'MODIFIED b',
      'DELETED b',
      'DELETED a',
    ]);
    expect(watch.seen[3]?.object).toEqual(left);
    expect(watch.seen[4]?.object.metadata.resourceVersion).toBe(String(api.store.revision));
  });

  test('R-WATCH-2 sendInitialEvents ends the beginning with its bookmark', async () => {
    await api.post(MAPS, configMap('a'));
    const watch = await api.watch(MAPS, {
      sendInitialEvents: 'true',
      resourceVersionMatch: 'NotOlderThan',
      allowWatchBookmarks: 'true',
    });
    watch.stop();
    await watch.ended;
    expect(watch.seen.map(({ type }) => type)).toEqual(['ADDED', 'BOOKMARK']);
    expect(watch.seen[1]?.object).toEqual({
      kind: 'ConfigMap',
      apiVersion: 'v1',
      metadata: { resourceVersion: String(api.store.revision), annotations: { 'k8s.io/initial-events-end': 'true' } },
    });
  });

  test('R-WATCH-4 a compacted version is one ERROR event', async () => {
    for (let i = 0; i < 1500; i++) await api.put('/apis/coordination.k8s.io/v1/namespaces/default/leases/l', lease(i));
    const watch = await api.watch(MAPS, { resourceVersion: '1' });
    await watch.ended;
    expect(watch.seen).toMatchObject([
      {
        type: 'ERROR',
        object: {
          code: 410,
          reason: 'Expired',
          message: expect.stringMatching(/^too old resource version: 1 \(\d+\)$/),
        },
      },
    ]);
  });

  test('R-WATCH-5 bookmarks come once a minute, and the watch ends in time', async () => {
    const watch = await api.watch(MAPS, { allowWatchBookmarks: 'true', resourceVersion: '1', timeoutSeconds: '150' });
    await api.clock.advance(200_000);
    await watch.ended;
    expect(watch.seen.map(({ type }) => type)).toEqual(['BOOKMARK', 'BOOKMARK']);
  });
});
