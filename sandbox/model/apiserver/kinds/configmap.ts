/** ConfigMap: plain key-value settings. */
import type { Kind } from '../kind.ts';
import { configMapCauses, frozenCauses } from '../validation/settings.ts';
import { since } from './parts/duration.ts';
import { ALL_VERBS, columns } from './parts/grid.ts';
import { fields } from './parts/reading.ts';

export const configMap: Kind = {
  group: '',
  version: 'v1',
  kind: 'ConfigMap',
  resource: 'configmaps',
  singular: 'configmap',
  shortNames: ['cm'],
  namespaced: true,
  verbs: ALL_VERBS,
  schema: 'io.k8s.api.core.v1.ConfigMap',
  generation: false,
  status: false,
  columns: columns('Name', 'Data', 'Age'),
  row: (object, now) => [
    object.metadata.name ?? '',
    Object.keys(fields(object['data'])).length + Object.keys(fields(object['binaryData'])).length,
    since(object.metadata.creationTimestamp, now),
  ],
  validate: configMapCauses,
  validateUpdate: frozenCauses,
};
