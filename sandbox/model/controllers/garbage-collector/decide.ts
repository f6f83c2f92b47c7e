/**
 * What the garbage collector does with one object. Pure. Source: kubernetes garbagecollector.attemptToDeleteItem.
 *
 * R-CTRL-70 An object all of whose owners are gone is deleted; while one is left, the references to the others are dropped.
 * R-CTRL-71 Foreground: dependents are deleted first; when none that blocks is left, the finalizer `foregroundDeletion` goes.
 * R-CTRL-72 Orphan: the references of dependents are dropped, then the finalizer `orphan` goes.
 * R-CTRL-73 An object whose owners wait for it (foreground) is deleted, in the foreground when it has dependents that block.
 */
import type { KubeObject, OwnerReference } from '../../../../kernel/kube/object.ts';

export const FOREGROUND = 'foregroundDeletion';
export const ORPHAN = 'orphan';

export type OwnerState = 'there' | 'absent' | 'waiting' | 'unknown';

export interface GarbageObservation {
  readonly object: KubeObject;
  readonly owners: readonly { readonly reference: OwnerReference; readonly state: OwnerState }[];
  readonly dependents: readonly KubeObject[];
}

export type GarbageAction =
  | { readonly kind: 'none' }
  | { readonly kind: 'delete'; readonly policy: 'Background' | 'Foreground' | 'Orphan' }
  | { readonly kind: 'drop-owners'; readonly uids: readonly string[] }
  | { readonly kind: 'drop-finalizer'; readonly finalizer: string }
  | { readonly kind: 'look-at'; readonly objects: readonly KubeObject[] }
  | { readonly kind: 'orphan'; readonly objects: readonly KubeObject[] };

const NONE: GarbageAction = { kind: 'none' };

export function decideGarbage({ object, owners, dependents }: GarbageObservation): GarbageAction {
  const { uid = '', deletionTimestamp, finalizers = [] } = object.metadata;
  if (deletionTimestamp !== undefined) return finish({ uid, finalizers, dependents });
  if (owners.length === 0 || owners.some((owner) => owner.state === 'unknown')) return NONE;
  const gone = owners.filter((owner) => owner.state !== 'there');
  if (gone.length === 0) return NONE;
  if (gone.length < owners.length) return { kind: 'drop-owners', uids: gone.map((owner) => owner.reference.uid) };
  const waited = owners.some((owner) => owner.state === 'waiting');
  if (waited && dependents.some((dependent) => blocks(dependent, uid))) return { kind: 'delete', policy: 'Foreground' };
  if (finalizers.includes(ORPHAN)) return { kind: 'delete', policy: 'Orphan' };
  return { kind: 'delete', policy: finalizers.includes(FOREGROUND) ? 'Foreground' : 'Background' };
}

interface Finishing {
  readonly uid: string;
  readonly finalizers: readonly string[];
  readonly dependents: readonly KubeObject[];
}

function finish({ uid, finalizers, dependents }: Finishing): GarbageAction {
  if (finalizers.includes(ORPHAN)) {
    return dependents.length > 0
      ? { kind: 'orphan', objects: dependents }
      : { kind: 'drop-finalizer', finalizer: ORPHAN };
  }
  if (!finalizers.includes(FOREGROUND)) return NONE;
  const blocking = dependents.filter((dependent) => blocks(dependent, uid));
  if (blocking.length === 0) return { kind: 'drop-finalizer', finalizer: FOREGROUND };
  return {
    kind: 'look-at',
    objects: dependents.filter((dependent) => dependent.metadata.deletionTimestamp === undefined),
  };
}

function blocks(dependent: KubeObject, uid: string): boolean {
  return (
    dependent.metadata.ownerReferences?.some((owner) => owner.uid === uid && owner.blockOwnerDeletion === true) ?? false
  );
}

/** Whether an object waits for its dependents to go first. */
export function waitsForDependents(object: KubeObject): boolean {
  return object.metadata.deletionTimestamp !== undefined && (object.metadata.finalizers ?? []).includes(FOREGROUND);
}
