/**
 * What a scheduler plugin is. The folder `plugins/` is a grid: one file a plugin, named and behaving as upstream's of that
 * name (kubernetes `pkg/scheduler/framework/plugins`).
 */
import type { Pod } from '../../client/kinds.ts';
import type { NodeState, Snapshot } from './snapshot.ts';

export interface Refusal {
  /** Each is counted on its own in the FailedScheduling text. */
  readonly reasons: readonly string[];
  /** No removal of other Pods could help (upstream: UnschedulableAndUnresolvable). */
  readonly unresolvable: boolean;
}

/** A plugin's view of one Pod in one snapshot. */
export interface Prepared {
  /** No node at all can do; the other plugins are not asked. */
  readonly refusal?: Refusal;
  /** Why a node cannot run the Pod; undefined when it can. Absent: any node can. */
  readonly filter?: (node: NodeState) => Refusal | undefined;
  /** Points before they are brought to 0…100. Absent: the plugin has no opinion on this Pod. */
  readonly score?: (node: NodeState) => number;
  /** Brings the points of all feasible nodes to 0…100; absent when they are. */
  readonly normalize?: (points: readonly number[]) => readonly number[];
}

export interface Plugin {
  readonly name: string;
  /** By which its scores are multiplied; absent for plugins that only filter. */
  readonly weight?: number;
  prepare(pod: Pod, snapshot: Snapshot, feasible: readonly NodeState[]): Prepared;
}

export function refuse(reason: string): Refusal {
  return { reasons: [reason], unresolvable: false };
}

export function refuseForGood(reason: string): Refusal {
  return { reasons: [reason], unresolvable: true };
}

/** Scales so that the most points become 100 (upstream: helper.DefaultNormalizeScore). */
export function toHundred(points: readonly number[]): readonly number[] {
  const most = Math.max(0, ...points);
  return most === 0 ? points : points.map((point) => Math.floor((100 * point) / most));
}

/** The same, then turned round: the fewest points are best. */
export function toHundredReversed(points: readonly number[]): readonly number[] {
  return toHundred(points).map((point) => 100 - point);
}
