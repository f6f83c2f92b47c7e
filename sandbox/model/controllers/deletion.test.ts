import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { KubeObject } from '../../../kernel/kube/object.ts';
import { readPath } from '../../../kernel/kube/field-path.ts';
import type { TestCluster } from '../cluster.for-tests.ts';
import { makeTestCluster } from '../cluster.for-tests.ts';
import { decideGarbage } from './garbage-collector/decide.ts';

let cluster: TestCluster;
beforeEach(async () => {
  cluster = await makeTestCluster();
});
afterEach(() => cluster?.dispose());

const web = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'default', name: 'web' };
const list = async (apiVersion: string, kind: string, namespace = 'default'): Promise<readonly KubeObject[]> =>
  (await cluster.client.list({ apiVersion, kind, namespace })).items;

async function startWeb(): Promise<void> {
  const template = {
    metadata: { labels: { app: 'web' } },
    spec: { containers: [{ name: 'c', image: 'registry.k8s.io/pause:3.10' }] },
  };
  await cluster.client.create({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'default' },
    spec: { replicas: 2, selector: { matchLabels: { app: 'web' } }, template },
  });
  await cluster.eventually(async () => readPath(await cluster.client.get(web), 'status.availableReplicas') === 2);
}

describe('the garbage collector', () => {
  test('in the background: the owner goes at once, then what it owned', async () => {
    await startWeb();
    await cluster.client.delete(web);
    expect(await cluster.client.get(web)).toBeUndefined();
    await cluster.eventually(
      async () => (await list('apps/v1', 'ReplicaSet')).length === 0 && (await list('v1', 'Pod')).length === 0,
    );
  });

  test('in the foreground: the owner goes last', async () => {
    await startWeb();
    await cluster.client.deleteWith(web, { propagationPolicy: 'Foreground' });
    await cluster.eventually(async () => (await cluster.client.get(web)) === undefined);
    expect(await list('apps/v1', 'ReplicaSet')).toEqual([]);
    expect(await list('v1', 'Pod')).toEqual([]);
  });

  test('orphans stay, and a new owner adopts them', async () => {
    await startWeb();
    const pods = (await list('v1', 'Pod')).map((pod) => pod.metadata.uid).sort();
    await cluster.client.deleteWith(web, { propagationPolicy: 'Orphan' });
    await cluster.eventually(async () => (await cluster.client.get(web)) === undefined);
    const [set] = await list('apps/v1', 'ReplicaSet');
    expect(set?.metadata.ownerReferences).toBeUndefined();
    await startWeb();
    expect((await list('v1', 'Pod')).map((pod) => pod.metadata.uid).sort()).toEqual(pods);
    expect((await list('apps/v1', 'ReplicaSet'))[0]?.metadata.ownerReferences?.[0]?.name).toBe('web');
  });

  test('an object whose owner never was is deleted', async () => {
    const owner = { apiVersion: 'v1', kind: 'ConfigMap', name: 'ghost', uid: '00000000-0000-4000-8000-000000000000' };
    await cluster.client.create({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'c', namespace: 'default', ownerReferences: [owner] },
    });
    await cluster.eventually(
      async () =>
        (await cluster.client.get({ apiVersion: 'v1', kind: 'ConfigMap', namespace: 'default', name: 'c' })) ===
        undefined,
    );
  });

  test('leaves what has an owner of an unknown kind', () => {
    const reference = { apiVersion: 'x/v1', kind: 'X', name: 'x', uid: 'u' };
    const object: KubeObject = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { ownerReferences: [reference] } };
    expect(decideGarbage({ object, owners: [{ reference, state: 'unknown' }], dependents: [] })).toEqual({
      kind: 'none',
    });
  });
});

describe('deleting a namespace', () => {
  const home = { apiVersion: 'v1', kind: 'Namespace', name: 'n' };
  beforeEach(async () => {
    await cluster.client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'n' } });
    await cluster.eventually(() =>
      cluster.client.get({ apiVersion: 'v1', kind: 'ServiceAccount', namespace: 'n', name: 'default' }),
    );
  });

  test('empties it and lets it go', async () => {
    await cluster.client.create({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p', namespace: 'n' },
      spec: { containers: [{ name: 'c', image: 'x:1' }] },
    });
    await cluster.client.delete(home);
    await cluster.eventually(async () => (await cluster.client.get(home)) === undefined);
  });

  test('tells which finalizer holds it', async () => {
    const held = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'n', name: 'held' };
    await cluster.client.create({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'held', namespace: 'n', finalizers: ['ex.io/f'] },
    });
    await cluster.client.delete(home);
    const conditions = await cluster.eventually(async () => {
      const found = readPath(await cluster.client.get(home), 'status.conditions');
      return JSON.stringify(found ?? '').includes('configmaps. has 1 resource instances') && found;
    });
    expect(conditions).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          type: 'NamespaceFinalizersRemaining',
          status: 'True',
          message: 'Some content in the namespace has finalizers remaining: ex.io/f in 1 resource instances',
        }),
      ]),
    );
    await cluster.client.patch(held, { metadata: { finalizers: null } });
    await cluster.eventually(async () => (await cluster.client.get(home)) === undefined);
  });
});

