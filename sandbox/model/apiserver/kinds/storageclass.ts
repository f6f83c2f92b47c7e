/** StorageClass: how volumes are made, and when they are bound. */
import type { KubeObject } from '../../../../kernel/kube/object.ts';
import type { Kind } from '../kind.ts';
import { classCauses, classUpdateCauses } from '../validation/storage.ts';
import { since } from './parts/duration.ts';
import { ALL_VERBS, columns } from './parts/grid.ts';
import { fill, text } from './parts/reading.ts';

export const DEFAULT_CLASS_ANNOTATION = 'storageclass.kubernetes.io/is-default-class';
const BETA_ANNOTATION = 'storageclass.beta.kubernetes.io/is-default-class';

export const storageClass: Kind = {
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'StorageClass',
  resource: 'storageclasses',
  singular: 'storageclass',
  shortNames: ['sc'],
  namespaced: false,
  verbs: ALL_VERBS,
  schema: 'io.k8s.api.storage.v1.StorageClass',
  generation: false,
  status: false,
  columns: columns('Name', 'Provisioner', 'ReclaimPolicy', 'VolumeBindingMode', 'AllowVolumeExpansion', 'Age'),
  row: (object, now) => [
    `${object.metadata.name ?? ''}${isDefaultClass(object) ? ' (default)' : ''}`,
    text(object['provisioner']),
    text(object['reclaimPolicy']),
    text(object['volumeBindingMode']),
    object['allowVolumeExpansion'] === true,
    since(object.metadata.creationTimestamp, now),
  ],
  defaults: (object) => fill(object, { reclaimPolicy: 'Delete', volumeBindingMode: 'Immediate' }),
  validate: classCauses,
  validateUpdate: classUpdateCauses,
};

/** Whether claims that name no class get this one. */
export function isDefaultClass(object: KubeObject): boolean {
  const { annotations } = object.metadata;
  return annotations?.[DEFAULT_CLASS_ANNOTATION] === 'true' || annotations?.[BETA_ANNOTATION] === 'true';
}
