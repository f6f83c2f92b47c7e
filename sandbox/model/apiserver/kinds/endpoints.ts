/** Endpoints: the older list of the addresses behind a Service, kept for those who still read it. */
import type { KubeObject } from '../../../../kernel/kube/object.ts';
import type { Kind } from '../kind.ts';
import { endpointsCauses } from '../validation/endpoints.ts';
import { since } from './parts/duration.ts';
import { ALL_VERBS, columns } from './parts/grid.ts';
import { fill, items, text, whole } from './parts/reading.ts';

const SHOWN = 3;

export const endpoints: Kind = {
  group: '',
  version: 'v1',
  kind: 'Endpoints',
  resource: 'endpoints',
  singular: 'endpoints',
  shortNames: ['ep'],
  namespaced: true,
  verbs: ALL_VERBS,
  schema: 'io.k8s.api.core.v1.Endpoints',
  generation: false,
  status: false,
  createOnUpdate: true,
  deprecated: 'v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice',
  columns: columns('Name', 'Endpoints', 'Age'),
  row: (object, now) => [
    object.metadata.name ?? '',
    endpointsText(object),
    since(object.metadata.creationTimestamp, now),
  ],
  defaults(object) {
    if (object['subsets'] === undefined) return object;
    const subsets = items(object['subsets']).map((subset) =>
      subset['ports'] === undefined
        ? subset
        : { ...subset, ports: items(subset['ports']).map((port) => fill(port, { protocol: 'TCP' })) },
    );
    return { ...object, subsets };
  },
  validate: endpointsCauses,
};

/** Source: kubernetes `formatEndpoints`: three, then how many more; nothing when none of them is ready. */
function endpointsText(object: KubeObject): string {
  const subsets = items(object['subsets']);
  if (subsets.length === 0) return '<none>';
  const list = subsets.flatMap((subset) => {
    const addresses = items(subset['addresses']).map(({ ip }) => text(ip));
    const ports = items(subset['ports']);
    if (ports.length === 0) return addresses;
    return ports.flatMap(({ port }) => addresses.map((ip) => `${ip}:${whole(port)}`));
  });
  const more = list.length - SHOWN;
  return more > 0 ? `${list.slice(0, SHOWN).join(',')} + ${more} more...` : list.join(',');
}
