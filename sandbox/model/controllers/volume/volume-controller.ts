/**
 * Keeps the phase of each volume, and removes those whose claim is gone when the policy says so.
 *
 * R-CTRL-65 Available without a claim; Bound with it; Released when the claim is gone; the claimRef stays (pv_controller syncVolume).
 * R-CTRL-66 A Released volume of policy Delete that a provisioner made is deleted by it; Retain keeps it.
 */
import { rfc3339 } from '../../../../kernel/clock.ts';
import type { Disposable } from '../../../../kernel/disposable.ts';
import type { PersistentVolume, PersistentVolumeClaim } from '../../../client/kinds.ts';
import type { ControllerContext } from '../controller.ts';
import { ownKey, refOf, source, startLoop } from '../controller.ts';
import { isFullyBound } from './match.ts';

const PROVISIONED_BY = 'pv.kubernetes.io/provisioned-by';

export function startVolumeController(context: ControllerContext): Disposable {
  const { client, informers, clock } = context;
  const volumesOf = (claim: PersistentVolumeClaim | undefined): readonly string[] =>
    informers
      .volumes()
      .list()
      .filter((volume) => volume.spec.claimRef?.uid === claim?.metadata.uid)
      .map((volume) => volume.metadata.name ?? '');
  return startLoop({
    clock,
    sources: [
      source(informers.volumes(), ownKey),
      source(informers.claims(), ({ before, now }) => volumesOf(now ?? before)),
    ],
    reconcile: async (key) => {
      const volume = informers.volumes().get(key);
      if (!volume) return undefined;
      const phase = phaseOf(volume, (name) => informers.claims().get(name));
      if (volume.status?.phase !== phase) {
        const status = { phase, lastPhaseTransitionTime: rfc3339(clock.now()) };
        await informers.volumes().shows(await client.patchStatus(refOf(volume), { status }));
      }
      const isGone = phase === 'Released' && volume.spec.persistentVolumeReclaimPolicy === 'Delete';
      if (
        isGone &&
        volume.metadata.annotations?.[PROVISIONED_BY] !== undefined &&
        volume.metadata.deletionTimestamp === undefined
      ) {
        await client.delete(refOf(volume));
      }
      return undefined;
    },
  });
}

/** The phase that a volume should have. */
export function phaseOf(volume: PersistentVolume, claim: (key: string) => PersistentVolumeClaim | undefined): string {
  const { claimRef } = volume.spec;
  if (!claimRef?.uid) return 'Available';
  const found = claim(`${claimRef.namespace ?? ''}/${claimRef.name ?? ''}`);
  if (found?.metadata.uid !== claimRef.uid) return 'Released';
  return isFullyBound(found) && found.spec.volumeName === volume.metadata.name
    ? 'Bound'
    : (volume.status?.phase ?? 'Available');
}
