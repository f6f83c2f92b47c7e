/** The caches that all components of one process share: one informer a kind, made when first asked for. */
import type { Disposable } from '../../../kernel/disposable.ts';
import type { KubeObject } from '../../../kernel/kube/object.ts';
import { controllerOf } from '../../../kernel/kube/object.ts';
import type { ApiClient } from '../../client/client.ts';
import { Informer } from '../../client/informer.ts';
import type {
  Deployment,
  EndpointSlice,
  Namespace,
  Node,
  PersistentVolume,
  PersistentVolumeClaim,
  Pod,
  ReplicaSet,
  Service,
  StorageClass,
} from '../../client/kinds.ts';

/** The lookups that every cache has. */
export const INDEXES = {
  /** By the uid of any owner. */
  owner: (object: KubeObject): readonly string[] => (object.metadata.ownerReferences ?? []).map((owner) => owner.uid),
  /** By the uid of the owner that controls it; `none` for those without. */
  controller: (object: KubeObject): readonly string[] => [
    controllerOf(object)?.uid ?? `none/${object.metadata.namespace ?? ''}`,
  ],
  uid: (object: KubeObject): readonly string[] => [object.metadata.uid ?? ''],
  namespace: (object: KubeObject): readonly string[] => [object.metadata.namespace ?? ''],
};

export class Informers implements Disposable {
  readonly #client: ApiClient;
  readonly #informers = new Map<string, Informer<KubeObject>>();

  constructor(client: ApiClient) {
    this.#client = client;
  }

  readonly pods = (): Informer<Pod> => this.#typed<Pod>('v1', 'Pod');
  readonly nodes = (): Informer<Node> => this.#typed<Node>('v1', 'Node');
  readonly namespaces = (): Informer<Namespace> => this.#typed<Namespace>('v1', 'Namespace');
  readonly services = (): Informer<Service> => this.#typed<Service>('v1', 'Service');
  readonly configMaps = (): Informer => this.of('v1', 'ConfigMap');
  readonly serviceAccounts = (): Informer => this.of('v1', 'ServiceAccount');
  readonly claims = (): Informer<PersistentVolumeClaim> =>
    this.#typed<PersistentVolumeClaim>('v1', 'PersistentVolumeClaim');
  readonly volumes = (): Informer<PersistentVolume> => this.#typed<PersistentVolume>('v1', 'PersistentVolume');
  readonly storageClasses = (): Informer<StorageClass> =>
    this.#typed<StorageClass>('storage.k8s.io/v1', 'StorageClass');
  readonly replicaSets = (): Informer<ReplicaSet> => this.#typed<ReplicaSet>('apps/v1', 'ReplicaSet');
  readonly deployments = (): Informer<Deployment> => this.#typed<Deployment>('apps/v1', 'Deployment');
  readonly endpointSlices = (): Informer<EndpointSlice> =>
    this.#typed<EndpointSlice>('discovery.k8s.io/v1', 'EndpointSlice');

  of(apiVersion: string, kind: string): Informer {
    const key = `${apiVersion}/${kind}`;
    const known = this.#informers.get(key);
    if (known) return known;
    const informer = new Informer({ client: this.#client, query: { apiVersion, kind }, indexes: INDEXES });
    this.#informers.set(key, informer);
    return informer;
  }

  dispose(): void {
    for (const informer of this.#informers.values()) informer.dispose();
    this.#informers.clear();
  }

  /** The one place where a kind's type is believed: the informer was asked for that very kind. */
  #typed<T extends KubeObject>(apiVersion: string, kind: string): Informer<T> {
    return this.of(apiVersion, kind) as unknown as Informer<T>;
  }
}
