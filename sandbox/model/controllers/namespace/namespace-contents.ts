/**
 * What every namespace gets: the ServiceAccount `default` and the ConfigMap `kube-root-ca.crt`.
 *
 * R-CTRL-40 A namespace that is not being deleted has a ServiceAccount `default`; when deleted it comes back (serviceaccounts_controller).
 * R-CTRL-41 It has the ConfigMap `kube-root-ca.crt` with the cluster's CA; when changed or deleted it is restored (rootcacertpublisher).
 */
import type { Disposable } from '../../../../kernel/disposable.ts';
import { DisposableStore } from '../../../../kernel/disposable.ts';
import type { KubeObject } from '../../../../kernel/kube/object.ts';
import { isRecord } from '../../../../kernel/kube/object.ts';
import type { Change, Informer } from '../../../client/informer.ts';
import { isConflict } from '../../../client/status.ts';
import type { ControllerContext } from '../controller.ts';
import { ownKey, refOf, source, startLoop } from '../controller.ts';

const DESCRIPTION =
  'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.';

export function startNamespaceContents(context: ControllerContext, ca: string | undefined): Disposable {
  const owned = new DisposableStore();
  const { informers } = context;
  const account = (namespace: string): KubeObject => ({
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name: 'default', namespace },
  });
  owned.add(keepInEach(context, informers.serviceAccounts(), account));
  if (ca !== undefined)
    owned.add(keepInEach(context, informers.configMaps(), (namespace) => caConfigMap(namespace, ca)));
  return owned;
}

function caConfigMap(namespace: string, ca: string): KubeObject {
  const annotations = { 'kubernetes.io/description': DESCRIPTION };
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'kube-root-ca.crt', namespace, annotations },
    data: { 'ca.crt': ca },
  };
}

/** Makes and mends one object in each namespace. */
function keepInEach(
  context: ControllerContext,
  informer: Informer,
  make: (namespace: string) => KubeObject,
): Disposable {
  const { client, clock, informers } = context;
  const { name = '' } = make('').metadata;
  const namespaceOf = ({ before, now }: Change<KubeObject>): readonly string[] => {
    const object = now ?? before;
    return object?.metadata.name === name ? [object.metadata.namespace ?? ''] : [];
  };
  const reconcile = async (namespace: string): Promise<undefined> => {
    const home = informers.namespaces().get(namespace);
    if (!home || home.metadata.deletionTimestamp !== undefined || home.status?.phase === 'Terminating')
      return undefined;
    const wanted = make(namespace);
    const there = informer.get(`${namespace}/${name}`);
    if (!there) await informer.shows(await createOnce(context, wanted));
    else if (!sameContent(there, wanted)) await informer.shows(await client.patch(refOf(there), wanted));
    return undefined;
  };
  return startLoop({
    clock,
    sources: [source(informers.namespaces(), ownKey), source(informer, namespaceOf)],
    reconcile,
  });
}

async function createOnce({ client }: ControllerContext, wanted: KubeObject): Promise<KubeObject> {
  try {
    return await client.create(wanted);
  } catch (error) {
    if (isConflict(error)) return wanted;
    throw error;
  }
}

function sameContent(there: KubeObject, wanted: KubeObject): boolean {
  const [is, should] = [there['data'], wanted['data']];
  if (!isRecord(should)) return true;
  return isRecord(is) && Object.entries(should).every(([key, value]) => is[key] === value);
}
