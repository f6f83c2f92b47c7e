/** PersistentVolume: a piece of storage that outlives Pods. */
import { rfc3339 } from '../../../../kernel/clock.ts';
import type { Kind } from '../kind.ts';
import { volumeCauses, volumeUpdateCauses } from '../validation/storage.ts';
import { since } from './parts/duration.ts';
import { ALL_VERBS, columns } from './parts/grid.ts';
import { canonicalQuantities } from './parts/quantities.ts';
import { amount, fields, fill, spec, status, text } from './parts/reading.ts';
import { accessModesText } from './parts/storage-text.ts';

export const persistentVolume: Kind = {
  group: '',
  version: 'v1',
  kind: 'PersistentVolume',
  resource: 'persistentvolumes',
  singular: 'persistentvolume',
  shortNames: ['pv'],
  namespaced: false,
  verbs: ALL_VERBS,
  schema: 'io.k8s.api.core.v1.PersistentVolume',
  generation: false,
  status: true,
  columns: columns(
    'Name',
    'Capacity',
    'Access Modes',
    'Reclaim Policy',
    'Status',
    'Claim',
    'StorageClass',
    'VolumeAttributesClass',
    'Reason',
    'Age',
    'VolumeMode*',
  ),
  row(object, now) {
    const {
      capacity,
      accessModes,
      persistentVolumeReclaimPolicy,
      claimRef,
      storageClassName,
      volumeAttributesClassName,
      volumeMode,
    } = spec(object);
    const claim = fields(claimRef);
    const phase = text(status(object)['phase']);
    return [
      object.metadata.name ?? '',
      amount(fields(capacity)['storage']),
      accessModesText(accessModes),
      text(persistentVolumeReclaimPolicy),
      object.metadata.deletionTimestamp === undefined ? phase : 'Terminating',
      claimRef === undefined ? '' : `${text(claim['namespace'])}/${text(claim['name'])}`,
      text(storageClassName),
      text(volumeAttributesClassName) || '<unset>',
      text(status(object)['reason']),
      since(object.metadata.creationTimestamp, now),
      text(volumeMode) || '<unset>',
    ];
  },
  defaults(object) {
    const filled: Record<string, unknown> = {
      ...fill(spec(object), { persistentVolumeReclaimPolicy: 'Retain', volumeMode: 'Filesystem' }),
    };
    if (filled['capacity'] !== undefined) filled['capacity'] = canonicalQuantities(filled['capacity']);
    if (filled['hostPath'] !== undefined) filled['hostPath'] = fill(fields(filled['hostPath']), { type: '' });
    return { ...object, spec: filled };
  },
  onCreate: (object, { clock }) => ({
    ...object,
    status: { phase: 'Pending', lastPhaseTransitionTime: rfc3339(clock.now()) },
  }),
  validate: volumeCauses,
  validateUpdate: volumeUpdateCauses,
};
