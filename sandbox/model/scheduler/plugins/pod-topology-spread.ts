/**
 * R-SCHED-23 DoNotSchedule: in no domain may there be more than maxSkew matching Pods above the emptiest eligible domain; a node
 * without the label is refused. Pods being deleted do not count.
 * R-SCHED-24 ScheduleAnyway: fewer matching Pods in the domain score higher; keys with many domains weigh more (log). Pods of a
 * Service or ReplicaSet without constraints of their own get hostname maxSkew 3 and zone maxSkew 5 softly
 * (upstream: PodTopologySpread, weight 2, defaultingType System).
 */
import type { Selector } from '../../../../kernel/kube/selector.ts';
import { fromExpression, fromLabelSelector, makeSelector } from '../../../../kernel/kube/selector.ts';
import type { Node, Pod, TopologySpreadConstraint } from '../../../client/kinds.ts';
import type { Plugin, Refusal } from '../plugin.ts';
import { refuse, refuseForGood } from '../plugin.ts';
import type { NodeState, Snapshot } from '../snapshot.ts';
import { matchesRequired } from './node-affinity.ts';
import { tolerates } from '../../../client/toleration.ts';

const TOO_UNEVEN = "node(s) didn't match pod topology spread constraints";
const HOSTNAME = 'kubernetes.io/hostname';
const DEFAULTS = [
  { maxSkew: 3, topologyKey: HOSTNAME },
  { maxSkew: 5, topologyKey: 'topology.kubernetes.io/zone' },
];

interface Constraint {
  readonly spec: Pick<
    TopologySpreadConstraint,
    'maxSkew' | 'topologyKey' | 'minDomains' | 'nodeAffinityPolicy' | 'nodeTaintsPolicy'
  >;
  readonly selector: Selector;
}

export const podTopologySpread: Plugin = {
  name: 'PodTopologySpread',
  weight: 2,
  prepare(pod, snapshot, feasible) {
    const constraints = pod.spec.topologySpreadConstraints ?? [];
    const hard = constraints.filter((one) => one.whenUnsatisfiable === 'DoNotSchedule').map((one) => parsed(pod, one));
    const own = constraints.filter((one) => one.whenUnsatisfiable === 'ScheduleAnyway').map((one) => parsed(pod, one));
    const soft = constraints.length > 0 ? own : defaults(pod, snapshot);
    return {
      ...(hard.length === 0 ? {} : { filter: hardFilter(pod, hard, snapshot) }),
      ...(soft.length === 0 ? {} : softScore(pod, { soft, strict: constraints.length > 0, snapshot, feasible })),
    };
  },
};

function parsed(pod: Pod, spec: TopologySpreadConstraint): Constraint {
  const base = fromLabelSelector(spec.labelSelector);
  const extra = (spec.matchLabelKeys ?? []).flatMap((key) => {
    const value = pod.metadata.labels?.[key];
    return value === undefined ? [] : [fromExpression({ key, operator: 'In', values: [value] })];
  });
  return { spec, selector: extra.length === 0 ? base : makeSelector([...base.requirements, ...extra]) };
}

function defaults(pod: Pod, snapshot: Snapshot): readonly Constraint[] {
  const selectors = snapshot.selectors(pod);
  if (selectors.length === 0) return [];
  const selector = makeSelector(selectors.flatMap((one) => fromLabelSelector(one).requirements));
  return DEFAULTS.map((spec) => ({ spec, selector }));
}

function labelOf(node: Node, key: string): string | undefined {
  return node.metadata.labels?.[key];
}

function countOn(state: NodeState, pod: Pod, selector: Selector): number {
  return state.pods.filter(
    (other) =>
      other.metadata.namespace === pod.metadata.namespace &&
      other.metadata.deletionTimestamp === undefined &&
      selector.matches(other.metadata.labels),
  ).length;
}

