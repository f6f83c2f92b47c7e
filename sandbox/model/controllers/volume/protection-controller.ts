/**
 * Holds back the deletion of claims in use and of bound volumes.
 *
 * R-CTRL-67 The finalizer `kubernetes.io/pvc-protection` goes when no Pod on a node uses the claim (pvcprotection controller).
 * R-CTRL-68 The finalizer `kubernetes.io/pv-protection` goes when the volume is not Bound (pvprotection controller).
 */
import type { Disposable } from '../../../../kernel/disposable.ts';
import { DisposableStore } from '../../../../kernel/disposable.ts';
import type { KubeObject } from '../../../../kernel/kube/object.ts';
import type { Change } from '../../../client/informer.ts';
import type { Pod } from '../../../client/kinds.ts';
import { isPodTerminal } from '../../../client/kinds.ts';
import type { ControllerContext } from '../controller.ts';
import { ownKey, refOf, source, startLoop } from '../controller.ts';

const CLAIM = 'kubernetes.io/pvc-protection';
const VOLUME = 'kubernetes.io/pv-protection';

export function startProtectionController(context: ControllerContext): Disposable {
  const { informers, clock } = context;
  const owned = new DisposableStore();
  owned.add(
    startLoop({
      clock,
      sources: [source(informers.claims(), ownKey), source(informers.pods(), claimKeys)],
      reconcile: async (key) => {
        const claim = informers.claims().get(key);
        const [namespace = '', name = ''] = key.split('/');
        const inUse = informers
          .pods()
          .by('namespace', namespace)
          .some((pod) => uses(pod, name));
        if (claim) await protect(context, claim, { finalizer: CLAIM, inUse });
        return undefined;
      },
    }),
  );
  owned.add(
    startLoop({
      clock,
      sources: [source(informers.volumes(), ownKey)],
      reconcile: async (key) => {
        const volume = informers.volumes().get(key);
        if (volume) await protect(context, volume, { finalizer: VOLUME, inUse: volume.status?.phase === 'Bound' });
        return undefined;
      },
    }),
  );
  return owned;
}

function claimKeys({ before, now }: Change<Pod>): readonly string[] {
  const { metadata, spec } = now ?? before ?? { metadata: {}, spec: undefined };
  return (spec?.volumes ?? []).flatMap(({ persistentVolumeClaim }) =>
    persistentVolumeClaim ? [`${metadata.namespace ?? ''}/${persistentVolumeClaim.claimName}`] : [],
  );
}

function uses(pod: Pod, claim: string): boolean {
  const mounts = pod.spec.volumes?.some((volume) => volume.persistentVolumeClaim?.claimName === claim) ?? false;
  return mounts && !!pod.spec.nodeName && !isPodTerminal(pod);
}

async function protect(
  { client }: ControllerContext,
  object: KubeObject,
  { finalizer, inUse }: { finalizer: string; inUse: boolean },
): Promise<void> {
  const { deletionTimestamp, finalizers = [], uid, resourceVersion } = object.metadata;
  const has = finalizers.includes(finalizer);
  const deleting = deletionTimestamp !== undefined;
  if (deleting ? !has || inUse : has) return;
  const next = deleting ? finalizers.filter((one) => one !== finalizer) : [...finalizers, finalizer];
  await client.patch(refOf(object), { metadata: { uid, resourceVersion, finalizers: next.length > 0 ? next : null } });
}
