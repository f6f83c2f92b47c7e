/**
 * One step of a rolling update. Pure. Source: kube deployment/rolling.go.
 *
 * R-CTRL-27 The new ReplicaSet grows to min(replicas, replicas + maxSurge - all).
 * R-CTRL-28 The old ones shrink by all - (replicas - maxUnavailable) - (new ones not yet available): their unhealthy Pods first,
 *   oldest ReplicaSet first, then as many as the available ones allow.
 */
import type { ReplicaSet } from '../../../client/kinds.ts';
import type { DeploymentAction, Rollout } from './rollout.ts';
import { limitsOf } from './limits.ts';
import { scaleTo } from './scaling.ts';

const size = (set: ReplicaSet): number => set.spec.replicas ?? 0;
const available = (set: ReplicaSet): number => set.status?.availableReplicas ?? 0;
const sum = (sets: readonly ReplicaSet[], of: (set: ReplicaSet) => number): number =>
  sets.reduce((total, set) => total + of(set), 0);

export function growNew(rollout: Rollout, fresh: ReplicaSet): readonly DeploymentAction[] {
  const { replicas, maxSurge } = limitsOf(rollout.deployment);
  if (size(fresh) === replicas) return [];
  if (size(fresh) > replicas || rollout.deployment.spec.strategy?.type === 'Recreate')
    return scaleTo(rollout, fresh, replicas);
  const room = replicas + maxSurge - sum(rollout.all, size);
  if (room <= 0) return [];
  return scaleTo(rollout, fresh, size(fresh) + Math.min(room, replicas - size(fresh)));
}

export function shrinkOld(rollout: Rollout, fresh: ReplicaSet): readonly DeploymentAction[] {
  const { replicas, maxUnavailable } = limitsOf(rollout.deployment);
  if (sum(rollout.old, size) === 0) return [];
  const minAvailable = replicas - maxUnavailable;
  const newUnavailable = size(fresh) - available(fresh);
  const most = sum(rollout.all, size) - minAvailable - newUnavailable;
  if (most <= 0) return [];
  const sizes = new Map(rollout.old.map((set) => [set, size(set)]));
  take(sizes, most, (set, left) => left - available(set));
  const spare = sum(rollout.all, available) - minAvailable;
  take(sizes, spare, (_, left) => left);
  return [...sizes].flatMap(([set, left]) => scaleTo(rollout, set, left));
}

/** Takes up to `most` in all, from each set at most what `may` allows of what is left of it. */
function take(sizes: Map<ReplicaSet, number>, most: number, may: (set: ReplicaSet, left: number) => number): void {
  let rest = most;
  for (const [set, left] of sizes) {
    const count = Math.max(0, Math.min(rest, may(set, left), left));
    rest -= count;
    sizes.set(set, left - count);
  }
}
