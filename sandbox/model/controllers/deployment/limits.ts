/**
 * How far a rollout may stray from the wanted number. Pure. Source: kube deployment/util ResolveFenceposts.
 *
 * R-CTRL-23 Percentages: maxSurge rounds up, maxUnavailable down; when both are 0, maxUnavailable is 1.
 */
import type { Deployment } from '../../../client/kinds.ts';

export interface Limits {
  readonly replicas: number;
  readonly maxSurge: number;
  readonly maxUnavailable: number;
}

export function limitsOf(deployment: Deployment): Limits {
  const replicas = deployment.spec.replicas ?? 1;
  const { strategy } = deployment.spec;
  if (strategy?.type === 'Recreate') return { replicas, maxSurge: 0, maxUnavailable: 0 };
  const maxSurge = resolve(strategy?.rollingUpdate?.maxSurge ?? '25%', replicas, Math.ceil);
  const wanted = resolve(strategy?.rollingUpdate?.maxUnavailable ?? '25%', replicas, Math.floor);
  const maxUnavailable = maxSurge === 0 && wanted === 0 ? 1 : wanted;
  return { replicas, maxSurge, maxUnavailable: replicas === 0 ? 0 : Math.min(maxUnavailable, replicas) };
}

function resolve(value: number | string, of: number, round: (n: number) => number): number {
  if (typeof value === 'number') return value;
  // Whole-number arithmetic first: 0.07 * 100 is more than 7 in floating point.
  return value.endsWith('%') ? round((Number.parseInt(value, 10) * of) / 100) : Number(value);
}
