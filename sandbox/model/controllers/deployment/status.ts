/**
 * A Deployment's status and conditions. Pure. Source: kube deployment/progress.go, sync.go.
 *
 * R-CTRL-30 Available: at least replicas - maxUnavailable Pods are available.
 * R-CTRL-31 Progressing: NewReplicaSetCreated, ReplicaSetUpdated, NewReplicaSetAvailable; False ProgressDeadlineExceeded when
 *   nothing moved for `progressDeadlineSeconds`; Unknown DeploymentPaused, DeploymentResumed.
 * R-CTRL-32 ReplicaFailure is taken over from the ReplicaSets, the new one first.
 */
import { rfc3339 } from '../../../../kernel/clock.ts';
import { jsonEqual } from '../../../../kernel/kube/object.ts';
import type { Condition, Deployment, DeploymentStatus, ReplicaSet } from '../../../client/kinds.ts';
import { conditionOf } from '../../../client/kinds.ts';
import type { Rollout } from './rollout.ts';
import { limitsOf } from './limits.ts';

const COMPLETE = 'NewReplicaSetAvailable';
const TIMED_OUT = 'ProgressDeadlineExceeded';
const PAUSED = 'DeploymentPaused';

/** Sets a condition as upstream does: nothing changes when status and reason are the same. */
export function withCondition(conditions: readonly Condition[] | undefined, next: Condition): readonly Condition[] {
  const before = conditionOf(conditions, next.type);
  if (before?.status === next.status && before?.reason === next.reason) return conditions ?? [];
  const since = before?.status === next.status ? before.lastTransitionTime : next.lastTransitionTime;
  return [...without(conditions, next.type), { ...next, lastTransitionTime: since }];
}

function without(conditions: readonly Condition[] | undefined, type: string): readonly Condition[] {
  return (conditions ?? []).filter((condition) => condition.type !== type);
}

export function deploymentCondition(
  type: string,
  { status, reason, message, now }: { status: string; reason: string; message: string; now: number },
): Condition {
  return { type, status, lastUpdateTime: rfc3339(now), lastTransitionTime: rfc3339(now), reason, message };
}

/** The condition to set first when the Deployment was just paused or resumed. */
export function pausedCondition(deployment: Deployment, now: number): Condition | undefined {
  if (deployment.spec.progressDeadlineSeconds === undefined) return undefined;
  const current = conditionOf(deployment.status?.conditions, 'Progressing');
  if (current?.reason === TIMED_OUT) return undefined;
  const was = current?.reason === PAUSED;
  const is = deployment.spec.paused === true;
  if (was === is) return undefined;
  const [reason, message] = is ? [PAUSED, 'Deployment is paused'] : ['DeploymentResumed', 'Deployment is resumed'];
  return deploymentCondition('Progressing', { status: 'Unknown', reason, message, now });
}

/** The counts, and the conditions that follow from them alone. */
export function scalingStatus({ deployment, all, fresh, now }: Rollout): DeploymentStatus {
  const sum = (field: 'replicas' | 'readyReplicas' | 'availableReplicas' | 'terminatingReplicas'): number =>
    all.reduce((total, set) => total + (set.status?.[field] ?? 0), 0);
  const { replicas, maxUnavailable } = limitsOf(deployment);
  const available = sum('availableReplicas');
  const wanted = all.reduce((total, set) => total + (set.spec.replicas ?? 0), 0);
  const counts = {
    replicas: sum('replicas'),
    updatedReplicas: fresh?.status?.replicas ?? 0,
    readyReplicas: sum('readyReplicas'),
    availableReplicas: available,
    unavailableReplicas: Math.max(0, wanted - available),
  };
  const enough = available >= replicas - maxUnavailable;
  const condition = deploymentCondition('Available', {
    status: enough ? 'True' : 'False',
    reason: enough ? 'MinimumReplicasAvailable' : 'MinimumReplicasUnavailable',
    message: enough ? 'Deployment has minimum availability.' : 'Deployment does not have minimum availability.',
    now,
  });
  const collisions = deployment.status?.collisionCount;
  return {
    observedGeneration: deployment.metadata.generation,
    ...Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== 0)),
    terminatingReplicas: sum('terminatingReplicas'),
    ...(collisions === undefined ? {} : { collisionCount: collisions }),
    conditions: withCondition(deployment.status?.conditions, condition),
  };
}

/** The counts and all conditions. */
export function rolloutStatus(rollout: Rollout): DeploymentStatus {
  const status = scalingStatus(rollout);
  const conditions = withFailure(withProgress(rollout, status), [rollout.fresh, ...rollout.old]);
  return { ...status, conditions };
}

