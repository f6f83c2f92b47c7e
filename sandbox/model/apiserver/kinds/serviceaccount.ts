/** ServiceAccount: who a Pod is towards the API server. */
import type { Kind } from '../kind.ts';
import { since } from './parts/duration.ts';
import { ALL_VERBS, columns } from './parts/grid.ts';

export const serviceAccount: Kind = {
  group: '',
  version: 'v1',
  kind: 'ServiceAccount',
  resource: 'serviceaccounts',
  singular: 'serviceaccount',
  shortNames: ['sa'],
  namespaced: true,
  verbs: ALL_VERBS,
  schema: 'io.k8s.api.core.v1.ServiceAccount',
  generation: false,
  status: false,
  columns: columns('Name', 'Age'),
  row: (object, now) => [object.metadata.name ?? '', since(object.metadata.creationTimestamp, now)],
};
