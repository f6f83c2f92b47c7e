/** Runs all plugins for one Pod over one snapshot. Pure: the scheduler and the explanation both stand on it. */
import type { Pod } from '../../client/kinds.ts';
import type { Plugin, Refusal } from './plugin.ts';
import { plugins as defaultPlugins } from './plugins/index.ts';
import type { NodeState, Snapshot } from './snapshot.ts';

export interface PluginRefusal extends Refusal {
  readonly plugin: string;
}

export interface PluginScore {
  readonly plugin: string;
  /** 0…100, before the weight. */
  readonly score: number;
  readonly weight: number;
}

export interface NodeVerdict {
  readonly state: NodeState;
  /** The first filter that refused. */
  readonly refusal: PluginRefusal | undefined;
  readonly scores: readonly PluginScore[];
  /** Sum of score × weight. */
  readonly total: number;
}

export interface Evaluation {
  /** Set when a plugin refused before any node was looked at. */
  readonly refusal: PluginRefusal | undefined;
  readonly nodes: readonly NodeVerdict[];
}

export function evaluate(pod: Pod, snapshot: Snapshot, plugins: readonly Plugin[] = defaultPlugins): Evaluation {
  const filters: { name: string; filter: (state: NodeState) => Refusal | undefined }[] = [];
  for (const plugin of plugins) {
    const { refusal, filter } = plugin.prepare(pod, snapshot, []);
    if (refusal) {
      const nodes = snapshot.nodes.map((state) => ({
        state,
        refusal: { plugin: plugin.name, ...refusal },
        scores: [],
        total: 0,
      }));
      return { refusal: { plugin: plugin.name, ...refusal }, nodes };
    }
    if (filter) filters.push({ name: plugin.name, filter });
  }
  const refusals = snapshot.nodes.map((state) => firstRefusal(filters, state));
  const feasible = snapshot.nodes.filter((_, i) => refusals[i] === undefined);
  const scores = scoreAll(pod, { snapshot, feasible, plugins });
  const nodes = snapshot.nodes.map((state, i) => {
    const own = scores.get(state) ?? [];
    return {
      state,
      refusal: refusals[i],
      scores: own,
      total: own.reduce((sum, { score, weight }) => sum + score * weight, 0),
    };
  });
  return { refusal: undefined, nodes };
}

function firstRefusal(
  filters: readonly { name: string; filter: (state: NodeState) => Refusal | undefined }[],
  state: NodeState,
): PluginRefusal | undefined {
  for (const { name, filter } of filters) {
    const refusal = filter(state);
    if (refusal) return { plugin: name, ...refusal };
  }
  return undefined;
}

function scoreAll(
  pod: Pod,
  { snapshot, feasible, plugins }: { snapshot: Snapshot; feasible: readonly NodeState[]; plugins: readonly Plugin[] },
): Map<NodeState, PluginScore[]> {
  const scores = new Map<NodeState, PluginScore[]>(feasible.map((state) => [state, []]));
  if (feasible.length === 0) return scores;
  for (const plugin of plugins) {
    if (plugin.weight === undefined) continue;
    const { score, normalize } = plugin.prepare(pod, snapshot, feasible);
    if (!score) continue;
    const raw = feasible.map(score);
    const points = normalize ? normalize(raw) : raw;
    for (const [i, state] of feasible.entries()) {
      scores.get(state)?.push({ plugin: plugin.name, score: points[i] ?? 0, weight: plugin.weight });
    }
  }
  return scores;
}
