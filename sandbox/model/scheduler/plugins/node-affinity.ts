/**
 * R-SCHED-14 `nodeSelector` and the required node affinity must match; terms are OR-ed, expressions AND-ed, an empty term
 * matches nothing. Preferred terms add their weights (upstream: NodeAffinity, weight 2).
 */
import type { Node, Pod } from '../../../client/kinds.ts';
import { matchesNodeSelector, matchesNodeTerm } from '../../../client/node-selector.ts';
import type { Plugin } from '../plugin.ts';
import { refuseForGood, toHundred } from '../plugin.ts';

export const nodeAffinity: Plugin = {
  name: 'NodeAffinity',
  weight: 2,
  prepare(pod) {
    const preferred = pod.spec.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
    return {
      filter: ({ node }) =>
        matchesRequired(pod, node) ? undefined : refuseForGood("node(s) didn't match Pod's node affinity/selector"),
      ...(preferred.length === 0
        ? {}
        : {
            score: ({ node }) =>
              preferred.reduce(
                (sum, { weight, preference }) => sum + (matchesNodeTerm(preference, node) ? weight : 0),
                0,
              ),
            normalize: toHundred,
          }),
    };
  },
};

/** Whether a node meets a Pod's nodeSelector and required node affinity. */
export function matchesRequired(pod: Pod, node: Node): boolean {
  const labels = node.metadata.labels ?? {};
  const required = pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  return (
    Object.entries(pod.spec.nodeSelector ?? {}).every(([key, value]) => labels[key] === value) &&
    (required === undefined || matchesNodeSelector(required, node))
  );
}
