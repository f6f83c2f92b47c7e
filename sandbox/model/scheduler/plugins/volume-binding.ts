/**
 * R-SCHED-21 Claims must be there and not being deleted; an unbound one of an Immediate class stops the Pod before any node
 * is looked at; a bound volume must be reachable from the node; an unbound WaitForFirstConsumer claim needs a fitting volume on
 * the node, or a class that can make one there (upstream: VolumeBinding).
 */
import type { Node, PersistentVolumeClaim, StorageClass } from '../../../client/kinds.ts';
import { matchesNodeSelector } from '../../../client/node-selector.ts';
import { claimClass, isFullyBound, isWaiting, matchVolume } from '../../controllers/volume/match.ts';
import type { Plugin, Refusal } from '../plugin.ts';
import { refuseForGood } from '../plugin.ts';
import type { Snapshot } from '../snapshot.ts';
import { claimsOf } from '../snapshot.ts';

const NO_PROVISIONER = 'kubernetes.io/no-provisioner';

export const volumeBinding: Plugin = {
  name: 'VolumeBinding',
  prepare(pod, snapshot) {
    const claims: PersistentVolumeClaim[] = [];
    for (const { name, claim } of claimsOf(pod, snapshot)) {
      const problem = problemOf(name, claim, snapshot);
      if (problem !== undefined) return { refusal: refuseForGood(problem) };
      if (claim) claims.push(claim);
    }
    return claims.length === 0 ? {} : { filter: ({ node }) => refusalOf(claims, node, snapshot) };
  },
};

function problemOf(name: string, claim: PersistentVolumeClaim | undefined, snapshot: Snapshot): string | undefined {
  if (!claim) return `persistentvolumeclaim "${name}" not found`;
  if (claim.metadata.deletionTimestamp !== undefined) return `persistentvolumeclaim "${name}" is being deleted`;
  if (claim.status?.phase === 'Lost') {
    return `persistentvolumeclaim "${name}" bound to non-existent persistentvolume "${claim.spec.volumeName ?? ''}"`;
  }
  if (isFullyBound(claim) || isWaiting(claimClass(claim, snapshot.storageClasses))) return undefined;
  return 'pod has unbound immediate PersistentVolumeClaims';
}

function refusalOf(claims: readonly PersistentVolumeClaim[], node: Node, snapshot: Snapshot): Refusal | undefined {
  const taken = new Set<string>();
  const reasons = new Set<string>();
  for (const claim of claims) {
    if (claim.spec.volumeName) {
      const volume = snapshot.volumes.find((one) => one.metadata.name === claim.spec.volumeName);
      const required = volume?.spec.nodeAffinity?.required;
      if (!volume) reasons.add('node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)');
      else if (required && !matchesNodeSelector(required, node))
        reasons.add("node(s) didn't match PersistentVolume's node affinity");
      continue;
    }
    const storageClass = claimClass(claim, snapshot.storageClasses);
    const free = snapshot.volumes.filter((volume) => !taken.has(volume.metadata.name ?? ''));
    const found = matchVolume(claim, free, node);
    if (found) taken.add(found.metadata.name ?? '');
    else if (!canProvision(storageClass, node)) reasons.add("node(s) didn't find available persistent volumes to bind");
  }
  return reasons.size > 0 ? { reasons: [...reasons], unresolvable: true } : undefined;
}

function canProvision(storageClass: StorageClass | undefined, node: Node): boolean {
  if (!storageClass || storageClass.provisioner === NO_PROVISIONER) return false;
  const topologies = storageClass.allowedTopologies ?? [];
  return (
    topologies.length === 0 ||
    topologies.some((term) =>
      (term.matchLabelExpressions ?? []).every(({ key, values }) => values.includes(node.metadata.labels?.[key] ?? '')),
    )
  );
}
