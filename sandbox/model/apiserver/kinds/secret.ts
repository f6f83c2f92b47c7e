/** Secret: key-value settings that are kept from casual eyes. */
import type { KubeObject } from '../../../../kernel/kube/object.ts';
import type { Kind } from '../kind.ts';
import { secretCauses, secretUpdateCauses } from '../validation/settings.ts';
import { since } from './parts/duration.ts';
import { ALL_VERBS, columns } from './parts/grid.ts';
import { fields, fillZero, text, textMap } from './parts/reading.ts';

export const secret: Kind = {
  group: '',
  version: 'v1',
  kind: 'Secret',
  resource: 'secrets',
  singular: 'secret',
  namespaced: true,
  verbs: ALL_VERBS,
  schema: 'io.k8s.api.core.v1.Secret',
  generation: false,
  status: false,
  fieldLabels: { type: 'type' },
  columns: columns('Name', 'Type', 'Data', 'Age'),
  row: (object, now) => [
    object.metadata.name ?? '',
    text(object['type']),
    Object.keys(fields(object['data'])).length,
    since(object.metadata.creationTimestamp, now),
  ],
  defaults: (object) => fillZero(withStringData(object), { type: 'Opaque' }),
  validate: secretCauses,
  validateUpdate: secretUpdateCauses,
};

/** `stringData` is for writing only: the server keeps it in `data`. */
function withStringData(object: KubeObject): KubeObject {
  const { stringData, ...rest } = object;
  if (stringData === undefined) return object;
  const encoded = Object.entries(textMap(stringData)).map(([key, value]) => [
    key,
    Buffer.from(value, 'utf8').toString('base64'),
  ]);
  const { apiVersion, kind, metadata } = object;
  return { ...rest, apiVersion, kind, metadata, data: { ...fields(object['data']), ...Object.fromEntries(encoded) } };
}
