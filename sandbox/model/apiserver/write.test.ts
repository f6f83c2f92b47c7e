import { beforeEach, describe, expect, test } from 'vitest';
import { configMap, deployment, DEPLOYMENTS, IN_DEFAULT, refusal, TestServer } from './server-for-test.ts';

let api: TestServer;
beforeEach(async () => void (api = await TestServer.make()));
const MAPS = `${IN_DEFAULT}/configmaps`;

describe('create', () => {
  test('R-WRITE-1 sets what the server owns and drops the status', async () => {
    const made = await api.post(DEPLOYMENTS, { ...deployment('d'), status: { replicas: 7 } });
    expect(made.metadata).toMatchObject({
      name: 'd',
      namespace: 'default',
      generation: 1,
      creationTimestamp: '2026-01-01T00:00:00Z',
    });
    expect(made.metadata.uid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4/);
    expect(made['status']).not.toMatchObject({ replicas: 7 });
  });

  test('R-WRITE-2 makes a name of generateName', async () => {
    const made = await api.post(MAPS, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { generateName: 'a-' } });
    expect(made.metadata.name).toMatch(/^a-[bcdfghjklmnpqrstvwxz2456789]{5}$/);
  });

  test.each([
    ['exists', configMap('x'), 409, 'configmaps "x" already exists'],
    [
      'no name',
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: {} },
      422,
      'ConfigMap "" is invalid: metadata.name: Required value: name or generateName is required',
    ],
    [
      'a version',
      configMap('y', { metadata: { resourceVersion: '5' } }),
      500,
      'resourceVersion should not be set on objects to be created',
    ],
    [
      'another namespace',
      configMap('y', { metadata: { namespace: 'z' } }),
      400,
      'the namespace of the provided object does not match the namespace sent on the request',
    ],
    [
      'another kind',
      { ...configMap('y'), kind: 'Secret' },
      400,
      'Secret in version "v1" cannot be handled as a ConfigMap: converting (v1.Secret) to (core.ConfigMap): unknown conversion',
    ],
    [
      'another version',
      { ...configMap('y'), apiVersion: 'v2' },
      400,
      'ConfigMap in version "v2" cannot be handled as a ConfigMap: no kind "ConfigMap" is registered for version "v2" in scheme "pkg/runtime/scheme.go:111"',
    ],
    [
      'a wrong type',
      { ...configMap('y'), data: { a: 1 } },
      400,
      'ConfigMap in version "v1" cannot be handled as a ConfigMap: json: cannot unmarshal number into Go struct field ConfigMap.data of type string',
    ],
  ])("refuses %s in upstream's words", async (_, body, code, message) => {
    await api.post(MAPS, configMap('x'));
    expect(await refusal(api.post(MAPS, body))).toMatchObject({ code, message });
  });

  test('R-WRITE-7 dryRun answers as if, and stores nothing', async () => {
    const { revision } = api.store;
    expect((await api.post(MAPS, configMap('x'), { dryRun: 'All' })).metadata.uid).toBeDefined();
    expect(api.store.revision).toBe(revision);
    expect(await refusal(api.post(MAPS, configMap('x'), { dryRun: 'Foo' }))).toMatchObject({ code: 422 });
  });

  test('R-WRITE-8 fieldValidation Strict refuses unknown fields, Warn and Ignore drop them', async () => {
    const odd = { ...configMap('x'), foo: 1 };
    const message =
      'ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: unknown field "foo"';
    expect(await refusal(api.post(MAPS, odd, { fieldValidation: 'Strict' }))).toMatchObject({ code: 400, message });
    expect(await api.post(MAPS, odd, { fieldValidation: 'Ignore' })).not.toHaveProperty('foo');
  });
});

