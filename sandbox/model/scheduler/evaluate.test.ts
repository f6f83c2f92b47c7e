import { describe, expect, test } from 'vitest';
import type { Node, Pod, PodSpec } from '../../client/kinds.ts';
import { evaluate } from './evaluate.ts';
import { explainScheduling } from './explain.ts';
import { tolerates } from '../../client/toleration.ts';
import { makeSnapshot } from './snapshot.ts';

function node(
  name: string,
  fields: Partial<Pick<Node['spec'], 'taints'>> & { labels?: Record<string, string>; cpu?: string } = {},
): Node {
  const { labels = {}, cpu = '4', taints } = fields;
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: { 'kubernetes.io/hostname': name, ...labels } },
    spec: { taints },
    status: { allocatable: { cpu, memory: '8Gi', pods: '110' } },
  };
}

let serial = 0;

function pod(spec: Partial<PodSpec> = {}, labels: Record<string, string> = {}): Pod {
  serial += 1;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: `p${serial}`, namespace: 'default', uid: `u${serial}`, labels },
    spec: { containers: [{ name: 'c', image: 'x:1' }], ...spec },
  };
}

const asking = (cpu: string, memory: string, nodeName?: string): Pod =>
  pod({ nodeName, containers: [{ name: 'c', image: 'x:1', resources: { requests: { cpu, memory } } }] });

const scoreOf = (plugin: string, at: string, [subject, snapshot]: Parameters<typeof evaluate>): number | undefined =>
  evaluate(subject, snapshot)
    .nodes.find(({ state }) => state.name === at)
    ?.scores.find((score) => score.plugin === plugin)?.score;

describe('scores', () => {
  test('LeastAllocated is the free share, averaged over cpu and memory', () => {
    const snapshot = makeSnapshot({ nodes: [node('a'), node('b')], pods: [asking('2', '4Gi', 'a')] });
    // (4-3)/4 = 25 %, (8-6)/8 = 25 %; on b (4-1)/4 = 75 %, (8-2)/8 = 75 %.
    expect(scoreOf('NodeResourcesFit', 'a', [asking('1', '2Gi'), snapshot])).toBe(25);
    expect(scoreOf('NodeResourcesFit', 'b', [asking('1', '2Gi'), snapshot])).toBe(75);
  });

  test('a Pod without requests counts as 100m and 200Mi, and is not scored for balance', () => {
    const snapshot = makeSnapshot({ nodes: [node('a', { cpu: '1' })], pods: [] });
    expect(scoreOf('NodeResourcesFit', 'a', [pod(), snapshot])).toBe(93);
    expect(scoreOf('NodeResourcesBalancedAllocation', 'a', [pod(), snapshot])).toBeUndefined();
  });

  test('each PreferNoSchedule taint that is not tolerated costs', () => {
    const snapshot = makeSnapshot({
      nodes: [node('a', { taints: [{ key: 'k', effect: 'PreferNoSchedule' }] }), node('b')],
      pods: [],
    });
    expect(scoreOf('TaintToleration', 'a', [pod(), snapshot])).toBe(0);
    expect(scoreOf('TaintToleration', 'b', [pod(), snapshot])).toBe(100);
  });

  test('preferred anti-affinity takes points where the others run', () => {
    const term = { labelSelector: { matchLabels: { app: 'web' } }, topologyKey: 'kubernetes.io/hostname' };
    const shy = pod({
      affinity: {
        podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, podAffinityTerm: term }] },
      },
    });
    const snapshot = makeSnapshot({ nodes: [node('a'), node('b')], pods: [pod({ nodeName: 'a' }, { app: 'web' })] });
    expect(scoreOf('InterPodAffinity', 'a', [shy, snapshot])).toBe(0);
    expect(scoreOf('InterPodAffinity', 'b', [shy, snapshot])).toBe(100);
  });
});

test('R-SCHED-14: preferred node affinity adds the weights of the terms that match', () => {
  const zone = (value: string, weight: number) => ({
    weight,
    preference: { matchExpressions: [{ key: 'zone', operator: 'In', values: [value] }] },
  });
  const picky = pod({
    affinity: { nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [zone('1', 80), zone('2', 20)] } },
  });
  const snapshot = makeSnapshot({
    nodes: [node('a', { labels: { zone: '1' } }), node('b', { labels: { zone: '2' } }), node('c')],
    pods: [],
  });
  expect(['a', 'b', 'c'].map((name) => scoreOf('NodeAffinity', name, [picky, snapshot]))).toEqual([100, 25, 0]);
});

