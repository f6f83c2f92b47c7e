/** Pod: containers that live and die together on one node. */
import { rfc3339 } from '../../../../kernel/clock.ts';
import type { KubeObject } from '../../../../kernel/kube/object.ts';
import { invalid } from '../errors.ts';
import type { Kind, WriteContext } from '../kind.ts';
import { podUpdateCauses } from '../validation/pod-update.ts';
import { newPodCauses, podSpecCauses } from '../validation/pod-spec.ts';
import { since } from './parts/duration.ts';
import { ALL_VERBS, columns } from './parts/grid.ts';
import { conditionTrue, podText } from './parts/pod-text.ts';
import { withPodDefaults } from './parts/pod-defaults.ts';
import { nameWarnings, podWarnings } from './parts/pod-warnings.ts';
import { qosClass } from './parts/qos.ts';
import { items, spec, status, text } from './parts/reading.ts';

const IN_SPEC = ['nodeName', 'restartPolicy', 'schedulerName', 'serviceAccountName', 'hostNetwork'];
const IN_STATUS = ['phase', 'podIP', 'podIPs', 'nominatedNodeName'];

export const pod: Kind = {
  group: '',
  version: 'v1',
  kind: 'Pod',
  resource: 'pods',
  singular: 'pod',
  shortNames: ['po'],
  categories: ['all'],
  namespaced: true,
  verbs: ALL_VERBS,
  schema: 'io.k8s.api.core.v1.Pod',
  generation: true,
  status: true,
  fieldLabels: Object.fromEntries(
    [...IN_SPEC.map((f) => `spec.${f}`), ...IN_STATUS.map((f) => `status.${f}`)].map((path) => [path, path]),
  ),
  columns: columns('Name', 'Ready', 'Status', 'Restarts', 'Age', 'IP*', 'Node*', 'Nominated Node*', 'Readiness Gates*'),
  row(object, now) {
    const { ready, status: words, restarts } = podText(object, now);
    const { podIP, podIPs, nominatedNodeName } = status(object);
    return [
      object.metadata.name ?? '',
      ready,
      words,
      restarts,
      since(object.metadata.creationTimestamp, now),
      text(items(podIPs)[0]?.['ip']) || text(podIP) || '<none>',
      text(spec(object)['nodeName']) || '<none>',
      text(nominatedNodeName) || '<none>',
      gatesText(object),
    ];
  },
  rowConditions(object) {
    const { phase } = status(object);
    if (phase !== 'Succeeded' && phase !== 'Failed') return [];
    const message = phase === 'Succeeded' ? 'The pod has completed successfully.' : 'The pod failed.';
    return [{ type: 'Completed', status: 'True', reason: phase, message }];
  },
  defaults: withPodDefaults,
  validate: (object) => podSpecCauses('spec', spec(object)),
  validateUpdate: podUpdateCauses,
  onCreate: withFirstStatus,
  onUpdate: (next, previous) => ({ ...next, status: status(previous) }),
};

function withFirstStatus(object: KubeObject, { clock, warn }: WriteContext): KubeObject {
  for (const words of nameWarnings(object.metadata.name ?? '', "the Pod's hostname")) warn(words);
  for (const words of podWarnings('spec', spec(object))) warn(words);
  const misplaced = newPodCauses(spec(object));
  if (misplaced.length > 0)
    throw invalid(pod, object.metadata.name ?? '', [...podSpecCauses('spec', spec(object)), ...misplaced]);
  return {
    ...object,
    status: { ...gatedCondition(object, rfc3339(clock.now())), phase: 'Pending', qosClass: qosClass(spec(object)) },
  };
}

function gatesText(object: KubeObject): string {
  const gates = items(spec(object)['readinessGates']);
  const open = gates.filter(({ conditionType }) => conditionTrue(object, text(conditionType)));
  return gates.length === 0 ? '<none>' : `${open.length}/${gates.length}`;
}

/** A Pod with scheduling gates says from the start why nobody schedules it. Source: `applySchedulingGatedCondition`. */
function gatedCondition(object: KubeObject, now: string): Record<string, unknown> {
  if (items(spec(object)['schedulingGates']).length === 0) return {};
  const message = 'Scheduling is blocked due to non-empty scheduling gates';
  const condition = {
    type: 'PodScheduled',
    status: 'False',
    reason: 'SchedulingGated',
    message,
    lastProbeTime: null,
    lastTransitionTime: now,
  };
  return { conditions: [condition] };
}
