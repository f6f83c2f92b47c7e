/**
 * R-SCHED-25 Required Pod affinity: a Pod that matches all terms runs in the same domain of each term (the very first of a group
 * may match itself). Required anti-affinity, of the Pod and of those that run: no match in the same domain.
 * R-SCHED-26 Preferred terms, of the Pod and of those that run, add or take their weights; required affinity of running Pods counts 1
 * (upstream: InterPodAffinity, weight 2).
 */
import type { Selector } from '../../../../kernel/kube/selector.ts';
import { fromExpression, fromLabelSelector, makeSelector } from '../../../../kernel/kube/selector.ts';
import type { Node, Pod, PodAffinityTerm } from '../../../client/kinds.ts';
import type { Plugin, Refusal } from '../plugin.ts';
import { refuse, refuseForGood } from '../plugin.ts';
import type { NodeState, Snapshot } from '../snapshot.ts';

interface Term {
  readonly topologyKey: string;
  readonly selector: Selector;
  readonly namespaces: ReadonlySet<string>;
}

/** Points or matches by `key=value` of a topology. */
type Domains = Map<string, number>;

export const interPodAffinity: Plugin = {
  name: 'InterPodAffinity',
  weight: 2,
  prepare(pod, snapshot) {
    const points = preferences(pod, snapshot);
    return {
      filter: requiredFilter(pod, snapshot),
      ...(points.size === 0 ? {} : { score: ({ node }) => sumAt(points, node), normalize: stretch }),
    };
  },
};

function termsOf(pod: Pod, terms: readonly PodAffinityTerm[] | undefined, snapshot: Snapshot): readonly Term[] {
  return (terms ?? []).map((term) => {
    const { labelSelector, namespaceSelector, topologyKey, matchLabelKeys = [], mismatchLabelKeys = [] } = term;
    const keyed = (keys: readonly string[], operator: string) =>
      keys.flatMap((key) => {
        const value = pod.metadata.labels?.[key];
        return value === undefined ? [] : [fromExpression({ key, operator, values: [value] })];
      });
    const base = fromLabelSelector(labelSelector);
    const extra = [...keyed(matchLabelKeys, 'In'), ...keyed(mismatchLabelKeys, 'NotIn')];
    const selected = namespaceSelector
      ? snapshot.namespaces
          .filter((one) => fromLabelSelector(namespaceSelector).matches(one.metadata.labels))
          .map((one) => one.metadata.name ?? '')
      : [];
    const named = term.namespaces ?? [];
    const own = named.length === 0 && !namespaceSelector ? [pod.metadata.namespace ?? ''] : [];
    return {
      topologyKey,
      selector:
        extra.length === 0 || labelSelector === undefined ? base : makeSelector([...base.requirements, ...extra]),
      namespaces: new Set([...own, ...named, ...selected]),
    };
  });
}

const matches = (term: Term, pod: Pod): boolean =>
  term.namespaces.has(pod.metadata.namespace ?? '') && term.selector.matches(pod.metadata.labels);

function domainOf(node: Node, key: string): string | undefined {
  const value = node.metadata.labels?.[key];
  return value === undefined ? undefined : `${key}=${value}`;
}

function add(domains: Domains, domain: string | undefined, points: number): void {
  if (domain !== undefined && points !== 0) domains.set(domain, (domains.get(domain) ?? 0) + points);
}

function requiredFilter(pod: Pod, snapshot: Snapshot): (state: NodeState) => Refusal | undefined {
  const { podAffinity, podAntiAffinity } = pod.spec.affinity ?? {};
  const wanted = termsOf(pod, podAffinity?.requiredDuringSchedulingIgnoredDuringExecution, snapshot);
  const unwanted = termsOf(pod, podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution, snapshot);
  const near: Domains = new Map();
  const away: Domains = new Map();
  const claimed: Domains = new Map();
  for (const { node, pods } of snapshot.nodes) {
    for (const other of pods) {
      if (wanted.every((term) => matches(term, other)))
        for (const term of wanted) add(near, domainOf(node, term.topologyKey), 1);
      for (const term of unwanted) if (matches(term, other)) add(away, domainOf(node, term.topologyKey), 1);
      const theirs = other.spec.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
      for (const term of termsOf(other, theirs, snapshot))
        if (matches(term, pod)) add(claimed, domainOf(node, term.topologyKey), 1);
    }
  }
  const first = near.size === 0 && wanted.every((term) => matches(term, pod));
  return ({ node }) => {
    const has = (term: Term): boolean => near.has(domainOf(node, term.topologyKey) ?? '');
    const labelled = wanted.every((term) => domainOf(node, term.topologyKey) !== undefined);
    if (!labelled || !(wanted.every(has) || first)) return refuseForGood("node(s) didn't match pod affinity rules");
    if (unwanted.some((term) => away.has(domainOf(node, term.topologyKey) ?? '')))
      return refuse("node(s) didn't match pod anti-affinity rules");
    const labels = Object.entries(node.metadata.labels ?? {});
    const isClaimed = claimed.size > 0 && labels.some(([key, value]) => claimed.has(`${key}=${value}`));
    return isClaimed ? refuse("node(s) didn't satisfy existing pods anti-affinity rules") : undefined;
  };
}

function preferences(pod: Pod, snapshot: Snapshot): Domains {
  const points: Domains = new Map();
  const own = weighted(pod, snapshot);
  for (const { node, pods } of snapshot.nodes) {
    for (const other of pods) {
      for (const { term, weight } of own)
        if (matches(term, other)) add(points, domainOf(node, term.topologyKey), weight);
      for (const { term, weight } of weighted(other, snapshot))
        if (matches(term, pod)) add(points, domainOf(node, term.topologyKey), weight);
      const required = other.spec.affinity?.podAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
      for (const term of termsOf(other, required, snapshot))
        if (matches(term, pod)) add(points, domainOf(node, term.topologyKey), 1);
    }
  }
  return points;
}

function weighted(pod: Pod, snapshot: Snapshot): readonly { term: Term; weight: number }[] {
  const { podAffinity, podAntiAffinity } = pod.spec.affinity ?? {};
  const terms = (rules: typeof podAffinity, sign: number) =>
    (rules?.preferredDuringSchedulingIgnoredDuringExecution ?? []).flatMap(({ weight, podAffinityTerm }) =>
      termsOf(pod, [podAffinityTerm], snapshot).map((term) => ({ term, weight: weight * sign })),
    );
  return [...terms(podAffinity, 1), ...terms(podAntiAffinity, -1)];
}

function sumAt(points: Domains, node: Node): number {
  return Object.entries(node.metadata.labels ?? {}).reduce(
    (sum, [key, value]) => sum + (points.get(`${key}=${value}`) ?? 0),
    0,
  );
}

/** The least becomes 0 and the most 100. */
function stretch(points: readonly number[]): readonly number[] {
  const [least, most] = [Math.min(...points), Math.max(...points)];
  return points.map((point) => (most > least ? Math.floor((100 * (point - least)) / (most - least)) : 0));
}
