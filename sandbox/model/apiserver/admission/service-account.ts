/** ServiceAccount: gives a Pod its account, and the files by which it proves who it is. Source: kubernetes `plugin/pkg/admission/serviceaccount`. */
import { nameSuffix } from '../../../../kernel/ids.ts';
import type { KubeObject } from '../../../../kernel/kube/object.ts';
import { admissionName, forbidden } from '../errors.ts';
import type { Admission, WriteContext } from '../kind.ts';
import type { Fields } from '../kinds/parts/reading.ts';
import { items, spec, text } from '../kinds/parts/reading.ts';

const MOUNT_PATH = '/var/run/secrets/kubernetes.io/serviceaccount';
const VOLUME_PREFIX = 'kube-api-access-';
/** An hour and seven seconds: upstream's mark of a token that was mounted by default. */
const TOKEN_SECONDS = 3607;
const FILE_MODE = 0o644;

export const serviceAccountAdmission: Admission = {
  name: 'ServiceAccount',
  admit({ kind, operation, object }, context) {
    if (kind.resource !== 'pods' || operation !== 'create') return object;
    // A static Pod has a mirror here, which may not be given what its kubelet does not know of.
    if (object.metadata.annotations?.['kubernetes.io/config.mirror'] !== undefined) return object;
    return withAccount(object, context);
  },
};

function withAccount(pod: KubeObject, context: WriteContext): KubeObject {
  const { namespace = '' } = pod.metadata;
  const name = text(spec(pod)['serviceAccountName']) || 'default';
  const account = context.lookup.get('serviceaccounts', name, namespace);
  if (account === undefined) {
    const why = `error looking up service account ${namespace}/${name}: serviceaccount ${JSON.stringify(name)} not found`;
    throw forbidden({ group: '', resource: 'pods' }, admissionName(pod.metadata), why);
  }
  const podSpec: Record<string, unknown> = { ...spec(pod), serviceAccountName: name, serviceAccount: name };
  if (items(podSpec['imagePullSecrets']).length === 0 && items(account['imagePullSecrets']).length > 0) {
    podSpec['imagePullSecrets'] = account['imagePullSecrets'];
  }
  const mounts = podSpec['automountServiceAccountToken'] ?? account['automountServiceAccountToken'] ?? true;
  return { ...pod, spec: mounts === true ? withToken(podSpec, context) : podSpec };
}

function withToken(podSpec: Fields, { random }: WriteContext): Fields {
  const volumes = items(podSpec['volumes']);
  const existing = volumes.map(({ name }) => text(name)).find((name) => name.startsWith(VOLUME_PREFIX));
  const volume = existing ?? VOLUME_PREFIX + nameSuffix(random);
  let mounted = false;
  const withMount = (container: Fields): Fields => {
    const mounts = items(container['volumeMounts']);
    if (mounts.some(({ mountPath }) => mountPath === MOUNT_PATH)) return container;
    mounted = true;
    return { ...container, volumeMounts: [...mounts, { name: volume, readOnly: true, mountPath: MOUNT_PATH }] };
  };
  const result: Record<string, unknown> = { ...podSpec };
  for (const list of ['initContainers', 'containers'])
    if (podSpec[list] !== undefined) result[list] = items(podSpec[list]).map(withMount);
  if (mounted && existing === undefined) result['volumes'] = [...volumes, tokenVolume(volume)];
  return result;
}

function tokenVolume(name: string): Fields {
  const sources = [
    { serviceAccountToken: { expirationSeconds: TOKEN_SECONDS, path: 'token' } },
    { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
    {
      downwardAPI: { items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }] },
    },
  ];
  return { name, projected: { sources, defaultMode: FILE_MODE } };
}
