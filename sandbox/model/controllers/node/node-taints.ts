/**
 * Turns a node's conditions into taints. Source: kubernetes nodelifecycle doNoScheduleTaintingPass.
 *
 * R-CTRL-80 NoSchedule taints node.kubernetes.io/not-ready, unreachable, memory-pressure, disk-pressure, pid-pressure,
 *   network-unavailable, unschedulable follow the conditions and `spec.unschedulable`; other taints are left alone.
 */
import { rfc3339 } from '../../../../kernel/clock.ts';
import type { Disposable } from '../../../../kernel/disposable.ts';
import type { Node, Taint } from '../../../client/kinds.ts';
import { conditionOf } from '../../../client/kinds.ts';
import type { ControllerContext } from '../controller.ts';
import { ownKey, refOf, source, startLoop } from '../controller.ts';

const PREFIX = 'node.kubernetes.io/';
const BY_CONDITION: readonly (readonly [type: string, status: string, key: string])[] = [
  ['Ready', 'False', 'not-ready'],
  ['Ready', 'Unknown', 'unreachable'],
  ['MemoryPressure', 'True', 'memory-pressure'],
  ['DiskPressure', 'True', 'disk-pressure'],
  ['NetworkUnavailable', 'True', 'network-unavailable'],
  ['PIDPressure', 'True', 'pid-pressure'],
];
const MANAGED = new Set([...BY_CONDITION.map(([, , key]) => key), 'unschedulable'].map((key) => PREFIX + key));

export function startNodeTaints(context: ControllerContext): Disposable {
  const { client, informers, clock } = context;
  return startLoop({
    clock,
    sources: [source(informers.nodes(), ownKey)],
    reconcile: async (key) => {
      const node = informers.nodes().get(key);
      const taints = node && decideTaints(node, rfc3339(clock.now()));
      if (!node || !taints) return undefined;
      const { uid, resourceVersion } = node.metadata;
      // A list is replaced whole: conditional, or a taint that a person just added would be lost.
      const patch = { metadata: { uid, resourceVersion }, spec: { taints: taints.length > 0 ? taints : null } };
      await informers.nodes().shows(await client.patch(refOf(node), patch));
      return undefined;
    },
  });
}

/** The taints that the node should have; undefined when it has them. A node that has not reported yet counts as not ready. */
export function decideTaints(node: Node, time: string): readonly Taint[] | undefined {
  const conditions = node.status?.conditions;
  const wanted = new Set(
    BY_CONDITION.filter(([type, status]) => conditionOf(conditions, type)?.status === status).map(
      ([, , key]) => PREFIX + key,
    ),
  );
  if (!conditionOf(conditions, 'Ready')) wanted.add(`${PREFIX}not-ready`);
  if (node.spec.unschedulable === true) wanted.add(`${PREFIX}unschedulable`);
  const before = node.spec.taints ?? [];
  const isOurs = (taint: Taint): boolean => MANAGED.has(taint.key) && taint.effect === 'NoSchedule';
  const kept = before.filter((taint) => !isOurs(taint) || wanted.has(taint.key));
  const missing = [...wanted].filter((key) => !before.some((taint) => isOurs(taint) && taint.key === key));
  if (kept.length === before.length && missing.length === 0) return undefined;
  return [...kept, ...missing.map((key) => ({ key, effect: 'NoSchedule', timeAdded: time }))];
}