/** Whether the constraint counts the node's Pods: by default those of nodes that the Pod's affinity allows. */
function counts(pod: Pod, { spec }: Constraint, node: Node): boolean {
  if (spec.nodeAffinityPolicy !== 'Ignore' && !matchesRequired(pod, node)) return false;
  if (spec.nodeTaintsPolicy !== 'Honor') return true;
  return (node.spec.taints ?? []).every(
    (taint) => taint.effect === 'PreferNoSchedule' || tolerates(pod.spec.tolerations, taint),
  );
}

function hardFilter(
  pod: Pod,
  hard: readonly Constraint[],
  snapshot: Snapshot,
): (state: NodeState) => Refusal | undefined {
  const complete = snapshot.nodes.filter(({ node }) =>
    hard.every(({ spec }) => labelOf(node, spec.topologyKey) !== undefined),
  );
  const perConstraint = hard.map((constraint) => {
    const domains = new Map<string, number>();
    for (const state of complete.filter(({ node }) => counts(pod, constraint, node))) {
      const domain = labelOf(state.node, constraint.spec.topologyKey) ?? '';
      domains.set(domain, (domains.get(domain) ?? 0) + countOn(state, pod, constraint.selector));
    }
    const enough = domains.size >= (constraint.spec.minDomains ?? 1);
    return { ...constraint, domains, least: enough && domains.size > 0 ? Math.min(...domains.values()) : 0 };
  });
  return ({ node }) => {
    for (const { spec, selector, domains, least } of perConstraint) {
      const domain = labelOf(node, spec.topologyKey);
      if (domain === undefined) return refuseForGood(`${TOO_UNEVEN} (missing required label)`);
      const self = selector.matches(pod.metadata.labels) ? 1 : 0;
      if ((domains.get(domain) ?? 0) + self - least > spec.maxSkew) return refuse(TOO_UNEVEN);
    }
    return undefined;
  };
}

interface SoftOptions {
  readonly soft: readonly Constraint[];
  /** Whether nodes that lack one of the labels are left out. */
  readonly strict: boolean;
  readonly snapshot: Snapshot;
  readonly feasible: readonly NodeState[];
}

function softScore(
  pod: Pod,
  { soft, strict, snapshot, feasible }: SoftOptions,
): { score: (state: NodeState) => number; normalize: (points: readonly number[]) => readonly number[] } {
  const hasAll = ({ node }: NodeState): boolean =>
    soft.every(({ spec }) => labelOf(node, spec.topologyKey) !== undefined);
  const scored = strict ? feasible.filter(hasAll) : feasible;
  const tables = soft.map((constraint) => {
    const key = constraint.spec.topologyKey;
    const domains = new Map<string, number>(
      scored.flatMap(({ node }) => (labelOf(node, key) === undefined ? [] : [[labelOf(node, key) ?? '', 0]])),
    );
    for (const state of snapshot.nodes) {
      const domain = labelOf(state.node, key);
      if (
        domain === undefined ||
        !domains.has(domain) ||
        (strict && !hasAll(state)) ||
        !counts(pod, constraint, state.node)
      )
        continue;
      domains.set(domain, (domains.get(domain) ?? 0) + countOn(state, pod, constraint.selector));
    }
    const size = key === HOSTNAME ? scored.length : domains.size;
    return { ...constraint, domains, weight: Math.log(size + 2) };
  });
  const left = new Set(strict ? feasible.filter((state) => !hasAll(state)) : []);
  return {
    score(state) {
      if (left.has(state)) return Number.NaN;
      const sum = tables.reduce((total, { spec, domains, weight }) => {
        const domain = labelOf(state.node, spec.topologyKey);
        return domain === undefined ? total : total + (domains.get(domain) ?? 0) * weight + spec.maxSkew - 1;
      }, 0);
      return Math.round(sum);
    },
    normalize: fewestBest,
  };
}

/** The fewest Pods give 100; nodes that were left out (NaN) give 0. */
function fewestBest(points: readonly number[]): readonly number[] {
  const known = points.filter((point) => !Number.isNaN(point));
  const [most, least] = [Math.max(0, ...known), Math.min(...known)];
  return points.map((point) =>
    Number.isNaN(point) ? 0 : most === 0 ? 100 : Math.floor((100 * (most + least - point)) / most),
  );
}
