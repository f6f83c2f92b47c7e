/**
 * What a ReplicaSet needs next, from what is there. Pure.
 *
 * R-CTRL-10 Pods that ended or are being deleted do not count as replicas (kube controller.FilterActivePods).
 * R-CTRL-11 Matching Pods without a controller are adopted, owned Pods that match no more are released (PodControllerRefManager).
 * R-CTRL-12 Too many: deleted in the order unassigned, Pending, not ready, cheaper by `controller.kubernetes.io/pod-deletion-cost`,
 *   more siblings on the node, ready for a shorter time, more restarts, newer (controller.ActivePodsWithRanks).
 * R-CTRL-13 A Pod is available when it has been Ready for `minReadySeconds` (podutil.IsPodAvailable).
 * R-CTRL-14 At most 500 Pods are made or deleted in one go (replicaset.BurstReplicas).
 */
import { controllerOf } from '../../../../kernel/kube/object.ts';
import { fromLabelSelector } from '../../../../kernel/kube/selector.ts';
import type { Condition, Pod, ReplicaSet, ReplicaSetStatus } from '../../../client/kinds.ts';
import { conditionOf, isPodReady, isPodTerminal } from '../../../client/kinds.ts';
import { millisecondsSince } from '../controller.ts';

export interface ReplicaSetObservation {
  readonly replicaSet: ReplicaSet;
  /** Pods that this ReplicaSet controls, and those of its namespace that nobody controls. */
  readonly pods: readonly Pod[];
  readonly now: number;
}

export interface ReplicaSetPlan {
  readonly adopt: readonly Pod[];
  readonly release: readonly Pod[];
  /** How many Pods to make. */
  readonly create: number;
  readonly remove: readonly Pod[];
  readonly status: ReplicaSetStatus;
  /** Milliseconds until a ready Pod becomes available. */
  readonly again: number | undefined;
}

const BURST = 500;

export function decideReplicaSet({ replicaSet, pods, now }: ReplicaSetObservation): ReplicaSetPlan {
  const { uid, deletionTimestamp } = replicaSet.metadata;
  const selector = fromLabelSelector(replicaSet.spec.selector);
  const isOurs = (pod: Pod): boolean => controllerOf(pod)?.uid === uid;
  const matches = (pod: Pod): boolean => selector.matches(pod.metadata.labels);
  const claimed = pods.filter((pod) => isOurs(pod) && matches(pod));
  const active = claimed.filter(isActive);
  const difference = deletionTimestamp === undefined ? (replicaSet.spec.replicas ?? 1) - active.length : 0;
  const deleting = deletionTimestamp !== undefined;
  return {
    adopt: deleting ? [] : pods.filter((pod) => controllerOf(pod) === undefined && matches(pod) && isActive(pod)),
    release: deleting
      ? []
      : pods.filter((pod) => isOurs(pod) && !matches(pod) && pod.metadata.deletionTimestamp === undefined),
    create: Math.min(Math.max(difference, 0), BURST),
    remove: difference < 0 ? victims(active, Math.min(-difference, BURST), now) : [],
    status: statusOf(replicaSet, claimed, now),
    again: untilAvailable(replicaSet, active, now),
  };
}

function isActive(pod: Pod): boolean {
  return !isPodTerminal(pod) && pod.metadata.deletionTimestamp === undefined;
}

function statusOf(replicaSet: ReplicaSet, claimed: readonly Pod[], now: number): ReplicaSetStatus {
  const active = claimed.filter(isActive);
  const wanted = Object.entries(replicaSet.spec.template.metadata?.labels ?? {});
  const labelled = active.filter((pod) => wanted.every(([key, value]) => pod.metadata.labels?.[key] === value));
  const ready = active.filter(isPodReady);
  const available = ready.filter((pod) => availableIn(replicaSet, pod, now) <= 0);
  const terminating = claimed.filter((pod) => pod.metadata.deletionTimestamp !== undefined && !isPodTerminal(pod));
  return {
    replicas: active.length,
    ...(labelled.length > 0 ? { fullyLabeledReplicas: labelled.length } : {}),
    ...(ready.length > 0 ? { readyReplicas: ready.length } : {}),
    ...(available.length > 0 ? { availableReplicas: available.length } : {}),
    terminatingReplicas: terminating.length,
    observedGeneration: replicaSet.metadata.generation,
    ...(replicaSet.status?.conditions?.length ? { conditions: replicaSet.status.conditions } : {}),
  };
}

/** Milliseconds until the Pod counts as available; 0 or less when it does. */
function availableIn(replicaSet: ReplicaSet, pod: Pod, now: number): number {
  const wait = (replicaSet.spec.minReadySeconds ?? 0) * 1000;
  return wait - millisecondsSince(readySince(pod), now);
}

function readySince(pod: Pod): string | undefined {
  const ready = conditionOf(pod.status?.conditions, 'Ready');
  return ready?.status === 'True' ? ready.lastTransitionTime : undefined;
}

function untilAvailable(replicaSet: ReplicaSet, active: readonly Pod[], now: number): number | undefined {
  const waits = active
    .filter(isPodReady)
    .map((pod) => availableIn(replicaSet, pod, now))
    .filter((wait) => wait > 0);
  return waits.length > 0 ? Math.min(...waits) : undefined;
}

const PHASE_RANK: Readonly<Record<string, number>> = { Pending: 0, Unknown: 1, Running: 2 };

function victims(active: readonly Pod[], count: number, now: number): readonly Pod[] {
  const perNode = new Map<string, number>();
  for (const pod of active) {
    const node = pod.spec.nodeName ?? '';
    perNode.set(node, (perNode.get(node) ?? 0) + 1);
  }
  const rank = (pod: Pod): readonly number[] => [
    pod.spec.nodeName ? 1 : 0,
    PHASE_RANK[pod.status?.phase ?? 'Pending'] ?? 1,
    isPodReady(pod) ? 1 : 0,
    Number(pod.metadata.annotations?.['controller.kubernetes.io/pod-deletion-cost'] ?? 0) || 0,
    -(perNode.get(pod.spec.nodeName ?? '') ?? 0),
    isPodReady(pod) ? ageRank(now - Date.parse(readySince(pod) ?? '')) : 0,
    -Math.max(0, ...(pod.status?.containerStatuses ?? []).map((status) => status.restartCount)),
    ageRank(now - Date.parse(pod.metadata.creationTimestamp ?? '')),
  ];
  return [...active].sort((a, b) => compare(rank(a), rank(b))).slice(0, count);
}

/** Upstream compares ages by powers of two, so that small differences do not always pick the same node. */
function ageRank(ms: number): number {
  return ms > 0 ? Math.floor(Math.log2(ms / 1000 + 1)) : 0;
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (const [i, value] of a.entries()) {
    const difference = value - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** The condition that says why Pods could not be made or deleted; undefined when all went well. */
export function failureCondition(reason: string, message: string, time: string): Condition {
  return { type: 'ReplicaFailure', status: 'True', reason, message, lastTransitionTime: time };
}
