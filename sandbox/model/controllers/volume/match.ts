/**
 * Which volume serves which claim. Pure; the volume controller and the scheduler share it.
 * Source: kubernetes component-helpers/storage/volume FindMatchingVolume.
 *
 * R-CTRL-60 A volume fits a claim when it is not taken, has the class, volume mode, labels and access modes and is large enough;
 *   the smallest that fits is taken; one already meant for the claim comes first.
 */
import { compareQuantities } from '../../../../kernel/kube/quantity.ts';
import { fromLabelSelector } from '../../../../kernel/kube/selector.ts';
import type { Node, PersistentVolume, PersistentVolumeClaim, StorageClass } from '../../../client/kinds.ts';
import { matchesNodeSelector } from '../../../client/node-selector.ts';

export const BIND_COMPLETED = 'pv.kubernetes.io/bind-completed';
export const BOUND_BY_CONTROLLER = 'pv.kubernetes.io/bound-by-controller';

export function claimClass(claim: PersistentVolumeClaim, classes: readonly StorageClass[]): StorageClass | undefined {
  return classes.find((one) => one.metadata.name === claim.spec.storageClassName);
}

/** Whether binding waits until a Pod uses the claim. */
export function isWaiting(storageClass: StorageClass | undefined): boolean {
  return storageClass?.volumeBindingMode === 'WaitForFirstConsumer';
}

export function isFullyBound(claim: PersistentVolumeClaim): boolean {
  return !!claim.spec.volumeName && claim.metadata.annotations?.[BIND_COMPLETED] !== undefined;
}

/** Whether a volume's claimRef means this claim; one without uid was set by a person ahead of time. */
export function isMeantFor(volume: PersistentVolume, claim: PersistentVolumeClaim): boolean {
  const { claimRef } = volume.spec;
  return (
    claimRef?.name === claim.metadata.name &&
    claimRef?.namespace === claim.metadata.namespace &&
    (claimRef?.uid === undefined || claimRef.uid === '' || claimRef.uid === claim.metadata.uid)
  );
}

/** With a node: only volumes that this node can reach. */
export function matchVolume(
  claim: PersistentVolumeClaim,
  volumes: readonly PersistentVolume[],
  node?: Node,
): PersistentVolume | undefined {
  const size = claim.spec.resources?.requests?.['storage'] ?? '0';
  const selector = claim.spec.selector ? fromLabelSelector(claim.spec.selector) : undefined;
  const fits = (volume: PersistentVolume): boolean => {
    const { spec, metadata, status } = volume;
    if (compareQuantities(spec.capacity?.['storage'] ?? '0', size) < 0) return false;
    if ((spec.volumeMode ?? 'Filesystem') !== (claim.spec.volumeMode ?? 'Filesystem')) return false;
    if (metadata.deletionTimestamp !== undefined) return false;
    if (node && spec.nodeAffinity?.required && !matchesNodeSelector(spec.nodeAffinity.required, node)) return false;
    if (spec.claimRef) return isMeantFor(volume, claim);
    return (
      (status?.phase ?? 'Available') === 'Available' &&
      (spec.storageClassName ?? '') === (claim.spec.storageClassName ?? '') &&
      (selector?.matches(metadata.labels) ?? true) &&
      (claim.spec.accessModes ?? []).every((mode) => spec.accessModes?.includes(mode))
    );
  };
  const candidates = volumes.filter(fits);
  const meant = candidates.find((volume) => volume.spec.claimRef !== undefined);
  const smallest = [...candidates].sort((a, b) =>
    compareQuantities(a.spec.capacity?.['storage'] ?? '0', b.spec.capacity?.['storage'] ?? '0'),
  );
  return meant ?? smallest[0];
}
