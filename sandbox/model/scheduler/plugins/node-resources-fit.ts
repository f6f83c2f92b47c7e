/**
 * R-SCHED-16 Requests of all Pods on a node stay within what is allocatable, one reason a resource; `Too many pods` beyond the
 * node's number of Pods. A Pod larger than the empty node cannot be helped by preemption.
 * R-SCHED-17 Score LeastAllocated over cpu and memory: the free share in percent, averaged (upstream: NodeResourcesFit, weight 1).
 */
import type { Refusal, Plugin } from '../plugin.ts';
import { addAll, amountsOf, requestsOf, scoredRequestsOf } from '../resources.ts';
import type { NodeState } from '../snapshot.ts';

export const nodeResourcesFit: Plugin = {
  name: 'NodeResourcesFit',
  weight: 1,
  prepare(pod) {
    const asked = requestsOf(pod);
    const scored = scoredRequestsOf(pod);
    return {
      filter: (state) => refusalOf(state, asked),
      score(state) {
        const allocatable = amountsOf(state.node.status?.allocatable);
        const used = addAll([scored, ...state.pods.map(scoredRequestsOf)]);
        const shares = ['cpu', 'memory']
          .filter((name) => (allocatable.get(name) ?? 0) > 0)
          .map((name) => leastAllocated(used.get(name) ?? 0, allocatable.get(name) ?? 0));
        return shares.length === 0 ? 0 : Math.floor(shares.reduce((sum, share) => sum + share, 0) / shares.length);
      },
    };
  },
};

function leastAllocated(used: number, allocatable: number): number {
  return used > allocatable ? 0 : Math.floor(((allocatable - used) * 100) / allocatable);
}

function refusalOf({ node, pods }: NodeState, asked: ReadonlyMap<string, number>): Refusal | undefined {
  const allocatable = amountsOf(node.status?.allocatable);
  const used = addAll(pods.map(requestsOf));
  const tooMany = pods.length + 1 > (allocatable.get('pods') ?? 0);
  const short = [...asked].filter(
    ([name, amount]) => amount > 0 && amount > (allocatable.get(name) ?? 0) - (used.get(name) ?? 0),
  );
  const reasons = [...(tooMany ? ['Too many pods'] : []), ...short.map(([name]) => `Insufficient ${name}`)];
  if (reasons.length === 0) return undefined;
  return { reasons, unresolvable: short.some(([name, amount]) => amount > (allocatable.get(name) ?? 0)) };
}
