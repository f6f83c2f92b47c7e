/**
 * What a claim needs next. Pure. Source: kubernetes persistentvolume/pv_controller.go syncClaim.
 *
 * R-CTRL-61 An unbound claim takes the smallest fitting volume; a WaitForFirstConsumer class waits for the scheduler.
 * R-CTRL-62 Without a fitting volume the class's provisioner is asked: annotation `volume.kubernetes.io/storage-provisioner`.
 * R-CTRL-63 Events FailedBinding, WaitForFirstConsumer, ProvisioningFailed, ExternalProvisioning, ClaimLost with upstream's words.
 * R-CTRL-64 A bound claim whose volume is gone is Lost.
 */
import type { PersistentVolume, PersistentVolumeClaim, StorageClass } from '../../../client/kinds.ts';
import type { EventText } from '../event-recorder.ts';
import { claimClass, isFullyBound, isMeantFor, isWaiting, matchVolume } from './match.ts';

export const PROVISIONER = 'volume.kubernetes.io/storage-provisioner';
export const PROVISIONER_BETA = 'volume.beta.kubernetes.io/storage-provisioner';
export const SELECTED_NODE = 'volume.kubernetes.io/selected-node';
const NO_PROVISIONER = 'kubernetes.io/no-provisioner';

export interface ClaimObservation {
  readonly claim: PersistentVolumeClaim;
  readonly volumes: readonly PersistentVolume[];
  readonly classes: readonly StorageClass[];
}

export type ClaimAction =
  | { readonly kind: 'none' }
  | { readonly kind: 'bind'; readonly volume: PersistentVolume }
  | { readonly kind: 'ask'; readonly provisioner: string; readonly event: EventText }
  | { readonly kind: 'wait'; readonly event: EventText | undefined }
  | { readonly kind: 'lost'; readonly event: EventText };

export function decideClaim({ claim, volumes, classes }: ClaimObservation): ClaimAction {
  if (claim.metadata.deletionTimestamp !== undefined) return { kind: 'none' };
  const named = volumes.find((volume) => volume.metadata.name === claim.spec.volumeName);
  if (isFullyBound(claim)) return decideBound(claim, named);
  if (claim.spec.volumeName) {
    const free = named && (named.spec.claimRef === undefined || isMeantFor(named, claim));
    return free ? { kind: 'bind', volume: named } : { kind: 'wait', event: undefined };
  }
  const storageClass = claimClass(claim, classes);
  const meant = volumes.find((volume) => volume.spec.claimRef !== undefined && isMeantFor(volume, claim));
  const mustWait = isWaiting(storageClass) && claim.metadata.annotations?.[SELECTED_NODE] === undefined;
  const volume = meant ?? (isWaiting(storageClass) ? undefined : matchVolume(claim, volumes));
  if (volume) return { kind: 'bind', volume };
  if (mustWait) {
    return {
      kind: 'wait',
      event: normal('WaitForFirstConsumer', 'waiting for first consumer to be created before binding'),
    };
  }
  return provisioning(claim, storageClass);
}

function decideBound(claim: PersistentVolumeClaim, volume: PersistentVolume | undefined): ClaimAction {
  if (volume && isMeantFor(volume, claim))
    return claim.status?.phase === 'Bound' ? { kind: 'none' } : { kind: 'bind', volume };
  if (claim.status?.phase === 'Lost') return { kind: 'none' };
  const message = volume
    ? 'Two claims are bound to the same volume, this one is bound incorrectly'
    : 'Bound claim has lost its PersistentVolume. Data on the volume is lost!';
  return { kind: 'lost', event: { type: 'Warning', reason: volume ? 'ClaimMisbound' : 'ClaimLost', message } };
}

function provisioning(claim: PersistentVolumeClaim, storageClass: StorageClass | undefined): ClaimAction {
  const name = claim.spec.storageClassName ?? '';
  if (name === '') {
    return {
      kind: 'wait',
      event: normal('FailedBinding', 'no persistent volumes available for this claim and no storage class is set'),
    };
  }
  if (!storageClass) {
    const message = `storageclass.storage.k8s.io "${name}" not found`;
    return { kind: 'wait', event: { type: 'Warning', reason: 'ProvisioningFailed', message } };
  }
  const { provisioner } = storageClass;
  if (provisioner === NO_PROVISIONER) return { kind: 'wait', event: undefined };
  const message = `Waiting for a volume to be created either by the external provisioner '${provisioner}' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered.`;
  return { kind: 'ask', provisioner, event: normal('ExternalProvisioning', message) };
}

function normal(reason: string, message: string): EventText {
  return { type: 'Normal', reason, message };
}
