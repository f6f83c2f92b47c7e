/**
 * R-SCHED-13 A node with a NoSchedule or NoExecute taint that the Pod does not tolerate is refused; each PreferNoSchedule
 * taint that it does not tolerate costs points (upstream: TaintToleration, weight 3).
 */
import { tolerates } from '../../../client/toleration.ts';
import type { Plugin } from '../plugin.ts';
import { refuseForGood, toHundredReversed } from '../plugin.ts';

export const taintToleration: Plugin = {
  name: 'TaintToleration',
  weight: 3,
  prepare(pod) {
    const { tolerations } = pod.spec;
    const soft = tolerations?.filter(({ effect }) => !effect || effect === 'PreferNoSchedule');
    return {
      filter: ({ node }) =>
        node.spec.taints?.some((taint) => taint.effect !== 'PreferNoSchedule' && !tolerates(tolerations, taint))
          ? refuseForGood('node(s) had untolerated taint(s)')
          : undefined,
      score: ({ node }) =>
        (node.spec.taints ?? []).filter((taint) => taint.effect === 'PreferNoSchedule' && !tolerates(soft, taint))
          .length,
      normalize: toHundredReversed,
    };
  },
};
