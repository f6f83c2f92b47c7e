/** StorageObjectInUseProtection: storage that somebody uses does not go. Source: kubernetes `plugin/pkg/admission/storage/storageobjectinuseprotection`. */
import type { Admission } from '../kind.ts';

const FINALIZERS: Readonly<Record<string, string>> = {
  persistentvolumes: 'kubernetes.io/pv-protection',
  persistentvolumeclaims: 'kubernetes.io/pvc-protection',
};

export const storageObjectInUse: Admission = {
  name: 'StorageObjectInUseProtection',
  admit({ kind, operation, object }) {
    const finalizer = FINALIZERS[kind.resource];
    const { finalizers = [] } = object.metadata;
    if (finalizer === undefined || operation !== 'create' || finalizers.includes(finalizer)) return object;
    return { ...object, metadata: { ...object.metadata, finalizers: [...finalizers, finalizer] } };
  },
};
