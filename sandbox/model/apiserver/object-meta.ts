/** What is checked of every object's metadata. Source: apimachinery `pkg/api/validation/objectmeta.go`. */
import type { KubeObject } from '../../../kernel/kube/object.ts';
import type { StatusCause } from '../../client/status.ts';
import type { Kind } from './kind.ts';
import { objectMetaCauses } from './validation/object-meta.ts';

/** Causes about name, labels, annotations and owners. */
export function metadataCauses(kind: Kind, object: KubeObject): readonly StatusCause[] {
  return objectMetaCauses(kind, object);
}

/** A deleted object may lose finalizers but gain none. */
export function finalizerCauses(next: KubeObject, previous: KubeObject): readonly StatusCause[] {
  if (previous.metadata.deletionTimestamp === undefined) return [];
  const before = previous.metadata.finalizers ?? [];
  const added = (next.metadata.finalizers ?? []).filter((finalizer) => !before.includes(finalizer));
  if (added.length === 0) return [];
  const list = added.map((finalizer) => JSON.stringify(finalizer)).join(', ');
  const message = `Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{${list}}`;
  return [{ reason: 'FieldValueForbidden', message, field: 'metadata.finalizers' }];
}
