/** The scheduler against the in-process API server; the texts are those of a real 1.36.3 for the same objects. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readPath } from '../../../kernel/kube/field-path.ts';
import type { KubeObject } from '../../../kernel/kube/object.ts';
import type { TestCluster } from '../cluster.for-tests.ts';
import { makeTestCluster } from '../cluster.for-tests.ts';

const TAIL = '. no new claims to deallocate, preemption: 0/3 nodes are available: ';
const NOT_HELPFUL = `${TAIL}3 Preemption is not helpful for scheduling.`;
const NO_VICTIMS = `${TAIL}1 Preemption is not helpful for scheduling, 2 No preemption victims found for incoming pod.`;

function pod(name: string, spec: object = {}, labels: Record<string, string> = {}): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default', labels },
    spec: { containers: [{ name: 'c', image: 'x:1' }], ...spec },
  };
}

function deployment(name: string, replicas: number, spec: object): KubeObject {
  const template = {
    metadata: { labels: { app: name } },
    spec: { containers: [{ name: 'c', image: 'x:1' }], ...spec },
  };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: 'default' },
    spec: { replicas, selector: { matchLabels: { app: name } }, template },
  };
}

const apart = (topologyKey: string, app: string): object => ({
  affinity: {
    podAntiAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: [{ labelSelector: { matchLabels: { app } }, topologyKey }],
    },
  },
});

let cluster: TestCluster;
beforeEach(async () => {
  cluster = await makeTestCluster();
});
afterEach(() => cluster?.dispose());

async function seesEvent(text: string): Promise<void> {
  await cluster
    .eventually(async () => (await cluster.events('default')).includes(`Warning FailedScheduling ${text}`))
    .catch(async () => {
      expect(await cluster.events('default')).toContain(`Warning FailedScheduling ${text}`);
    });
}

async function nodeOf(name: string): Promise<string> {
  return cluster.eventually(async () => {
    const found = await cluster.client.get({ apiVersion: 'v1', kind: 'Pod', namespace: 'default', name });
    const node = readPath(found, 'spec.nodeName');
    return typeof node === 'string' && node;
  });
}

describe('FailedScheduling says', () => {
  const requests = (amounts: object): object => ({
    containers: [{ name: 'c', image: 'x:1', resources: { requests: amounts, limits: amounts } }],
  });
  const missingLabel = {
    topologySpreadConstraints: [
      {
        maxSkew: 1,
        topologyKey: 'nozone',
        whenUnsatisfiable: 'DoNotSchedule',
        labelSelector: { matchLabels: { a: 'b' } },
      },
    ],
  };
  test.each<[string, object, string]>([
    [
      'too large',
      requests({ cpu: '500', memory: '900Gi' }),
      `1 node(s) had untolerated taint(s), 2 Insufficient cpu, 2 Insufficient memory${NOT_HELPFUL}`,
    ],
    [
      'unknown resource',
      requests({ 'nvidia.com/gpu': '1' }),
      `1 node(s) had untolerated taint(s), 2 Insufficient nvidia.com/gpu${NOT_HELPFUL}`,
    ],
    [
      'missing label',
      missingLabel,
      `1 node(s) had untolerated taint(s), 2 node(s) didn't match pod topology spread constraints (missing required label)${NOT_HELPFUL}`,
    ],
  ])('%s', async (_, spec, text) => {
    await cluster.client.create(pod('p', spec));
    await seesEvent(`0/3 nodes are available: ${text}`);
    const found = await cluster.client.get({ apiVersion: 'v1', kind: 'Pod', namespace: 'default', name: 'p' });
    expect(readPath(found, 'status.conditions')).toEqual([
      expect.objectContaining({
        type: 'PodScheduled',
        status: 'False',
        reason: 'Unschedulable',
        observedGeneration: 1,
      }),
    ]);
  });

  test('anti-affinity, of the Pod and of others', async () => {
    await cluster.client.create(deployment('anti', 3, apart('kubernetes.io/hostname', 'anti')));
    await seesEvent(
      `0/3 nodes are available: 1 node(s) had untolerated taint(s), 2 node(s) didn't match pod anti-affinity rules${NO_VICTIMS}`,
    );
    await cluster.client.create(pod('hated', {}, { app: 'anti' }));
    await seesEvent(
      `0/3 nodes are available: 1 node(s) had untolerated taint(s), 2 node(s) didn't satisfy existing pods anti-affinity rules${NO_VICTIMS}`,
    );
  });

  test('host ports', async () => {
    await cluster.client.create(
      deployment('port', 3, {
        containers: [{ name: 'c', image: 'x:1', ports: [{ containerPort: 80, hostPort: 12345 }] }],
      }),
    );
    await seesEvent(
      `0/3 nodes are available: 1 node(s) had untolerated taint(s), 2 node(s) didn't have free ports for the requested pod ports${NO_VICTIMS}`,
    );
  });

  test('a claim that is not there', async () => {
    await cluster.client.create(pod('p', { volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'nope' } }] }));
    await seesEvent('0/3 nodes are available: persistentvolumeclaim "nope" not found. not found');
  });
});

describe('a Pod', () => {
  test('with gates waits without an event, and goes when the last gate is gone', async () => {
    await cluster.client.create(pod('gated', { schedulingGates: [{ name: 'ex.io/g' }] }));
    await cluster.client.create(pod('free'));
    await nodeOf('free');
    expect((await cluster.events('default')).some((event) => event.includes('FailedScheduling'))).toBe(false);
    await cluster.client.patch(
      { apiVersion: 'v1', kind: 'Pod', namespace: 'default', name: 'gated' },
      { spec: { schedulingGates: null } },
    );
    await nodeOf('gated');
  });

  test('of another scheduler is left alone', async () => {
    await cluster.client.create(pod('other', { schedulerName: 'nobody' }));
    await cluster.client.create(pod('free'));
    await nodeOf('free');
    const other = await cluster.client.get({ apiVersion: 'v1', kind: 'Pod', namespace: 'default', name: 'other' });
    expect(readPath(other, 'status.conditions')).toBeUndefined();
  });

  test('goes to a node that is uncordoned', async () => {
    for (const name of ['worker1', 'worker2'])
      await cluster.client.patch({ apiVersion: 'v1', kind: 'Node', name }, { spec: { unschedulable: true } });
    await cluster.client.create(pod('p'));
    await cluster.eventually(async () =>
      (await cluster.events('default')).some((event) => event.includes('2 node(s) were unschedulable')),
    );
    await cluster.client.patch({ apiVersion: 'v1', kind: 'Node', name: 'worker1' }, { spec: { unschedulable: null } });
    expect(await nodeOf('p')).toBe('worker1');
  });

  test('many at once are spread and never overfill a node', async () => {
    await cluster.client.create(
      deployment('web', 6, { containers: [{ name: 'c', image: 'x:1', resources: { requests: { cpu: '1' } } }] }),
    );
    const nodes = await cluster.eventually(async () => {
      const { items } = await cluster.client.list({ apiVersion: 'v1', kind: 'Pod', namespace: 'default' });
      const placed = items.map((one) => readPath(one, 'spec.nodeName')).filter((node) => node !== undefined);
      return placed.length === 6 && placed;
    });
    expect(nodes.filter((node) => node === 'worker1')).toHaveLength(3);
  });
});
