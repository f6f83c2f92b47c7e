/**
 * Before a Pod is bound: its waiting claims get a volume, or the word on which node to make one. Source: volumebinding PreBind.
 *
 * R-SCHED-30 For a static volume the scheduler sets its claimRef; for one to be made it sets the claim's annotation
 *   `volume.kubernetes.io/selected-node`; then it waits until the volume controller has bound all claims.
 */
import type { ApiClient } from '../../client/client.ts';
import type { Informer } from '../../client/informer.ts';
import type { Node, PersistentVolumeClaim, Pod } from '../../client/kinds.ts';
import { BOUND_BY_CONTROLLER, isFullyBound, matchVolume } from '../controllers/volume/match.ts';
import type { Snapshot } from './snapshot.ts';
import { claimsOf } from './snapshot.ts';

export const SELECTED_NODE = 'volume.kubernetes.io/selected-node';

export interface ReservationOptions {
  readonly client: ApiClient;
  readonly claims: Informer<PersistentVolumeClaim>;
  readonly snapshot: Snapshot;
}

/** The Pod's claims that are not bound yet. */
export function unboundClaims(pod: Pod, snapshot: Snapshot): readonly PersistentVolumeClaim[] {
  return claimsOf(pod, snapshot).flatMap(({ claim }) => (claim && !isFullyBound(claim) ? [claim] : []));
}

/** Resolves when all claims of the Pod are bound, or the claims or the Pod's chance are gone. */
export async function reserveVolumes(
  pod: Pod,
  node: Node,
  { client, claims, snapshot }: ReservationOptions,
): Promise<void> {
  const taken = new Set<string>();
  const waiting = unboundClaims(pod, snapshot);
  for (const claim of waiting) {
    const { name = '', namespace, uid } = claim.metadata;
    const volume = matchVolume(
      claim,
      snapshot.volumes.filter((one) => !taken.has(one.metadata.name ?? '')),
      node,
    );
    if (volume) {
      taken.add(volume.metadata.name ?? '');
      const claimRef = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', name, namespace, uid };
      await client.patch(
        { apiVersion: 'v1', kind: 'PersistentVolume', name: volume.metadata.name ?? '' },
        { metadata: { annotations: { [BOUND_BY_CONTROLLER]: 'yes' } }, spec: { claimRef } },
      );
    } else {
      const annotations = { [SELECTED_NODE]: node.metadata.name };
      await client.patch(
        { apiVersion: 'v1', kind: 'PersistentVolumeClaim', name, namespace },
        { metadata: { annotations } },
      );
    }
  }
  await claims.until(() =>
    waiting.every(({ metadata: { namespace, name } }) => {
      const now = claims.get(`${namespace}/${name}`);
      return !now || isFullyBound(now);
    }),
  );
}