describe('update', () => {
  test('R-WRITE-3 the main resource keeps the status, /status keeps the rest', async () => {
    const made = await api.post(DEPLOYMENTS, deployment('d'));
    const status = { observedGeneration: 1, replicas: 2 };
    const told = await api.put(`${DEPLOYMENTS}/d/status`, {
      ...made,
      spec: { ...deployment('d'), replicas: 9 },
      status,
    });
    expect(told).toMatchObject({ spec: { replicas: 1 }, status });
    const scaled = await api.merge(`${DEPLOYMENTS}/d`, { spec: { replicas: 3 }, status: { replicas: 9 } });
    expect(scaled).toMatchObject({ spec: { replicas: 3 }, status });
  });

  test('R-WRITE-4 generation counts changes of the spec alone', async () => {
    await api.post(DEPLOYMENTS, deployment('d'));
    expect((await api.merge(`${DEPLOYMENTS}/d`, { metadata: { labels: { a: 'b' } } })).metadata.generation).toBe(1);
    expect((await api.merge(`${DEPLOYMENTS}/d/status`, { status: { replicas: 1 } })).metadata.generation).toBe(1);
    expect((await api.merge(`${DEPLOYMENTS}/d`, { spec: { replicas: 3 } })).metadata.generation).toBe(2);
  });

  test('R-WRITE-5 what changes nothing stores nothing', async () => {
    const made = await api.post(MAPS, configMap('x', { data: { a: '1' } }));
    expect((await api.merge(`${MAPS}/x`, { data: { a: '1' } })).metadata.resourceVersion).toBe(
      made.metadata.resourceVersion,
    );
    expect((await api.put(`${MAPS}/x`, configMap('x', { data: { a: '1' } }))).metadata.resourceVersion).toBe(
      made.metadata.resourceVersion,
    );
  });

  test('R-WRITE-6 the last finalizer of a deleted object takes it away', async () => {
    await api.post(MAPS, configMap('x', { metadata: { finalizers: ['ex.io/f'] } }));
    expect((await api.delete(`${MAPS}/x`)).metadata).toMatchObject({
      deletionGracePeriodSeconds: 0,
      finalizers: ['ex.io/f'],
    });
    expect(await refusal(api.merge(`${MAPS}/x`, { metadata: { finalizers: ['ex.io/f', 'ex.io/g'] } }))).toMatchObject({
      code: 422,
      message:
        'ConfigMap "x" is invalid: metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{"ex.io/g"}',
    });
    await api.merge(`${MAPS}/x`, { metadata: { finalizers: null } });
    expect(await refusal(api.get(`${MAPS}/x`))).toMatchObject({ code: 404, message: 'configmaps "x" not found' });
  });

  test('a stale resourceVersion is a conflict, in a PUT and within a patch', async () => {
    await api.post(MAPS, configMap('x'));
    const message =
      'Operation cannot be fulfilled on configmaps "x": the object has been modified; please apply your changes to the latest version and try again';
    const stale = { metadata: { name: 'x', resourceVersion: '1' } };
    expect(await refusal(api.put(`${MAPS}/x`, configMap('x', stale)))).toMatchObject({
      code: 409,
      reason: 'Conflict',
      message,
    });
    expect(await refusal(api.merge(`${MAPS}/x`, { ...stale, data: { a: '1' } }))).toMatchObject({ code: 409, message });
  });

  test('a missing object is 404, save for kinds that PUT creates', async () => {
    expect(await refusal(api.put(`${MAPS}/x`, configMap('x')))).toMatchObject({ code: 404 });
    const lease = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name: 'l' } };
    expect((await api.put('/apis/coordination.k8s.io/v1/namespaces/default/leases/l', lease)).metadata.name).toBe('l');
  });

  test('/scale reads and writes the replicas', async () => {
    await api.post(DEPLOYMENTS, deployment('d'));
    expect(await api.merge(`${DEPLOYMENTS}/d/scale`, { spec: { replicas: 4 } })).toMatchObject({
      kind: 'Scale',
      spec: { replicas: 4 },
      status: { replicas: 0, selector: 'app=d' },
    });
    expect((await api.get(`${DEPLOYMENTS}/d`))['spec']).toMatchObject({ replicas: 4 });
  });
});
