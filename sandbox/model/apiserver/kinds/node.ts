/** Node: a machine as the cluster sees it. */
import type { KubeObject } from '../../../../kernel/kube/object.ts';
import type { Kind } from '../kind.ts';
import { nodeCauses, nodeUpdateCauses } from '../validation/cluster.ts';
import { since } from './parts/duration.ts';
import { ALL_VERBS, columns } from './parts/grid.ts';
import { canonicalQuantities } from './parts/quantities.ts';
import type { Fields } from './parts/reading.ts';
import { fields, fill, items, spec, status, text, textMap } from './parts/reading.ts';

const ROLE_PREFIX = 'node-role.kubernetes.io/';
const ROLE_LABEL = 'kubernetes.io/role';

export const node: Kind = {
  group: '',
  version: 'v1',
  kind: 'Node',
  resource: 'nodes',
  singular: 'node',
  shortNames: ['no'],
  namespaced: false,
  verbs: ALL_VERBS,
  schema: 'io.k8s.api.core.v1.Node',
  generation: false,
  status: true,
  statusOnCreate: true,
  fieldLabels: { 'spec.unschedulable': 'spec.unschedulable' },
  columns: columns(
    'Name',
    'Status',
    'Roles',
    'Age',
    'Version',
    'Internal-IP*',
    'External-IP*',
    'OS-Image*',
    'Kernel-Version*',
    'Container-Runtime*',
  ),
  row(object, now) {
    const machine = fields(status(object)['nodeInfo']);
    return [
      object.metadata.name ?? '',
      statusText(object),
      rolesText(object),
      since(object.metadata.creationTimestamp, now),
      text(machine['kubeletVersion']),
      address(object, 'InternalIP'),
      address(object, 'ExternalIP'),
      text(machine['osImage']) || '<unknown>',
      kernelText(machine),
      text(machine['containerRuntimeVersion']) || '<unknown>',
    ];
  },
  defaults: (object) => ({ ...object, spec: spec(object), status: withStatusDefaults(status(object)) }),
  validate: nodeCauses,
  validateUpdate: nodeUpdateCauses,
};

const MACHINE_FACTS = [
  'machineID',
  'systemUUID',
  'bootID',
  'kernelVersion',
  'osImage',
  'containerRuntimeVersion',
  'kubeletVersion',
  'kubeProxyVersion',
  'operatingSystem',
  'architecture',
];

/** Go writes these structs even when they are empty. */
function withStatusDefaults(given: Fields): Fields {
  const result: Record<string, unknown> = {
    ...fill(given, { daemonEndpoints: { kubeletEndpoint: { Port: 0 } } }),
    nodeInfo: fill(fields(given['nodeInfo']), Object.fromEntries(MACHINE_FACTS.map((fact) => [fact, '']))),
  };
  for (const key of ['capacity', 'allocatable'])
    if (given[key] !== undefined) result[key] = canonicalQuantities(given[key]);
  return result;
}

/** Source: kubernetes `printNode`: only the Ready condition shows, and whether Pods may be put there. */
function statusText(object: KubeObject): string {
  const ready = items(status(object)['conditions']).find((condition) => condition['type'] === 'Ready');
  const words = [ready === undefined ? 'Unknown' : ready['status'] === 'True' ? 'Ready' : 'NotReady'];
  if (spec(object)['unschedulable'] === true) words.push('SchedulingDisabled');
  return words.join(',');
}

function rolesText(object: KubeObject): string {
  const roles = new Set<string>();
  for (const [key, value] of Object.entries(textMap(object.metadata.labels))) {
    if (key.startsWith(ROLE_PREFIX) && key.length > ROLE_PREFIX.length) roles.add(key.slice(ROLE_PREFIX.length));
    else if (key === ROLE_LABEL && value !== '') roles.add(value);
  }
  return roles.size === 0 ? '<none>' : [...roles].sort().join(',');
}

function address(object: KubeObject, type: string): string {
  const found = items(status(object)['addresses']).find((entry) => entry['type'] === type);
  return text(found?.['address']) || '<none>';
}

function kernelText(machine: Readonly<Record<string, unknown>>): string {
  const kernel = text(machine['kernelVersion']);
  const architecture = text(machine['architecture']);
  if (kernel === '') return '<unknown>';
  return architecture === '' ? kernel : `${kernel} (${architecture})`;
}