test('R-SCHED-19: a node that has the image scores by its size and by how many nodes have it', () => {
  const withImage = (name: string, megabytes: number): Node => ({
    ...node(name),
    status: { ...node(name).status, images: [{ names: ['x:1'], sizeBytes: megabytes * 1024 * 1024 }] },
  });
  const snapshot = makeSnapshot({
    nodes: [withImage('a', 1046), withImage('b', 20), node('c'), node('d')],
    pods: [],
  });
  // On a: 1046 MB, halved as two of four nodes have it, is 523; (523 - 23) / (1000 - 23) is 51 %.
  expect(['a', 'b', 'c'].map((name) => scoreOf('ImageLocality', name, [pod(), snapshot]))).toEqual([51, 0, 0]);
});

test('R-SCHED-24: Pods of a Service are spread softly over nodes and zones although they do not ask', () => {
  const zones = ['1', '2'].flatMap((zone) =>
    ['a', 'b'].map((name) => node(name + zone, { labels: { 'topology.kubernetes.io/zone': zone } })),
  );
  const labels = { app: 'web' };
  const parts = { nodes: zones, pods: [pod({ nodeName: 'a1' }, labels), pod({ nodeName: 'a1' }, labels)] };
  const spread = makeSnapshot({ ...parts, selectors: () => [{ matchLabels: labels }] });
  const [a1 = 0, b1 = 0, a2 = 0] = ['a1', 'b1', 'a2'].map((name) =>
    scoreOf('PodTopologySpread', name, [pod({}, labels), spread]),
  );
  expect(a2).toBeGreaterThan(b1);
  expect(b1).toBeGreaterThan(a1);
});

describe('topology spread', () => {
  const zones = [
    node('a', { labels: { zone: '1' } }),
    node('b', { labels: { zone: '2' } }),
    node('c', { labels: { zone: '3' } }),
  ];
  const spread = (whenUnsatisfiable: string): Pod =>
    pod(
      {
        topologySpreadConstraints: [
          { maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable, labelSelector: { matchLabels: { app: 'web' } } },
        ],
      },
      { app: 'web' },
    );
  const pods = [pod({ nodeName: 'a' }, { app: 'web' }), pod({ nodeName: 'b' }, { app: 'web' })];

  test('DoNotSchedule leaves only the emptiest zone', () => {
    const { nodes } = evaluate(spread('DoNotSchedule'), makeSnapshot({ nodes: zones, pods }));
    expect(nodes.map(({ refusal }) => refusal?.reasons[0])).toEqual([
      "node(s) didn't match pod topology spread constraints",
      "node(s) didn't match pod topology spread constraints",
      undefined,
    ]);
  });

  test('ScheduleAnyway only prefers it', () => {
    const { nodes } = evaluate(spread('ScheduleAnyway'), makeSnapshot({ nodes: zones, pods }));
    expect(nodes.every(({ refusal }) => refusal === undefined)).toBe(true);
    expect(nodes.map(({ scores }) => scores.find(({ plugin }) => plugin === 'PodTopologySpread')?.score)).toEqual([
      0, 0, 100,
    ]);
  });
});

describe('tolerations', () => {
  const taint = { key: 'k', value: 'v', effect: 'NoSchedule' };
  test.each([
    [[{ operator: 'Exists' }], true],
    [[{ key: 'k', operator: 'Exists' }], true],
    [[{ key: 'k', value: 'v' }], true],
    [[{ key: 'k', value: 'w' }], false],
    [[{ key: 'k', operator: 'Exists', effect: 'NoExecute' }], false],
    [[], false],
  ])('%j → %s', (tolerations, expected) => expect(tolerates(tolerations, taint)).toBe(expected));
});

describe('the explanation', () => {
  const nodes = [
    node('cp', { taints: [{ key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' }] }),
    node('w'),
  ];

  test('names the filter that refused each node, and the scores of the others', () => {
    const explanation = explainScheduling(asking('1', '1Gi'), makeSnapshot({ nodes, pods: [] }));
    expect(explanation.nodes[0]).toEqual({
      name: 'cp',
      refused: { plugin: 'TaintToleration', reason: 'node(s) had untolerated taint(s)' },
      scores: [],
    });
    expect(explanation.nodes[1]?.total).toBeGreaterThan(0);
    expect(explanation.message).toBeUndefined();
  });

  test('has the words of the event when no node will do', () => {
    const { message } = explainScheduling(asking('9', '1Gi'), makeSnapshot({ nodes, pods: [] }));
    expect(message).toBe(
      '0/2 nodes are available: 1 Insufficient cpu, 1 node(s) had untolerated taint(s). no new claims to deallocate, preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling.',
    );
  });

  test('explains a placed Pod as if it still waited', () => {
    const placed = asking('3', '1Gi', 'w');
    const { nodes: explained } = explainScheduling(placed, makeSnapshot({ nodes, pods: [placed] }));
    expect(explained[1]?.refused).toBeUndefined();
  });
});
