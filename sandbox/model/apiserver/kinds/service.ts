/** Service: a stable name and address before a set of Pods. */
import type { KubeObject } from '../../../../kernel/kube/object.ts';
import type { Kind, WriteContext } from '../kind.ts';
import { serviceCauses, serviceUpdateCauses } from '../validation/service.ts';
import { since } from './parts/duration.ts';
import { ALL_VERBS, columns } from './parts/grid.ts';
import { fields, items, spec, status, text, texts, whole } from './parts/reading.ts';
import { allocate } from './parts/service-addresses.ts';
import { carryOver, familiesOf, warnAbout, withServiceDefaults } from './parts/service-defaults.ts';
import { formatLabels } from './parts/selector-text.ts';

export const service: Kind = {
  group: '',
  version: 'v1',
  kind: 'Service',
  resource: 'services',
  singular: 'service',
  shortNames: ['svc'],
  categories: ['all'],
  namespaced: true,
  verbs: ALL_VERBS,
  schema: 'io.k8s.api.core.v1.Service',
  generation: false,
  status: true,
  nameRule: 'label',
  fieldLabels: { 'spec.clusterIP': 'spec.clusterIP', 'spec.type': 'spec.type' },
  columns: columns('Name', 'Type', 'Cluster-IP', 'External-IP', 'Port(s)', 'Age', 'Selector*'),
  row: (object, now) => [
    object.metadata.name ?? '',
    text(spec(object)['type']),
    text(spec(object)['clusterIP']) || '<none>',
    externalText(object),
    portsText(object),
    since(object.metadata.creationTimestamp, now),
    formatLabels(spec(object)['selector']),
  ],
  defaults: withServiceDefaults,
  onCreate: (object, context) => ({ ...allocated(object, context), status: { loadBalancer: {} } }),
  onUpdate: (next, previous, context) => allocated(carryOver(next, previous), context, previous),
  validate: serviceCauses,
  validateUpdate: serviceUpdateCauses,
};

function allocated(object: KubeObject, context: WriteContext, previous?: KubeObject): KubeObject {
  warnAbout(object, context);
  const withFamilies = { ...object, spec: { ...spec(object), ...familiesOf(object) } };
  return { ...withFamilies, spec: allocate(withFamilies, context, previous) };
}

/** Source: kubernetes `getServiceExternalIP`. */
function externalText(object: KubeObject): string {
  const { type, externalIPs, externalName } = spec(object);
  const own = texts(externalIPs);
  if (type === 'ExternalName') return text(externalName);
  if (type !== 'LoadBalancer') return own.length > 0 ? own.join(',') : '<none>';
  const balancers = items(fields(status(object)['loadBalancer'])['ingress']).map(
    ({ ip, hostname }) => text(ip) || text(hostname),
  );
  const all = [...balancers.filter((entry) => entry !== ''), ...own];
  return all.length > 0 ? all.join(',') : '<pending>';
}

function portsText(object: KubeObject): string {
  const ports = items(spec(object)['ports']).map(({ port, nodePort, protocol }) =>
    whole(nodePort) > 0 ? `${whole(port)}:${whole(nodePort)}/${text(protocol)}` : `${whole(port)}/${text(protocol)}`,
  );
  return ports.length > 0 ? ports.join(',') : '<none>';
}
