/** Why a Pod is where it is, or nowhere: each node's filters and scores, for people to look at. Pure. */
import type { Pod } from '../../client/kinds.ts';
import { evaluate } from './evaluate.ts';
import { unschedulableMessage } from './message.ts';
import type { Snapshot } from './snapshot.ts';

export interface NodeExplanation {
  readonly name: string;
  /** The first filter that refused; absent when the node is feasible. */
  readonly refused?: { readonly plugin: string; readonly reason: string };
  readonly scores: readonly { readonly plugin: string; readonly score: number; readonly weight: number }[];
  readonly total?: number;
}

export interface SchedulingExplanation {
  readonly nodes: readonly NodeExplanation[];
  /** The scheduler's own words when no node will do. */
  readonly message?: string;
}

/** The Pod itself is taken out of the snapshot first, so that one already placed is explained as it was when it waited. */
export function explainScheduling(pod: Pod, snapshot: Snapshot): SchedulingExplanation {
  const others = snapshot.nodes.map((state) => ({
    ...state,
    pods: state.pods.filter((other) => other.metadata.uid !== pod.metadata.uid),
  }));
  const waiting: Pod = { ...pod, spec: { ...pod.spec, nodeName: undefined } };
  const evaluation = evaluate(waiting, { ...snapshot, nodes: others });
  const nodes = evaluation.nodes.map(({ state, refusal, scores, total }) =>
    refusal
      ? { name: state.name, refused: { plugin: refusal.plugin, reason: refusal.reasons.join(', ') }, scores: [] }
      : { name: state.name, scores, total },
  );
  if (evaluation.nodes.some((node) => node.refusal === undefined)) return { nodes };
  return { nodes, message: unschedulableMessage(evaluation, pod.spec.preemptionPolicy) };
}
