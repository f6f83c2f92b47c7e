import { describe, expect, test } from 'vitest';
import type { Pod, ReplicaSet } from '../../../client/kinds.ts';
import { decideReplicaSet } from './decide.ts';

const NOW = Date.parse('2026-01-01T01:00:00Z');

function replicaSet(replicas: number, minReadySeconds = 0): ReplicaSet {
  const template = { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'c' }] } };
  const spec = { replicas, minReadySeconds, selector: { matchLabels: { app: 'web' } }, template };
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: { name: 'web', namespace: 'default', uid: 'rs', generation: 3 },
    spec,
  };
}

interface Fields {
  readonly node?: string;
  readonly phase?: string;
  readonly readySince?: string;
  readonly cost?: string;
  readonly deleting?: boolean;
  readonly owner?: string | null;
  readonly app?: string;
}

function pod(
  name: string,
  { node, phase = 'Running', readySince, cost, deleting, owner = 'rs', app = 'web' }: Fields = {},
): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      labels: { app },
      creationTimestamp: '2026-01-01T00:00:00Z',
      deletionTimestamp: deleting ? '2026-01-01T00:59:00Z' : undefined,
      annotations: cost === undefined ? undefined : { 'controller.kubernetes.io/pod-deletion-cost': cost },
      ownerReferences:
        owner === null
          ? undefined
          : [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web', uid: owner, controller: true }],
    },
    spec: { containers: [{ name: 'c' }], nodeName: node },
    status: {
      phase,
      conditions: readySince === undefined ? [] : [{ type: 'Ready', status: 'True', lastTransitionTime: readySince }],
    },
  };
}

const decide = (set: ReplicaSet, pods: readonly Pod[]): ReturnType<typeof decideReplicaSet> =>
  decideReplicaSet({ replicaSet: set, pods, now: NOW });
const ready = (name: string, fields: Fields = {}): Pod =>
  pod(name, { node: 'a', readySince: '2026-01-01T00:30:00Z', ...fields });

describe('a ReplicaSet', () => {
  test('does not count Pods that ended or are being deleted', () => {
    const plan = decide(replicaSet(3), [ready('a'), ready('b', { phase: 'Failed' }), ready('c', { deleting: true })]);
    expect(plan.create).toBe(2);
    expect(plan.status).toEqual({
      replicas: 1,
      fullyLabeledReplicas: 1,
      readyReplicas: 1,
      availableReplicas: 1,
      terminatingReplicas: 1,
      observedGeneration: 3,
    });
  });

  test('adopts what matches and nobody controls, and releases what matches no more', () => {
    const plan = decide(replicaSet(2), [
      pod('orphan', { owner: null }),
      ready('renamed', { app: 'other' }),
      pod('foreign', { owner: 'x' }),
    ]);
    expect(plan.adopt.map((one) => one.metadata.name)).toEqual(['orphan']);
    expect(plan.release.map((one) => one.metadata.name)).toEqual(['renamed']);
  });

  test.each<[string, readonly Pod[]]>([
    ['unassigned', [ready('keep'), pod('go')]],
    ['Pending', [ready('keep'), pod('go', { node: 'b', phase: 'Pending' })]],
    ['not ready', [ready('keep'), pod('go', { node: 'b' })]],
    ['cheaper', [ready('keep'), ready('go', { node: 'b', cost: '-5' })]],
    ['ready for a shorter time', [ready('keep'), ready('go', { node: 'b', readySince: '2026-01-01T00:59:00Z' })]],
  ])('deletes the one that is %s', (_, pods) => {
    expect(decide(replicaSet(1), pods).remove.map((one) => one.metadata.name)).toEqual(['go']);
    expect(decide(replicaSet(1), [...pods].reverse()).remove.map((one) => one.metadata.name)).toEqual(['go']);
  });

  test('deletes where more siblings run', () => {
    const plan = decide(replicaSet(2), [ready('keep', { node: 'b' }), ready('one'), ready('two')]);
    expect(plan.remove.map((one) => one.metadata.name)).toEqual(['one']);
  });

  test('waits minReadySeconds before a Pod counts as available', () => {
    const plan = decide(replicaSet(1, 30), [ready('a', { readySince: '2026-01-01T00:59:50Z' })]);
    expect(plan.status.availableReplicas).toBeUndefined();
    expect(plan.again).toBe(20_000);
  });
});
