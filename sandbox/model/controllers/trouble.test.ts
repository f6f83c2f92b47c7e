/** What controllers do when something is missing, refused or gone. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { seededRandom } from '../../../kernel/random.ts';
import { readPath } from '../../../kernel/kube/field-path.ts';
import type { KubeObject } from '../../../kernel/kube/object.ts';
import { ApiClient } from '../../client/client.ts';
import type { PersistentVolumeClaim } from '../../client/kinds.ts';
import { TestServer } from '../apiserver/server-for-test.ts';
import type { TestCluster } from '../cluster.for-tests.ts';
import { makeTestCluster } from '../cluster.for-tests.ts';
import { Informers } from './informers.ts';
import { startPodGc } from './node/pod-gc.ts';
import { decideClaim } from './volume/decide-claim.ts';

const container = { name: 'c', image: 'registry.k8s.io/pause:3.10' };

describe('in the cluster', () => {
  let cluster: TestCluster;
  beforeEach(async () => void (cluster = await makeTestCluster()));
  afterEach(() => cluster?.dispose());
  const list = async (apiVersion: string, kind: string): Promise<readonly KubeObject[]> =>
    (await cluster.client.list({ apiVersion, kind, namespace: 'default' })).items;

  test('R-CTRL-15 R-CTRL-32 Pods that are refused are tried one at a time, and the Deployment says so until it is over', async () => {
    await cluster.client.create({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web', namespace: 'default' },
      spec: {
        replicas: 8,
        selector: { matchLabels: { app: 'web' } },
        template: {
          metadata: { labels: { app: 'web' } },
          spec: { serviceAccountName: 'late', containers: [container] },
        },
      },
    });
    const web = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'default', name: 'web' };
    const failure = async (): Promise<KubeObject | undefined> => {
      const conditions = readPath(await cluster.client.get(web), 'status.conditions');
      return (Array.isArray(conditions) ? conditions : []).find((one: KubeObject) => one['type'] === 'ReplicaFailure');
    };
    const told = await cluster.eventually(failure);
    expect(told).toMatchObject({ status: 'True', reason: 'FailedCreate' });
    expect(String(told['message'])).toMatch(/^pods "web-[4-9bcdf]+-" is forbidden: error looking up service account/);
    const refused = (await list('v1', 'Event')).filter((event) => event['reason'] === 'FailedCreate');
    expect(refused.reduce((sum, event) => sum + Number(event['count'] ?? 1), 0)).toBeLessThan(8);
    await cluster.client.create({
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 'late', namespace: 'default' },
    });
    await cluster.eventually(async () => (await list('v1', 'Pod')).length === 8 && (await failure()) === undefined);
  });

  test('R-CTRL-55 R-CTRL-57 a headless Service has a labelled slice and Endpoints of its name, which go with it', async () => {
    await cluster.client.create({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p', namespace: 'default', labels: { app: 'web' } },
      spec: { containers: [container] },
    });
    await cluster.client.create({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'web', namespace: 'default', labels: { mine: 'yes' } },
      spec: { clusterIP: 'None', selector: { app: 'web' }, ports: [{ port: 80 }] },
    });
    const ref = { apiVersion: 'v1', kind: 'Endpoints', namespace: 'default', name: 'web' };
    const endpoints = await cluster.eventually(async () => {
      const now = await cluster.client.get(ref);
      return JSON.stringify(now?.['subsets'] ?? '').includes('"addresses"') && now;
    });
    expect(endpoints.metadata.labels).toMatchObject({
      'endpoints.kubernetes.io/managed-by': 'endpoint-controller',
      mine: 'yes',
    });
    expect(endpoints['subsets']).toMatchObject([
      { addresses: [{ targetRef: { kind: 'Pod', name: 'p' } }], ports: [{ port: 80 }] },
    ]);
    const [slice] = await list('discovery.k8s.io/v1', 'EndpointSlice');
    expect(slice?.metadata.labels).toHaveProperty(['service.kubernetes.io/headless'], '');
    await cluster.client.delete({ apiVersion: 'v1', kind: 'Service', namespace: 'default', name: 'web' });
    await cluster.eventually(async () => (await cluster.client.get(ref)) === undefined);
  });

  test('R-CTRL-75 an owner in a namespace cannot own what has none: an event, and nothing is deleted', async () => {
    const owner = await cluster.client.create({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'owner', namespace: 'default' },
    });
    const { uid = '' } = owner.metadata;
    const owned = { apiVersion: 'v1', kind: 'PersistentVolume', name: 'owned' };
    await cluster.client.create({
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name: 'owned', ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid }] },
      spec: { capacity: { storage: '1Mi' }, accessModes: ['ReadWriteOnce'], hostPath: { path: '/tmp/owned' } },
    });
    const words = `Warning OwnerRefInvalidNamespace ownerRef [v1/ConfigMap, namespace: , name: owner, uid: ${uid}] does not exist in namespace ""`;
    await cluster.eventually(async () => (await cluster.events('default')).includes(words));
    expect((await cluster.client.get(owned))?.metadata.deletionTimestamp).toBeUndefined();
  });
});

test('R-CTRL-64 a bound claim whose volume is gone is lost', () => {
  const claim: PersistentVolumeClaim = {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: {
      name: 'c',
      namespace: 'default',
      uid: 'u',
      annotations: { 'pv.kubernetes.io/bind-completed': 'yes', 'pv.kubernetes.io/bound-by-controller': 'yes' },
    },
    spec: { volumeName: 'gone' },
    status: { phase: 'Bound' },
  };
  expect(decideClaim({ claim, volumes: [], classes: [] })).toEqual({
    kind: 'lost',
    event: {
      type: 'Warning',
      reason: 'ClaimLost',
      message: 'Bound claim has lost its PersistentVolume. Data on the volume is lost!',
    },
  });
});

test('R-CTRL-83 a Pod of a node that is gone is deleted after 40 s, one of a node that is there is not', async () => {
  const server = await TestServer.make();
  const { clock, transport } = server;
  const client = new ApiClient({ transport, clock });
  const informers = new Informers(client);
  await server.post('/api/v1/nodes', { apiVersion: 'v1', kind: 'Node', metadata: { name: 'there' } });
  for (const nodeName of ['there', 'gone'])
    await server.post('/api/v1/namespaces/default/pods', {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: `on-${nodeName}` },
      spec: { nodeName, containers: [container] },
    });
  const gc = startPodGc({ client, informers, clock, random: seededRandom('gc') });
  const names = async (): Promise<unknown> =>
    (await client.list({ apiVersion: 'v1', kind: 'Pod' })).items.map(({ metadata }) => metadata.name);
  await clock.advance(39_000);
  expect(await names()).toEqual(['on-gone', 'on-there']);
  await clock.advance(2_000);
  expect(await names()).toEqual(['on-there']);
  gc.dispose();
  informers.dispose();
});
