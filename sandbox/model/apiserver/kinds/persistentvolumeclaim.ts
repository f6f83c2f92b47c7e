/** PersistentVolumeClaim: a Pod's wish for storage. */
import type { Kind } from '../kind.ts';
import { claimCauses, claimUpdateCauses } from '../validation/storage.ts';
import { since } from './parts/duration.ts';
import { ALL_VERBS, columns } from './parts/grid.ts';
import { amount, fields, spec, status, text } from './parts/reading.ts';
import { accessModesText } from './parts/storage-text.ts';
import { withClaimSpecDefaults } from './parts/volume-defaults.ts';

export const persistentVolumeClaim: Kind = {
  group: '',
  version: 'v1',
  kind: 'PersistentVolumeClaim',
  resource: 'persistentvolumeclaims',
  singular: 'persistentvolumeclaim',
  shortNames: ['pvc'],
  namespaced: true,
  verbs: ALL_VERBS,
  schema: 'io.k8s.api.core.v1.PersistentVolumeClaim',
  generation: false,
  status: true,
  columns: columns(
    'Name',
    'Status',
    'Volume',
    'Capacity',
    'Access Modes',
    'StorageClass',
    'VolumeAttributesClass',
    'Age',
    'VolumeMode*',
  ),
  row(object, now) {
    const { volumeName, storageClassName, volumeAttributesClassName, volumeMode } = spec(object);
    const { phase, capacity, accessModes } = status(object);
    const bound = text(volumeName) !== '';
    return [
      object.metadata.name ?? '',
      object.metadata.deletionTimestamp === undefined ? text(phase) : 'Terminating',
      text(volumeName),
      bound ? amount(fields(capacity)['storage']) : '',
      bound ? accessModesText(accessModes) : '',
      text(storageClassName),
      text(volumeAttributesClassName) || '<unset>',
      since(object.metadata.creationTimestamp, now),
      text(volumeMode) || '<unset>',
    ];
  },
  defaults: (object) => ({ ...object, spec: withClaimSpecDefaults(spec(object)) }),
  onCreate: (object) => ({ ...object, status: { phase: 'Pending' } }),
  validate: claimCauses,
  validateUpdate: claimUpdateCauses,
};
