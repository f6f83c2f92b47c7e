/**
 * Changes of size outside a rollout's own steps. Pure. Source: kube deployment/sync.go scale.
 *
 * R-CTRL-29 While several ReplicaSets are active, a new size is shared out in proportion, rounding leftovers to the first;
 *   a ReplicaSet that is the only active one takes it all.
 */
import type { ReplicaSet } from '../../../client/kinds.ts';
import type { DeploymentAction, Rollout } from './rollout.ts';
import { limitsOf } from './limits.ts';
import { byCreation, DESIRED, sizeAnnotations } from './revision.ts';

const size = (set: ReplicaSet): number => set.spec.replicas ?? 0;

/** The action that gives a ReplicaSet a size, or none when it has it. */
export function scaleTo({ deployment }: Rollout, set: ReplicaSet, replicas: number): readonly DeploymentAction[] {
  if (size(set) === replicas) return [];
  return [{ kind: 'scale', set, replicas, annotations: sizeAnnotations(deployment) }];
}

/** Whether `replicas` was changed since an active ReplicaSet was last sized. */
export function isScaling({ deployment, all }: Rollout): boolean {
  const { replicas } = limitsOf(deployment);
  return all.some((set) => {
    const desired = set.metadata.annotations?.[DESIRED];
    return size(set) > 0 && desired !== undefined && Number(desired) !== replicas;
  });
}

export function scalingStep(rollout: Rollout): readonly DeploymentAction[] {
  const { deployment, all, fresh, old } = rollout;
  const { replicas } = limitsOf(deployment);
  const only = activeOrLatest(rollout);
  if (only) return sized(rollout, only, replicas);
  if (fresh && isSaturated(rollout, fresh)) return old.flatMap((set) => scaleTo(rollout, set, 0));
  if (deployment.spec.strategy?.type === 'Recreate') return [];
  const active = all.filter((set) => size(set) > 0);
  return proportional(rollout, active);
}

/** Like scaleTo, but renews the annotations even when the size is right, or the same scaling would be seen for ever. */
function sized(rollout: Rollout, set: ReplicaSet, replicas: number): readonly DeploymentAction[] {
  const annotations = sizeAnnotations(rollout.deployment);
  const renewed = Object.entries(annotations).every(([key, value]) => set.metadata.annotations?.[key] === value);
  return size(set) === replicas && renewed ? [] : [{ kind: 'scale', set, replicas, annotations }];
}

/** The one active ReplicaSet; with none active the new one, or else the latest; undefined with several. */
function activeOrLatest({ all, fresh }: Rollout): ReplicaSet | undefined {
  const active = all.filter((set) => size(set) > 0);
  if (active.length > 1) return undefined;
  return active[0] ?? fresh ?? all.at(-1);
}

function isSaturated({ deployment }: Rollout, set: ReplicaSet): boolean {
  const { replicas } = limitsOf(deployment);
  return (
    size(set) === replicas &&
    Number(set.metadata.annotations?.[DESIRED]) === replicas &&
    (set.status?.availableReplicas ?? 0) === replicas
  );
}

function proportional(rollout: Rollout, active: readonly ReplicaSet[]): readonly DeploymentAction[] {
  const { replicas, maxSurge } = limitsOf(rollout.deployment);
  const total = active.reduce((sum, set) => sum + size(set), 0);
  const toAdd = (replicas > 0 ? replicas + maxSurge : 0) - total;
  // The largest first; among equals the newer one grows first and the older one shrinks first.
  const sorted = [...active].sort((a, b) => size(b) - size(a) || (toAdd > 0 ? byCreation(b, a) : byCreation(a, b)));
  let added = 0;
  const shares = sorted.map((set) => {
    const share = toAdd === 0 ? 0 : limit(fraction(rollout, set), toAdd - added);
    added += share;
    return { set, share };
  });
  return shares.flatMap(({ set, share }, i) =>
    sized(rollout, set, Math.max(0, size(set) + share + (i === 0 ? toAdd - added : 0))),
  );
}

/** What of the change falls to a ReplicaSet that had `size` of the former maximum. */
function fraction({ deployment }: Rollout, set: ReplicaSet): number {
  const { replicas, maxSurge } = limitsOf(deployment);
  if (replicas === 0) return -size(set);
  const formerMax = Number(set.metadata.annotations?.['deployment.kubernetes.io/max-replicas'] ?? replicas + maxSurge);
  return Math.round((size(set) * (replicas + maxSurge)) / formerMax) - size(set);
}

function limit(share: number, rest: number): number {
  return rest > 0 ? Math.min(share, rest) : Math.max(share, rest);
}
