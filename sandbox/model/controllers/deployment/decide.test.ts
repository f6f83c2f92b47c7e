import { describe, expect, test } from 'vitest';
import type { Deployment, DeploymentStatus, ReplicaSet } from '../../../client/kinds.ts';
import type { DeploymentAction } from './rollout.ts';
import { decideDeployment } from './decide.ts';
import { limitsOf } from './limits.ts';
import { templateHash } from './revision.ts';

const NOW = Date.parse('2026-01-01T00:10:00Z');
const template = (image: string): Deployment['spec']['template'] => ({
  metadata: { labels: { app: 'web' } },
  spec: { containers: [{ name: 'c', image }] },
});

function deployment(replicas: number, spec: Partial<Deployment['spec']> = {}, status?: DeploymentStatus): Deployment {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      name: 'web',
      namespace: 'default',
      uid: 'd',
      generation: 1,
      annotations: { 'deployment.kubernetes.io/revision': '2' },
    },
    spec: {
      replicas,
      selector: { matchLabels: { app: 'web' } },
      template: template('x:2'),
      progressDeadlineSeconds: 600,
      revisionHistoryLimit: 10,
      ...spec,
    },
    status,
  };
}

interface SetFields {
  readonly image: string;
  readonly revision: number;
  readonly size: number;
  readonly available?: number;
  readonly desired?: number;
  readonly max?: number;
}

function set({ image, revision, size, available = size, desired = 4, max = 5 }: SetFields): ReplicaSet {
  const prefix = 'deployment.kubernetes.io';
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `web-${revision}`,
      namespace: 'default',
      uid: `rs-${revision}`,
      creationTimestamp: `2026-01-01T00:0${revision}:00Z`,
      annotations: {
        [`${prefix}/revision`]: String(revision),
        [`${prefix}/desired-replicas`]: String(desired),
        [`${prefix}/max-replicas`]: String(max),
      },
    },
    spec: { replicas: size, selector: { matchLabels: { app: 'web' } }, template: template(image) },
    status: { replicas: size, readyReplicas: available, availableReplicas: available },
  };
}

/** Steps in short, status aside: `web-1→3`, `create 2`, `remove web-1`. */
function steps(actions: readonly DeploymentAction[]): readonly string[] {
  return actions.flatMap((action) => {
    if (action.kind === 'scale') return [`${action.set.metadata.name}→${action.replicas}`];
    if (action.kind === 'create') return [`create ${action.set.spec.replicas}`];
    return action.kind === 'status' ? [] : [`${action.kind} ${action.set.metadata.name}`];
  });
}

const old = (size: number, rest: Partial<SetFields> = {}): ReplicaSet =>
  set({ image: 'x:1', revision: 1, size, ...rest });
const fresh = (size: number, rest: Partial<SetFields> = {}): ReplicaSet =>
  set({ image: 'x:2', revision: 2, size, ...rest });
const decide = (one: Deployment, sets: readonly ReplicaSet[]): readonly DeploymentAction[] =>
  decideDeployment({ deployment: one, sets, pods: [], now: NOW });

describe('a rolling update of 4 (surge 1, unavailable 1)', () => {
  test.each<[string, readonly ReplicaSet[], readonly string[]]>([
    ['starts with the surge', [old(4)], ['create 1']],
    ['takes an old one as soon as all old ones are available', [old(4), fresh(1, { available: 0 })], ['web-1→3']],
    ['grows into the room made', [old(3), fresh(1, { available: 0 })], ['web-2→2']],
    ['waits while as few are available as may be', [old(3), fresh(2, { available: 0 })], []],
    ['goes on when a new one is available', [old(3), fresh(2, { available: 1 })], ['web-1→2']],
    ['takes unhealthy old ones first', [old(4, { available: 1 }), fresh(1, { available: 0 })], ['web-1→3']],
    ['ends with none of the old', [old(1), fresh(4)], ['web-1→0']],
  ])('%s', (_, sets, expected) => expect(steps(decide(deployment(4), sets))).toEqual(expected));
});

