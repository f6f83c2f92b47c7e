/**
 * Makes volumes for claims whose class has the provisioner `rancher.io/local-path`, on the node that the scheduler chose.
 *
 * R-CTRL-69 The volume is named `pvc-<uid of the claim>`, lies under /var/local-path-provisioner and is tied to its node; events
 *   Provisioning, ProvisioningSucceeded, ProvisioningFailed (rancher/local-path-provisioner as kind ships it).
 */
import type { Disposable } from '../../../../kernel/disposable.ts';
import type { KubeObject } from '../../../../kernel/kube/object.ts';
import { keyOf } from '../../../../kernel/kube/object.ts';
import type { PersistentVolumeClaim, StorageClass } from '../../../client/kinds.ts';
import { isConflict } from '../../../client/status.ts';
import type { ControllerContext } from '../controller.ts';
import { ownKey, source, startLoop } from '../controller.ts';
import { EventRecorder } from '../event-recorder.ts';
import { PROVISIONER, SELECTED_NODE } from './decide-claim.ts';
import { claimClass } from './match.ts';

const NAME = 'rancher.io/local-path';
const ROOT = '/var/local-path-provisioner';
const SUPPORTED = new Set(['ReadWriteOnce', 'ReadWriteOncePod']);

export function startLocalPathProvisioner(context: ControllerContext): Disposable {
  const { client, informers, clock } = context;
  const recorder = new EventRecorder({ ...context, component: NAME });
  return startLoop({
    clock,
    sources: [
      source(informers.claims(), ownKey),
      source(informers.storageClasses(), () => []),
      source(informers.nodes(), () => []),
    ],
    reconcile: async (key) => {
      const claim = informers.claims().get(key);
      const storageClass = claim && claimClass(claim, informers.storageClasses().list());
      if (!claim || !storageClass || !isOurs(claim)) return undefined;
      recorder.record(claim, {
        type: 'Normal',
        reason: 'Provisioning',
        message: `External provisioner is provisioning volume for claim "${keyOf(claim)}"`,
      });
      const problem = problemOf(claim);
      if (problem !== undefined) {
        const message = `failed to provision volume with StorageClass "${storageClass.metadata.name}": ${problem}`;
        recorder.record(claim, { type: 'Warning', reason: 'ProvisioningFailed', message });
        return undefined;
      }
      const node = informers.nodes().get(claim.metadata.annotations?.[SELECTED_NODE] ?? '');
      const volume = volumeFor(
        claim,
        storageClass,
        node?.metadata.labels?.['kubernetes.io/hostname'] ?? node?.metadata.name ?? '',
      );
      try {
        await informers.volumes().shows(await client.create(volume));
      } catch (error) {
        if (isConflict(error)) return undefined;
        throw error;
      }
      recorder.record(claim, {
        type: 'Normal',
        reason: 'ProvisioningSucceeded',
        message: `Successfully provisioned volume ${volume.metadata.name}`,
      });
      return undefined;
    },
  });
}

function isOurs(claim: PersistentVolumeClaim): boolean {
  const { annotations, deletionTimestamp } = claim.metadata;
  return annotations?.[PROVISIONER] === NAME && !claim.spec.volumeName && deletionTimestamp === undefined;
}

function problemOf(claim: PersistentVolumeClaim): string | undefined {
  if ((claim.spec.accessModes ?? []).some((mode) => !SUPPORTED.has(mode))) {
    return 'NodePath only supports ReadWriteOnce and ReadWriteOncePod (1.22+) access modes';
  }
  return claim.metadata.annotations?.[SELECTED_NODE] === undefined
    ? 'configuration error, no node was specified'
    : undefined;
}

function volumeFor(claim: PersistentVolumeClaim, storageClass: StorageClass, hostname: string): KubeObject {
  const { name, namespace, uid = '', resourceVersion, annotations } = claim.metadata;
  const volume = `pvc-${uid}`;
  const expression = { key: 'kubernetes.io/hostname', operator: 'In', values: [hostname] };
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: {
      name: volume,
      annotations: {
        'local.path.provisioner/selected-node': annotations?.[SELECTED_NODE] ?? '',
        'pv.kubernetes.io/provisioned-by': NAME,
      },
    },
    spec: {
      accessModes: claim.spec.accessModes,
      capacity: { storage: claim.spec.resources?.requests?.['storage'] },
      claimRef: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', name, namespace, uid, resourceVersion },
      hostPath: { path: `${ROOT}/${volume}_${namespace}_${name}`, type: 'DirectoryOrCreate' },
      nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [expression] }] } },
      persistentVolumeReclaimPolicy: storageClass.reclaimPolicy ?? 'Delete',
      storageClassName: storageClass.metadata.name,
      volumeMode: claim.spec.volumeMode ?? 'Filesystem',
    },
  };
}
