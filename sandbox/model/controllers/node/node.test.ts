import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Node, Pod, Toleration } from '../../../client/kinds.ts';
import type { TestCluster } from '../../cluster.for-tests.ts';
import { makeTestCluster } from '../../cluster.for-tests.ts';
import { decideTaints } from './node-taints.ts';
import { evictionWait } from './taint-eviction.ts';

const TIME = '2026-01-01T00:00:00Z';
const NOW = Date.parse(TIME);

function node(ready: string | undefined, spec: Node['spec'] = {}): Node {
  const conditions = ready === undefined ? [] : [{ type: 'Ready', status: ready }];
  return { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n' }, spec, status: { conditions } };
}

const key = (name: string): string => `node.kubernetes.io/${name}`;

describe('taints by condition', () => {
  test.each([
    ['ready', node('True'), undefined],
    ['not ready', node('False'), [key('not-ready')]],
    ['silent', node('Unknown'), [key('unreachable')]],
    ['not heard of yet', node(undefined), [key('not-ready')]],
    ['cordoned', node('True', { unschedulable: true }), [key('unschedulable')]],
    [
      'uncordoned',
      node('True', {
        taints: [
          { key: key('unschedulable'), effect: 'NoSchedule' },
          { key: 'mine', effect: 'NoSchedule' },
        ],
      }),
      ['mine'],
    ],
  ])('%s', (_, one, expected) => expect(decideTaints(one, TIME)?.map((taint) => taint.key)).toEqual(expected));
});

describe('eviction by NoExecute', () => {
  const taint = { key: 'k', effect: 'NoExecute', timeAdded: TIME };
  test.each<[readonly Toleration[], number | undefined]>([
    [[], 0],
    [[{ key: 'k', operator: 'Exists' }], undefined],
    [[{ key: 'k', operator: 'Exists', tolerationSeconds: 30 }], 30_000],
    [
      [
        { key: 'k', operator: 'Exists', tolerationSeconds: 30 },
        { operator: 'Exists', tolerationSeconds: 10 },
      ],
      10_000,
    ],
  ])('%j → %s', (tolerations, expected) => {
    const pod: Pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, spec: { containers: [], tolerations } };
    expect(evictionWait(pod, [taint], NOW)).toBe(expected);
    expect(evictionWait(pod, [], NOW)).toBeUndefined();
  });
});

describe('in the cluster', () => {
  let cluster: TestCluster;
  beforeEach(async () => {
    cluster = await makeTestCluster({ workers: 1 });
  });
  afterEach(() => cluster?.dispose());

  test('a NoExecute taint drives Pods away', async () => {
    const ref = { apiVersion: 'v1', kind: 'Pod', namespace: 'default', name: 'p' };
    await cluster.client.create({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p', namespace: 'default' },
      spec: { containers: [{ name: 'c', image: 'x:1' }] },
    });
    await cluster.eventually(async () =>
      (await cluster.events('default')).some((event) => event.includes('Scheduled')),
    );
    await cluster.client.patch(
      { apiVersion: 'v1', kind: 'Node', name: 'worker1' },
      { spec: { taints: [{ key: 'k', effect: 'NoExecute' }] } },
    );
    await cluster.eventually(async () => (await cluster.client.get(ref)) === undefined);
    expect(await cluster.events('default')).toContain('Normal TaintManagerEviction Marking for deletion Pod default/p');
  });
});