describe('scaling', () => {
  test('in the middle of a rollout is shared out in proportion', () => {
    expect(steps(decide(deployment(8), [old(4), fresh(1)]))).toEqual(['web-1→8', 'web-2→2']);
  });
  test('of the only active set gives it all', () => {
    expect(steps(decide(deployment(6), [old(0), fresh(4)]))).toEqual(['web-2→6']);
  });
  test('works while paused, but nothing rolls', () => {
    const paused = { conditions: [{ type: 'Progressing', status: 'Unknown', reason: 'DeploymentPaused' }] };
    expect(steps(decide(deployment(6, { paused: true }, paused), [old(4)]))).toEqual(['web-1→6']);
    expect(steps(decide(deployment(4, { paused: true }, paused), [old(4)]))).toEqual([]);
  });
});

describe('Recreate', () => {
  const recreate = { strategy: { type: 'Recreate' } };
  test('empties the old set, waits for its Pods, then makes the new one', () => {
    expect(steps(decide(deployment(4, recreate), [old(4)]))).toEqual(['web-1→0']);
    const pods = [
      {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: {
          ownerReferences: [
            { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web-1', uid: 'rs-1', controller: true },
          ],
        },
        spec: { containers: [] },
        status: { phase: 'Running' },
      },
    ];
    expect(steps(decideDeployment({ deployment: deployment(4, recreate), sets: [old(0)], pods, now: NOW }))).toEqual(
      [],
    );
    expect(steps(decide(deployment(4, recreate), [old(0)]))).toEqual(['create 4']);
  });
});

describe('revisions', () => {
  test('a rollback gives the old set a new number', () => {
    const [action] = decide(deployment(4, { template: template('x:1') }), [old(0), fresh(4)]);
    expect(action).toMatchObject({
      kind: 'annotate',
      annotations: { 'deployment.kubernetes.io/revision': '3', 'deployment.kubernetes.io/revision-history': '1' },
    });
  });
  test('the history is cut when the rollout is complete', () => {
    const sets = [old(0, { available: 0 }), fresh(4)];
    expect(steps(decide(deployment(4, { revisionHistoryLimit: 0 }), sets))).toEqual(['remove web-1']);
    expect(steps(decide(deployment(4, { revisionHistoryLimit: 1 }), sets))).toEqual([]);
  });
  test('hashes have upstream’s alphabet', () => expect(templateHash(template('x:1'))).toMatch(/^[4-9bcdf]{1,10}$/));
});

describe('conditions', () => {
  const since = (seconds: number): string => new Date(NOW - seconds * 1000).toISOString();
  const waiting = (seconds: number): DeploymentStatus => ({
    replicas: 4,
    updatedReplicas: 4,
    conditions: [
      {
        type: 'Progressing',
        status: 'True',
        reason: 'ReplicaSetUpdated',
        lastUpdateTime: since(seconds),
        lastTransitionTime: since(seconds),
      },
    ],
  });
  test.each([
    [599, 'ReplicaSetUpdated'],
    [601, 'ProgressDeadlineExceeded'],
  ])('after %i s without progress: %s', (seconds, reason) => {
    const [action] = decide(deployment(4, {}, waiting(seconds)), [fresh(4, { available: 0 })]);
    expect(
      action?.kind === 'status' && action.status.conditions?.find((one) => one.type === 'Progressing')?.reason,
    ).toBe(reason);
  });
});

describe('limits', () => {
  test.each([
    [4, '25%', '25%', { maxSurge: 1, maxUnavailable: 1 }],
    [3, '25%', '25%', { maxSurge: 1, maxUnavailable: 0 }],
    [10, '25%', '25%', { maxSurge: 3, maxUnavailable: 2 }],
    [1, 0, 0, { maxSurge: 0, maxUnavailable: 1 }],
    [3, 0, '25%', { maxSurge: 0, maxUnavailable: 1 }],
  ])('%i replicas, %s, %s', (replicas, maxSurge, maxUnavailable, expected) => {
    const strategy = { type: 'RollingUpdate', rollingUpdate: { maxSurge, maxUnavailable } };
    expect(limitsOf(deployment(replicas, { strategy }))).toEqual({ replicas, ...expected });
  });
});
