/**
 * The words of FailedScheduling. Pure. Source: kubernetes framework.FitError, defaultpreemption; seen on 1.36.3.
 *
 * R-SCHED-3 `0/N nodes are available: <count reason, sorted as text>. no new claims to deallocate, preemption: 0/N nodes are available: …`
 * R-SCHED-4 A refusal before any node was looked at: `0/N nodes are available: <reason>. not found`.
 * R-SCHED-5 Without nodes: `no nodes available to schedule pods`.
 */
import type { Evaluation } from './evaluate.ts';

const NOT_HELPFUL = 'Preemption is not helpful for scheduling';
const NO_VICTIMS = 'No preemption victims found for incoming pod';

export function unschedulableMessage({ refusal, nodes }: Evaluation, preemptionPolicy: string | undefined): string {
  if (nodes.length === 0 && !refusal) return 'no nodes available to schedule pods';
  const available = `0/${nodes.length} nodes are available`;
  if (refusal) return `${available}: ${refusal.reasons.join(', ')}. not found`;
  const reasons = counted(nodes.flatMap((node) => node.refusal?.reasons ?? []));
  return `${available}: ${reasons}. no new claims to deallocate, preemption: ${preemption(nodes, preemptionPolicy)}`;
}

function preemption(nodes: Evaluation['nodes'], policy: string | undefined): string {
  if (policy === 'Never') return 'not eligible due to preemptionPolicy=Never.';
  const outcomes = nodes.map((node) => (node.refusal?.unresolvable ? NOT_HELPFUL : NO_VICTIMS));
  return `0/${nodes.length} nodes are available: ${counted(outcomes)}.`;
}

function counted(reasons: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts]
    .map(([reason, count]) => `${count} ${reason}`)
    .sort()
    .join(', ');
}