/** Whether all that is wanted is there, new and available. */
export function isComplete(deployment: Deployment, status: DeploymentStatus): boolean {
  const wanted = deployment.spec.replicas ?? 1;
  return (
    (status.updatedReplicas ?? 0) === wanted &&
    (status.replicas ?? 0) === wanted &&
    (status.availableReplicas ?? 0) === wanted &&
    (status.observedGeneration ?? 0) >= (deployment.metadata.generation ?? 0)
  );
}

function withProgress({ deployment, fresh, now }: Rollout, status: DeploymentStatus): readonly Condition[] {
  const conditions = status.conditions ?? [];
  if (deployment.spec.progressDeadlineSeconds === undefined) return without(conditions, 'Progressing');
  const current = conditionOf(conditions, 'Progressing');
  const settled = (status.replicas ?? 0) === (status.updatedReplicas ?? 0) && current?.reason === COMPLETE;
  if (settled) return conditions;
  const subject = fresh ? `ReplicaSet "${fresh.metadata.name}"` : `Deployment "${deployment.metadata.name}"`;
  const progressing = (state: string, reason: string, message: string): Condition =>
    deploymentCondition('Progressing', { status: state, reason, message: `${subject} ${message}`, now });
  if (isComplete(deployment, status)) {
    return withCondition(conditions, progressing('True', COMPLETE, 'has successfully progressed.'));
  }
  if (moved(deployment.status, status)) {
    const next = progressing('True', 'ReplicaSetUpdated', 'is progressing.');
    const since = current?.status === 'True' ? current.lastTransitionTime : next.lastTransitionTime;
    return [...without(conditions, 'Progressing'), { ...next, lastTransitionTime: since }];
  }
  if (!current) {
    return fresh ? [...conditions, deploymentCondition('Progressing', createdText(fresh, now))] : conditions;
  }
  return timedOut(deployment, current, now)
    ? withCondition(conditions, progressing('False', TIMED_OUT, 'has timed out progressing.'))
    : conditions;
}

function createdText(fresh: ReplicaSet, now: number): { status: string; reason: string; message: string; now: number } {
  return {
    status: 'True',
    reason: 'NewReplicaSetCreated',
    message: `Created new replica set "${fresh.metadata.name}"`,
    now,
  };
}

function moved(before: DeploymentStatus | undefined, now: DeploymentStatus): boolean {
  const old = (status: DeploymentStatus | undefined): number =>
    (status?.replicas ?? 0) - (status?.updatedReplicas ?? 0);
  return (
    (now.updatedReplicas ?? 0) > (before?.updatedReplicas ?? 0) ||
    old(now) < old(before) ||
    (now.readyReplicas ?? 0) > (before?.readyReplicas ?? 0) ||
    (now.availableReplicas ?? 0) > (before?.availableReplicas ?? 0)
  );
}

function timedOut(deployment: Deployment, current: Condition, now: number): boolean {
  if (current.reason === TIMED_OUT) return true;
  return untilDeadline(deployment, current, now) < 0;
}

function untilDeadline(deployment: Deployment, current: Condition, now: number): number {
  if (current.reason === COMPLETE) return Number.POSITIVE_INFINITY;
  const deadline = (deployment.spec.progressDeadlineSeconds ?? 0) * 1000;
  return Date.parse(current.lastUpdateTime ?? '') + deadline - now;
}

/** Milliseconds until the rollout may be too slow, undefined when no deadline runs. */
export function nextDeadline(deployment: Deployment, now: number): number | undefined {
  const { progressDeadlineSeconds, paused } = deployment.spec;
  const current = conditionOf(deployment.status?.conditions, 'Progressing');
  if (progressDeadlineSeconds === undefined || paused || !current || current.reason === TIMED_OUT) return undefined;
  const left = untilDeadline(deployment, current, now);
  return Number.isFinite(left) ? Math.max(left, 0) + 1000 : undefined;
}

function withFailure(
  conditions: readonly Condition[],
  sets: readonly (ReplicaSet | undefined)[],
): readonly Condition[] {
  const failure = sets
    .map((set) => conditionOf(set?.status?.conditions, 'ReplicaFailure'))
    .find((found) => found !== undefined);
  if (!failure) return without(conditions, 'ReplicaFailure');
  const next = { lastUpdateTime: failure.lastTransitionTime, ...failure };
  return jsonEqual(conditionOf(conditions, 'ReplicaFailure'), next) ? conditions : withCondition(conditions, next);
}
