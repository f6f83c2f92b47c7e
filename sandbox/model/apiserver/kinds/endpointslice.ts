/** EndpointSlice: the addresses behind a Service. */
import type { KubeObject } from '../../../../kernel/kube/object.ts';
import type { Kind } from '../kind.ts';
import { endpointSliceCauses } from '../validation/endpoints.ts';
import { unchanged } from '../validation/immutable.ts';
import { since } from './parts/duration.ts';
import { ALL_VERBS, columns } from './parts/grid.ts';
import { fill, items, text, texts } from './parts/reading.ts';

const SHOWN = 3;

export const endpointSlice: Kind = {
  group: 'discovery.k8s.io',
  version: 'v1',
  kind: 'EndpointSlice',
  resource: 'endpointslices',
  singular: 'endpointslice',
  namespaced: true,
  verbs: ALL_VERBS,
  schema: 'io.k8s.api.discovery.v1.EndpointSlice',
  generation: true,
  status: false,
  columns: columns('Name', 'AddressType', 'Ports', 'Endpoints', 'Age'),
  row: (object, now) => [
    object.metadata.name ?? '',
    text(object['addressType']),
    portsText(object),
    shorten(
      items(object['endpoints']).flatMap(({ addresses }) => texts(addresses)),
      '<unset>',
    ),
    since(object.metadata.creationTimestamp, now),
  ],
  defaults: (object) => ({
    ...object,
    endpoints: orNull(items(object['endpoints']).map((endpoint) => fill(endpoint, { conditions: {} }))),
    ports: orNull(items(object['ports']).map((port) => fill(port, { name: '', protocol: 'TCP' }))),
  }),
  validate: endpointSliceCauses,
  validateUpdate: (next, previous) => unchanged('addressType', next['addressType'], previous['addressType']),
};

/** Go writes these two lists even when they are empty, and what etcd's form brings back is nil then. */
function orNull<T>(list: readonly T[]): readonly T[] | null {
  return list.length === 0 ? null : list;
}

/** Source: kubernetes `formatDiscoveryPorts`: a port without a number goes by its name. */
function portsText(object: KubeObject): string {
  const ports = items(object['ports']).map(({ port, name }) =>
    typeof port === 'number' ? String(port) : typeof name === 'string' ? name : '*',
  );
  return shorten(ports, '<unset>');
}

function shorten(list: readonly string[], empty: string): string {
  if (list.length === 0) return empty;
  const more = list.length - SHOWN;
  return more > 0 ? `${list.slice(0, SHOWN).join(',')} + ${more} more...` : list.join(',');
}
