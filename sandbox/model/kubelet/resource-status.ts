/**
 * What a Pod as a whole asked for and may use, as its status shows it: the sum over containers and sidecars, or the largest init
 * step when that is more. Source: kubelet `convertToAPIPodLevelResourcesStatus`; seen on 1.36.3.
 */
import { formatBytes, formatMilli, milli, units } from '../../../kernel/kube/quantity.ts';
import type { ContainerSpec, Pod } from './pod.ts';
import { isSidecar } from './pod.ts';

type What = 'requests' | 'limits';
type Amounts = Readonly<Record<string, number>>;

/** `resources`, which is always there, and `allocatedResources` when something was requested. */
export function resourceStatus({ spec }: Pod): Record<string, unknown> {
  const requests = totalOf(spec, 'requests');
  const limits = totalOf(spec, 'limits');
  return {
    resources: { ...(limits ? { limits } : {}), ...(requests ? { requests } : {}) },
    ...(requests ? { allocatedResources: requests } : {}),
  };
}

function totalOf({ containers, initContainers = [] }: Pod['spec'], what: What): Record<string, string> | undefined {
  let sidecars: Amounts = {};
  let steps: Amounts = {};
  for (const container of initContainers) {
    const step = combine(sidecars, amounts(container, what), (a, b) => a + b);
    steps = combine(steps, step, Math.max);
    if (isSidecar(container)) sidecars = step;
  }
  const running = containers.reduce((sum, one) => combine(sum, amounts(one, what), (a, b) => a + b), sidecars);
  const total = Object.entries(combine(running, steps, Math.max)).sort(([a], [b]) => (a < b ? -1 : 1));
  return total.length === 0 ? undefined : Object.fromEntries(total.map(([name, amount]) => [name, show(name, amount)]));
}

function amounts({ resources }: ContainerSpec, what: What): Amounts {
  const given = Object.entries(resources?.[what] ?? {});
  return Object.fromEntries(given.map(([name, text]) => [name, name === 'cpu' ? milli(text) : units(text)]));
}

function combine(one: Amounts, other: Amounts, by: (a: number, b: number) => number): Amounts {
  const added = Object.entries(other).map(([name, amount]) => [name, by(one[name] ?? 0, amount)]);
  return { ...one, ...Object.fromEntries(added) };
}

function show(name: string, amount: number): string {
  return name === 'cpu' ? formatMilli(amount) : formatBytes(amount);
}
