/** DefaultStorageClass: a claim that names no class gets the cluster's newest default. Source: kubernetes `plugin/pkg/admission/storage/storageclass/setdefault`. */
import type { KubeObject } from '../../../../kernel/kube/object.ts';
import type { Admission } from '../kind.ts';
import { spec } from '../kinds/parts/reading.ts';
import { isDefaultClass } from '../kinds/storageclass.ts';

const BETA_CLASS = 'volume.beta.kubernetes.io/storage-class';

export const defaultStorageClass: Admission = {
  name: 'DefaultStorageClass',
  admit({ kind, operation, object }, { lookup }) {
    if (kind.resource !== 'persistentvolumeclaims' || operation !== 'create') return object;
    // The empty string is an answer: no class at all.
    if (spec(object)['storageClassName'] !== undefined || object.metadata.annotations?.[BETA_CLASS] !== undefined)
      return object;
    const newest = lookup.list('storageclasses.storage.k8s.io').filter(isDefaultClass).toSorted(newestFirst)[0];
    return newest === undefined
      ? object
      : { ...object, spec: { ...spec(object), storageClassName: newest.metadata.name } };
  },
};

function newestFirst({ metadata: a }: KubeObject, { metadata: b }: KubeObject): number {
  if (a.creationTimestamp !== b.creationTimestamp)
    return (a.creationTimestamp ?? '') > (b.creationTimestamp ?? '') ? -1 : 1;
  return (a.name ?? '') < (b.name ?? '') ? -1 : 1;
}
