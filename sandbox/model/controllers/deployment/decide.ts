/**
 * What a Deployment needs next, from what is there. Pure: one step at a time, the next follows when the world has moved.
 * Source: kube deployment_controller.syncDeployment.
 *
 * R-CTRL-24 A paused Deployment scales but does not roll out; a change of `replicas` in a rollout is spread in proportion.
 * R-CTRL-25 Recreate: old ReplicaSets go to 0 and their Pods end before the new one is made.
 * R-CTRL-26 When complete, old ReplicaSets of size 0 beyond `revisionHistoryLimit` are deleted, lowest revision first.
 */
import { jsonEqual } from '../../../../kernel/kube/object.ts';
import type { DeploymentStatus, Pod } from '../../../client/kinds.ts';
import type { DeploymentAction, DeploymentObservation, Rollout } from './rollout.ts';
import { isPodTerminal } from '../../../client/kinds.ts';
import { limitsOf } from './limits.ts';
import { annotationsFor, byCreation, findNew, newReplicaSet, newRevision, REVISION, revisionOf } from './revision.ts';
import { scaleTo, scalingStep, isScaling } from './scaling.ts';
import { growNew, shrinkOld } from './rolling.ts';
import { isComplete, pausedCondition, rolloutStatus, scalingStatus, withCondition } from './status.ts';

export function decideDeployment(observation: DeploymentObservation): readonly DeploymentAction[] {
  const { deployment, now } = observation;
  const all = [...observation.sets].sort(byCreation);
  const fresh = findNew(deployment, all);
  const rollout: Rollout = { deployment, now, all, fresh, old: all.filter((set) => set !== fresh) };
  if (deployment.metadata.deletionTimestamp !== undefined) return statusAction(rollout, scalingStatus(rollout));
  const paused = pausedCondition(deployment, now);
  if (paused)
    return [
      {
        kind: 'status',
        status: { ...deployment.status, conditions: withCondition(deployment.status?.conditions, paused) },
      },
    ];
  const revision = revisionStep(rollout);
  if (revision.length > 0) return revision;
  if (deployment.spec.paused === true || isScaling(rollout)) {
    const steps = scalingStep(rollout);
    if (steps.length > 0) return steps;
    if (deployment.spec.paused === true) return [...cleanUp(rollout), ...statusAction(rollout, scalingStatus(rollout))];
  }
  return rollOut(rollout, observation.pods);
}

function rollOut(rollout: Rollout, pods: readonly Pod[]): readonly DeploymentAction[] {
  const { deployment, old } = rollout;
  if (deployment.spec.strategy?.type === 'Recreate') {
    const shrink = old.flatMap((set) => scaleTo(rollout, set, 0));
    if (shrink.length > 0) return [...shrink, ...statusAction(rollout, rolloutStatus(rollout))];
    if (oldPodsRun(rollout, pods)) return statusAction(rollout, rolloutStatus(rollout));
  }
  if (!rollout.fresh) return [create(rollout)];
  const grow = growNew(rollout, rollout.fresh);
  const steps = grow.length > 0 ? grow : shrinkOld(rollout, rollout.fresh);
  return [...steps, ...(steps.length === 0 ? cleanUp(rollout) : []), ...statusAction(rollout, rolloutStatus(rollout))];
}

function create(rollout: Rollout): DeploymentAction {
  const { deployment, old } = rollout;
  const { replicas, maxSurge } = limitsOf(deployment);
  const there = old.reduce((sum, set) => sum + (set.spec.replicas ?? 0), 0);
  const rolling = deployment.spec.strategy?.type !== 'Recreate';
  const size = rolling ? Math.max(0, Math.min(replicas + maxSurge - there, replicas)) : replicas;
  return { kind: 'create', set: newReplicaSet(deployment, size, newRevision(old)) };
}

/** Brings the new ReplicaSet's annotations and the Deployment's revision up to date. */
function revisionStep(rollout: Rollout): readonly DeploymentAction[] {
  const { deployment, fresh, old } = rollout;
  if (!fresh) return [];
  const annotations = annotationsFor(deployment, fresh, newRevision(old));
  const { minReadySeconds } = deployment.spec;
  const seconds =
    (fresh.spec.minReadySeconds ?? 0) !== (minReadySeconds ?? 0) ? { minReadySeconds: minReadySeconds ?? 0 } : {};
  if (!jsonEqual(annotations, fresh.metadata.annotations ?? {}) || 'minReadySeconds' in seconds) {
    return [{ kind: 'annotate', set: fresh, annotations, ...seconds }];
  }
  const revision = String(revisionOf(fresh));
  if (deployment.metadata.annotations?.[REVISION] === revision) return [];
  return [{ kind: 'status', status: rolloutStatus(rollout), annotations: { [REVISION]: revision } }];
}

function oldPodsRun(rollout: Rollout, pods: readonly Pod[]): boolean {
  const fresh = rollout.fresh?.metadata.uid;
  return pods.some((pod) => !isPodTerminal(pod) && !pod.metadata.ownerReferences?.some((owner) => owner.uid === fresh));
}

function cleanUp(rollout: Rollout): readonly DeploymentAction[] {
  const { deployment, old } = rollout;
  const limit = deployment.spec.revisionHistoryLimit;
  if (limit === undefined || !isComplete(deployment, rolloutStatus(rollout))) return [];
  const alive = old.filter((set) => set.metadata.deletionTimestamp === undefined);
  const excess = Math.max(0, alive.length - limit);
  return [...alive]
    .sort((a, b) => revisionOf(a) - revisionOf(b))
    .slice(0, excess)
    .filter(
      (set) =>
        (set.spec.replicas ?? 0) === 0 &&
        (set.status?.replicas ?? 0) === 0 &&
        (set.status?.observedGeneration ?? 0) >= (set.metadata.generation ?? 0),
    )
    .map((set) => ({ kind: 'remove', set }));
}

function statusAction({ deployment }: Rollout, status: DeploymentStatus): readonly DeploymentAction[] {
  return jsonEqual(status, deployment.status ?? {}) ? [] : [{ kind: 'status', status }];
}
