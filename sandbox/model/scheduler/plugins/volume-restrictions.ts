/**
 * R-SCHED-20 A claim with access mode ReadWriteOncePod serves one Pod at a time (upstream: VolumeRestrictions).
 */
import type { Plugin } from '../plugin.ts';
import { refuse, refuseForGood } from '../plugin.ts';
import { claimsOf } from '../snapshot.ts';

const IN_USE =
  'node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already in-use by another pod';

export const volumeRestrictions: Plugin = {
  name: 'VolumeRestrictions',
  prepare(pod, snapshot) {
    const claims = claimsOf(pod, snapshot);
    const missing = claims.find(({ claim }) => claim === undefined);
    if (missing) return { refusal: refuseForGood(`persistentvolumeclaim "${missing.name}" not found`) };
    const exclusive = new Set(
      claims.filter(({ claim }) => claim?.spec.accessModes?.includes('ReadWriteOncePod')).map(({ name }) => name),
    );
    if (exclusive.size === 0) return {};
    const inUse = snapshot.nodes.some(({ pods }) =>
      pods.some(
        (other) =>
          other.metadata.namespace === pod.metadata.namespace &&
          other.spec.volumes?.some((volume) => exclusive.has(volume.persistentVolumeClaim?.claimName ?? '')),
      ),
    );
    return { filter: () => (inUse ? refuse(IN_USE) : undefined) };
  },
};
