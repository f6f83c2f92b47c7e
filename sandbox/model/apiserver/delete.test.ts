import { beforeEach, describe, expect, test } from 'vitest';
import { configMap, deployment, DEPLOYMENTS, IN_DEFAULT, pod, refusal, TestServer } from './server-for-test.ts';

let api: TestServer;
beforeEach(async () => void (api = await TestServer.make()));
const MAPS = `${IN_DEFAULT}/configmaps`;
const PODS = `${IN_DEFAULT}/pods`;
const BINDING = { apiVersion: 'v1', kind: 'Binding', metadata: { name: 'p' }, target: { kind: 'Node', name: 'n' } };

describe('delete', () => {
  test('answers with a Status for what is gone, or with the object for some kinds', async () => {
    const made = await api.post(MAPS, configMap('x'));
    const details = { name: 'x', kind: 'configmaps', uid: made.metadata.uid };
    expect(await api.delete(`${MAPS}/x`)).toMatchObject({ kind: 'Status', status: 'Success', details });
    await api.post(`${IN_DEFAULT}/serviceaccounts`, {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 's' },
    });
    expect((await api.delete(`${IN_DEFAULT}/serviceaccounts/s`)).kind).toBe('ServiceAccount');
  });

  test('R-DELETE-1 a Pod on a node gets its grace, another goes at once', async () => {
    await api.post(PODS, pod('q'));
    await api.delete(`${PODS}/q`);
    expect(await refusal(api.get(`${PODS}/q`))).toMatchObject({ code: 404 });
    await api.post(PODS, pod('p'));
    await api.post(`${PODS}/p/binding`, BINDING);
    expect((await api.delete(`${PODS}/p`)).metadata).toMatchObject({
      deletionGracePeriodSeconds: 30,
      deletionTimestamp: '2026-01-01T00:00:30Z',
      generation: 2,
    });
    await api.delete(`${PODS}/p`, { gracePeriodSeconds: 0 });
    expect(await refusal(api.get(`${PODS}/p`))).toMatchObject({ code: 404 });
  });

  test('R-DELETE-4 a second delete may only shorten the grace', async () => {
    await api.post(PODS, pod('p'));
    await api.post(`${PODS}/p/binding`, BINDING);
    await api.delete(`${PODS}/p`, { gracePeriodSeconds: 10 });
    expect((await api.delete(`${PODS}/p`, { gracePeriodSeconds: 20 })).metadata.deletionGracePeriodSeconds).toBe(10);
    expect((await api.delete(`${PODS}/p`, { gracePeriodSeconds: 3 })).metadata).toMatchObject({
      deletionGracePeriodSeconds: 3,
      deletionTimestamp: '2026-01-01T00:00:03Z',
    });
  });

  test('R-DELETE-3 foreground and orphan deletion wait for the garbage collector', async () => {
    for (const [propagationPolicy, finalizer] of [
      ['Foreground', 'foregroundDeletion'],
      ['Orphan', 'orphan'],
    ] as const) {
      await api.post(DEPLOYMENTS, deployment(finalizer.toLowerCase()));
      const marked = await api.delete(`${DEPLOYMENTS}/${finalizer.toLowerCase()}`, { propagationPolicy });
      expect(marked.metadata).toMatchObject({ finalizers: [finalizer], deletionGracePeriodSeconds: 0 });
    }
    expect(await refusal(api.delete(`${DEPLOYMENTS}/orphan`, { propagationPolicy: 'Foo' }))).toMatchObject({
      code: 422,
    });
  });

  test('R-DELETE-5 a namespace stays Terminating until it is finalized', async () => {
    await api.post('/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'n' } });
    const marked = await api.delete('/api/v1/namespaces/n');
    expect(marked).toMatchObject({ status: { phase: 'Terminating' }, spec: { finalizers: ['kubernetes'] } });
    expect(await refusal(api.post('/api/v1/namespaces/n/configmaps', configMap('x')))).toMatchObject({
      code: 403,
      message:
        'configmaps "x" is forbidden: unable to create new content in namespace n because it is being terminated',
    });
    await api.put('/api/v1/namespaces/n/finalize', { ...marked, spec: { finalizers: [] } });
    expect(await refusal(api.get('/api/v1/namespaces/n'))).toMatchObject({ code: 404 });
  });

  test('R-DELETE-6 preconditions that do not hold are a conflict', async () => {
    await api.post(MAPS, configMap('x'));
    expect(await refusal(api.delete(`${MAPS}/x`, { preconditions: { uid: 'other' } }))).toMatchObject({ code: 409 });
    expect(await refusal(api.delete(`${MAPS}/x`, { preconditions: { resourceVersion: '1' } }))).toMatchObject({
      code: 409,
    });
  });

  test('R-DELETE-7 a collection is deleted by selector and answered as a list', async () => {
    for (const name of ['a', 'b']) await api.post(MAPS, configMap(name, { metadata: { labels: { name } } }));
    const deleted = await api.ask({ method: 'DELETE', path: MAPS, query: { labelSelector: 'name=a' } });
    expect(deleted).toMatchObject({ kind: 'ConfigMapList', items: [{ metadata: { name: 'a' } }] });
    expect((await api.get(MAPS))['items']).toMatchObject([{ metadata: { name: 'b' } }]);
  });
});

describe('binding', () => {
  test('R-BIND-1 R-BIND-2 binds once, and says so in the conditions', async () => {
    await api.post(PODS, pod('p'));
    await api.post(`${PODS}/p/binding`, BINDING);
    const bound = await api.get(`${PODS}/p`);
    expect(bound).toMatchObject({
      spec: { nodeName: 'n' },
      status: { conditions: [{ type: 'PodScheduled', status: 'True' }] },
    });
    expect(await refusal(api.post(`${PODS}/p/binding`, BINDING))).toMatchObject({
      code: 409,
      message: 'Operation cannot be fulfilled on pods/binding "p": pod p is already assigned to node "n"',
    });
  });

  test('R-BIND-4 the Pod takes over the zone of its node', async () => {
    const labels = { 'topology.kubernetes.io/zone': 'z1', 'kubernetes.io/hostname': 'n' };
    await api.post('/api/v1/nodes', { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n', labels } });
    await api.post(PODS, pod('p'));
    await api.post(`${PODS}/p/binding`, BINDING);
    expect((await api.get(`${PODS}/p`)).metadata.labels).toEqual({ 'topology.kubernetes.io/zone': 'z1' });
  });

  test('R-BIND-3 an evicted Pod is marked as disrupted and deleted', async () => {
    await api.post(PODS, pod('p'));
    await api.post(`${PODS}/p/binding`, BINDING);
    await api.post(`${PODS}/p/eviction`, { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: 'p' } });
    expect(await api.get(`${PODS}/p`)).toMatchObject({
      metadata: { deletionGracePeriodSeconds: 30 },
      status: { conditions: [{ type: 'PodScheduled' }, { type: 'DisruptionTarget', reason: 'EvictionByEvictionAPI' }] },
    });
  });
});
