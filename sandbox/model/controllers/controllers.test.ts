import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { KubeObject } from '../../../kernel/kube/object.ts';
import { readPath } from '../../../kernel/kube/field-path.ts';
import type { TestCluster } from '../cluster.for-tests.ts';
import { makeTestCluster } from '../cluster.for-tests.ts';

const PAUSE = 'registry.k8s.io/pause:3.10';

function deployment(name: string, replicas: number, image = PAUSE): KubeObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: 'default' },
    spec: {
      replicas,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: { containers: [{ name: 'c', image, ports: [{ name: 'http', containerPort: 80 }] }] },
      },
    },
  };
}

const web = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'default', name: 'web' };
const pods = { apiVersion: 'v1', kind: 'Pod', namespace: 'default' };
const sets = { apiVersion: 'apps/v1', kind: 'ReplicaSet', namespace: 'default' };

let cluster: TestCluster;
beforeEach(async () => {
  cluster = await makeTestCluster();
});
afterEach(() => cluster?.dispose());

async function complete(revision: string): Promise<KubeObject> {
  return cluster.eventually(async () => {
    const found = await cluster.client.get(web);
    const reason = readPath(found, 'status.conditions');
    const done = JSON.stringify(reason ?? '').includes('has successfully progressed');
    return (
      found?.metadata.annotations?.['deployment.kubernetes.io/revision'] === revision &&
      done &&
      readPath(found, 'status.availableReplicas') === readPath(found, 'spec.replicas') &&
      readPath(found, 'status.updatedReplicas') === readPath(found, 'spec.replicas') &&
      found
    );
  });
}

describe('a Deployment', () => {
  test('comes up, rolls, rolls back and goes with all it owns', async () => {
    const { client } = cluster;
    await client.create(deployment('web', 3));
    const up = await complete('1');
    expect(readPath(up, 'status.readyReplicas')).toBe(3);
    expect(await cluster.events('default')).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^Normal ScalingReplicaSet Scaled up replica set web-[4-9bcdf]+ from 0 to 3$/),
      ]),
    );

    await client.patch(web, { spec: { template: { metadata: { labels: { v: '2' } } } } });
    await complete('2');
    await cluster.eventually(async () => (await client.list(pods)).items.length === 3);
    const [first] = (await client.list(sets)).items.filter((set) => readPath(set, 'spec.replicas') === 0);
    expect(first?.metadata.annotations?.['deployment.kubernetes.io/revision']).toBe('1');

    await client.patch(web, { spec: { template: { metadata: { labels: { v: null } } } } });
    await complete('3');
    const again = (await client.list(sets)).items.find((set) => set.metadata.name === first?.metadata.name);
    expect(again?.metadata.annotations).toMatchObject({
      'deployment.kubernetes.io/revision': '3',
      'deployment.kubernetes.io/revision-history': '1',
    });
  });

  test('scales', async () => {
    await cluster.client.create(deployment('web', 1));
    await complete('1');
    await cluster.client.patch(web, { spec: { replicas: 4 } });
    const found = await cluster.eventually(async () => {
      const now = await cluster.client.get(web);
      return readPath(now, 'status.availableReplicas') === 4 && now;
    });
    expect(readPath(found, 'status.observedGeneration')).toBe(2);
    expect(
      (await cluster.events('default')).some((event) => /Scaled up replica set web-\S+ from 1 to 4/.test(event)),
    ).toBe(true);
  });
});

describe('a namespace', () => {
  test('gets its ServiceAccount and CA', async () => {
    await cluster.client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'n' } });
    await cluster.eventually(() =>
      cluster.client.get({ apiVersion: 'v1', kind: 'ServiceAccount', namespace: 'n', name: 'default' }),
    );
    await cluster.eventually(() =>
      cluster.client.get({ apiVersion: 'v1', kind: 'ConfigMap', namespace: 'n', name: 'kube-root-ca.crt' }),
    );
  });
});

describe('a Service', () => {
  test('has its ready Pods as endpoints', async () => {
    const { client } = cluster;
    await client.create(deployment('web', 2));
    await client.create({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'web', namespace: 'default' },
      spec: { selector: { app: 'web' }, ports: [{ port: 80, targetPort: 'http' }] },
    });
    const slice = await cluster.eventually(async () => {
      const { items } = await client.list({
        apiVersion: 'discovery.k8s.io/v1',
        kind: 'EndpointSlice',
        namespace: 'default',
      });
      return items.find((one) => JSON.stringify(one['endpoints']).match(/"ready":true/g)?.length === 2);
    });
    expect(slice['ports']).toEqual([{ name: '', port: 80, protocol: 'TCP' }]);
    expect(slice.metadata.labels).toMatchObject({ 'kubernetes.io/service-name': 'web' });
  });
});

describe('the scheduler', () => {
  test('says why no node will do, in the words of 1.36, and tries again when a node changes', async () => {
    const { client } = cluster;
    await client.create({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p', namespace: 'default' },
      spec: { nodeSelector: { disk: 'ssd' }, containers: [{ name: 'c', image: PAUSE }] },
    });
    await cluster.eventually(async () =>
      (await cluster.events('default')).find((event) => event.includes('FailedScheduling')),
    );
    expect(await cluster.events('default')).toContain(
      "Warning FailedScheduling 0/3 nodes are available: 1 node(s) had untolerated taint(s), 2 node(s) didn't match Pod's node affinity/selector. no new claims to deallocate, preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.",
    );
    await client.patch({ apiVersion: 'v1', kind: 'Node', name: 'worker2' }, { metadata: { labels: { disk: 'ssd' } } });
    const pod = await cluster.eventually(async () => {
      const now = await client.get({ ...pods, name: 'p' });
      return readPath(now, 'spec.nodeName') !== undefined && now;
    });
    expect(readPath(pod, 'spec.nodeName')).toBe('worker2');
  });
});
