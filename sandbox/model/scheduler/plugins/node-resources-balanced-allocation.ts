/**
 * R-SCHED-18 The closer the shares of CPU and memory in use come to each other, the more points. A Pod without requests is
 * not scored (upstream: NodeResourcesBalancedAllocation, weight 1).
 */
import type { Plugin } from '../plugin.ts';
import { addAll, amountsOf, requestsOf } from '../resources.ts';

export const nodeResourcesBalancedAllocation: Plugin = {
  name: 'NodeResourcesBalancedAllocation',
  weight: 1,
  prepare(pod) {
    const asked = requestsOf(pod);
    if (!asked.get('cpu') && !asked.get('memory')) return {};
    return {
      score(state) {
        const allocatable = amountsOf(state.node.status?.allocatable);
        const used = addAll([asked, ...state.pods.map(requestsOf)]);
        const share = (name: string): number =>
          Math.min(1, (used.get(name) ?? 0) / (allocatable.get(name) || Number.POSITIVE_INFINITY));
        return Math.floor((1 - Math.abs(share('cpu') - share('memory')) / 2) * 100);
      },
    };
  },
};
