/** A Pod's quality-of-service class. Source: kubernetes `qos.ComputePodQOS`. */
import { compareQuantities } from '../../../../../kernel/kube/quantity.ts';
import type { Fields } from './reading.ts';
import { amount, fields, items } from './reading.ts';

export type QosClass = 'Guaranteed' | 'Burstable' | 'BestEffort';

const COUNTED = ['cpu', 'memory'];

/** Guaranteed when every container limits cpu and memory and requests just that; BestEffort when none asks for anything. */
export function qosClass(podSpec: Fields): QosClass {
  const containers = [...items(podSpec['containers']), ...items(podSpec['initContainers'])].map(({ resources }) =>
    fields(resources),
  );
  const asks = containers.some(({ limits, requests }) =>
    COUNTED.some((name) => isPositive(limits, name) || isPositive(requests, name)),
  );
  if (!asks) return 'BestEffort';
  return containers.every(isGuaranteed) ? 'Guaranteed' : 'Burstable';
}

function isPositive(list: unknown, name: string): boolean {
  const value = amount(fields(list)[name]);
  return value !== '' && compareQuantities(value, 0) > 0;
}

function isGuaranteed({ limits, requests }: Fields): boolean {
  return COUNTED.every((name) => {
    const request = amount(fields(requests)[name]) || '0';
    return isPositive(limits, name) && compareQuantities(amount(fields(limits)[name]), request) === 0;
  });
}
