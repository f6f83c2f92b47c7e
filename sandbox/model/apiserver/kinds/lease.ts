/** Lease: who leads, or that a node is alive. */
import type { Kind } from '../kind.ts';
import { leaseCauses } from '../validation/cluster.ts';
import { since } from './parts/duration.ts';
import { ALL_VERBS, columns } from './parts/grid.ts';
import { fill, spec, text } from './parts/reading.ts';

export const lease: Kind = {
  group: 'coordination.k8s.io',
  version: 'v1',
  kind: 'Lease',
  resource: 'leases',
  singular: 'lease',
  namespaced: true,
  verbs: ALL_VERBS,
  schema: 'io.k8s.api.coordination.v1.Lease',
  generation: false,
  status: false,
  createOnUpdate: true,
  columns: columns('Name', 'Holder', 'Age'),
  row: (object, now) => [
    object.metadata.name ?? '',
    text(spec(object)['holderIdentity']),
    since(object.metadata.creationTimestamp, now),
  ],
  defaults: (object) => fill(object, { spec: {} }),
  validate: leaseCauses,
};
