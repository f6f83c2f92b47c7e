/**
 * How much a Pod asks for. Pure. Source: kubernetes `component-helpers/resource` PodRequests.
 *
 * R-SCHED-1 A Pod asks for the sum of its containers and sidecars, or for its largest init step when that is more, plus overhead.
 * R-SCHED-2 In scoring, a container without a request counts as 100m CPU and 200Mi memory.
 */
import { milli, units } from '../../../kernel/kube/quantity.ts';
import type { Amounts, Container, Pod } from '../../client/kinds.ts';

/** CPU in thousandths, all else in whole units. */
export type Requests = ReadonlyMap<string, number>;

const SCORED = { cpu: '100m', memory: '200Mi' };

/** Requests for filtering. */
export function requestsOf(pod: Pod): Requests {
  return podRequests(pod, (container) => container.resources?.requests ?? {});
}

/** Requests for scoring, with a stand-in where none is stated. */
export function scoredRequestsOf(pod: Pod): Requests {
  return podRequests(pod, (container) => ({ ...SCORED, ...container.resources?.requests }));
}

export function amountsOf(amounts: Amounts | undefined): Requests {
  return new Map(
    Object.entries(amounts ?? {}).map(([name, value]) => [name, name === 'cpu' ? milli(value) : units(value)]),
  );
}

export function addAll(parts: readonly Requests[]): Requests {
  const sum = new Map<string, number>();
  for (const part of parts) for (const [name, amount] of part) sum.set(name, (sum.get(name) ?? 0) + amount);
  return sum;
}

function podRequests(pod: Pod, of: (container: Container) => Amounts): Requests {
  let sidecars: Requests = new Map();
  let initial: Requests = new Map();
  for (const container of pod.spec.initContainers ?? []) {
    const asked = amountsOf(of(container));
    if (container.restartPolicy === 'Always') {
      sidecars = addAll([sidecars, asked]);
      initial = larger(initial, sidecars);
    } else {
      initial = larger(initial, addAll([sidecars, asked]));
    }
  }
  const running = addAll([sidecars, ...pod.spec.containers.map((container) => amountsOf(of(container)))]);
  return addAll([larger(running, initial), amountsOf(pod.spec.overhead)]);
}

function larger(a: Requests, b: Requests): Requests {
  const most = new Map(a);
  for (const [name, amount] of b) most.set(name, Math.max(amount, most.get(name) ?? 0));
  return most;
}