describe('volumes', () => {
  const claim = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace: 'default', name: 'data' };
  const standard = {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name: 'standard' },
    provisioner: 'rancher.io/local-path',
    volumeBindingMode: 'WaitForFirstConsumer',
    reclaimPolicy: 'Delete',
  };
  const makeClaim = (storageClassName: string): KubeObject => ({
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'data', namespace: 'default' },
    spec: { accessModes: ['ReadWriteOnce'], storageClassName, resources: { requests: { storage: '1Gi' } } },
  });
  const user = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'user', namespace: 'default' },
    spec: {
      containers: [{ name: 'c', image: 'x:1' }],
      volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'data' } }],
    },
  };
  const bound = (): Promise<KubeObject> =>
    cluster.eventually(async () => {
      const found = await cluster.client.get(claim);
      return readPath(found, 'status.phase') === 'Bound' && found;
    });

  test('one is made on the node of the first Pod, and goes with the claim', async () => {
    await cluster.client.create(standard);
    await cluster.client.create(makeClaim('standard'));
    await cluster.eventually(async () =>
      (await cluster.events('default')).includes(
        'Normal WaitForFirstConsumer waiting for first consumer to be created before binding',
      ),
    );
    await cluster.client.create(user);
    const { metadata } = await bound();
    const pod = await cluster.eventually(async () => {
      const found = await cluster.client.get({ apiVersion: 'v1', kind: 'Pod', namespace: 'default', name: 'user' });
      return readPath(found, 'spec.nodeName') !== undefined && found;
    });
    expect(metadata.annotations?.['volume.kubernetes.io/selected-node']).toBe(readPath(pod, 'spec.nodeName'));
    const volume = await cluster.client.get({
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      name: `pvc-${metadata.uid}`,
    });
    expect(readPath(volume, 'spec.claimRef.name')).toBe('data');

    await cluster.client.delete(claim);
    expect(await cluster.client.get(claim)).toMatchObject({
      metadata: { finalizers: ['kubernetes.io/pvc-protection'] },
    });
    await cluster.client.delete({ apiVersion: 'v1', kind: 'Pod', namespace: 'default', name: 'user' });
    await cluster.eventually(async () => (await list('v1', 'PersistentVolumeClaim')).length === 0);
    await cluster.eventually(
      async () => (await cluster.client.list({ apiVersion: 'v1', kind: 'PersistentVolume' })).items.length === 0,
    );
  });

  test('an immediate claim without a volume stops the Pod; a fitting volume frees both', async () => {
    await cluster.client.create(makeClaim(''));
    await cluster.client.create(user);
    await cluster.eventually(async () => {
      const events = await cluster.events('default');
      return (
        events.includes(
          'Normal FailedBinding no persistent volumes available for this claim and no storage class is set',
        ) &&
        events.includes(
          'Warning FailedScheduling 0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims. not found',
        )
      );
    });
    const spec = { capacity: { storage: '2Gi' }, accessModes: ['ReadWriteOnce'], hostPath: { path: '/x' } };
    await cluster.client.create({ apiVersion: 'v1', kind: 'PersistentVolume', metadata: { name: 'pv' }, spec });
    expect(readPath(await bound(), 'spec.volumeName')).toBe('pv');
    await cluster.eventually(
      async () =>
        readPath(
          await cluster.client.get({ apiVersion: 'v1', kind: 'PersistentVolume', name: 'pv' }),
          'status.phase',
        ) === 'Bound',
    );
    await cluster.eventually(
      async () =>
        readPath(
          await cluster.client.get({ apiVersion: 'v1', kind: 'Pod', namespace: 'default', name: 'user' }),
          'spec.nodeName',
        ) !== undefined,
    );
  });
});
