/**
 * Starts the nodes of a model cluster: one kubelet each, over one Pod network, one set of Service rules and one DNS. All of it
 * speaks to the API through the transport alone.
 */
import type { Clock } from '../../../kernel/clock.ts';
import { sleep } from '../../../kernel/clock.ts';
import type { Disposable } from '../../../kernel/disposable.ts';
import { DisposableStore } from '../../../kernel/disposable.ts';
import { DrydockError } from '../../../kernel/errors.ts';
import type { KubeObject } from '../../../kernel/kube/object.ts';
import { keyOf } from '../../../kernel/kube/object.ts';
import type { Random } from '../../../kernel/random.ts';
import { ApiClient } from '../../client/client.ts';
import { Informer } from '../../client/informer.ts';
import { StatusError, isConflict } from '../../client/status.ts';
import type { Transport } from '../../client/transport.ts';
import { AddressPool } from '../cni/addresses.ts';
import { ClusterNetwork } from '../cni/network.ts';
import { EventRecorder } from '../controllers/event-recorder.ts';
import { Resolver } from '../dns/resolver.ts';
import type { KubeletContext } from '../kubelet/context.ts';
import { Kubelet } from '../kubelet/kubelet.ts';
import type { KubeletApi } from '../kubelet/kubelet-api.ts';
import type { Lookups } from '../kubelet/lookups.ts';
import type { Pod } from '../kubelet/pod.ts';
import { NodeStorage } from '../kubelet/volumes.ts';
import { Forwarder } from '../proxy/forwarder.ts';
import type { EndpointSlice, Service } from '../proxy/service.ts';
import { serviceKeyOf } from '../proxy/service.ts';
import type { Layer } from '../runtime/files.ts';
import { installAddons } from './addons.ts';
import { Registration } from './registration.ts';
import type { NodeSpec } from './spec.ts';
import { staticPods } from './static-pods.ts';

export type { NodeSpec } from './spec.ts';

export interface NodesOptions {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly random: Random;
  readonly nodes: readonly NodeSpec[];
}

export interface Nodes extends Disposable {
  /** Undefined when there is no such node. */
  kubelet(name: string): KubeletApi | undefined;
}

const NAMESERVER = '10.96.0.10';
const RETRY_MS = 200;

export function startNodes(options: NodesOptions): Nodes {
  const cluster = new NodeCluster(options);
  return { kubelet: (name) => cluster.kubelet(name), dispose: () => cluster.dispose() };
}

class NodeCluster implements Disposable {
  readonly #options: NodesOptions;
  readonly #owned = new DisposableStore();
  readonly #ended = new AbortController();
  readonly #client: ApiClient;
  readonly #kubelets = new Map<string, Kubelet>();
  readonly #pods: Informer<Pod>;

  constructor(options: NodesOptions) {
    this.#options = options;
    const client = (this.#client = new ApiClient(options));
    const informer = <T extends KubeObject>(
      apiVersion: string,
      kind: string,
      indexes: Record<string, (object: T) => readonly string[]> = {},
    ): Informer<T> => this.#owned.add(new Informer<T>({ client, query: { apiVersion, kind }, indexes }));
    const byNamespace = { namespace: (object: KubeObject) => [object.metadata.namespace ?? ''] };
    this.#pods = informer<Pod>('v1', 'Pod');
    const services = informer<Service>('v1', 'Service', byNamespace);
    const slices = informer<EndpointSlice>('discovery.k8s.io/v1', 'EndpointSlice', {
      service: (slice) => [serviceKeyOf(slice)],
    });
    const configMaps = informer('v1', 'ConfigMap');
    const secrets = informer('v1', 'Secret');
    const claims = informer('v1', 'PersistentVolumeClaim');
    const namespaces = informer('v1', 'Namespace');

    const network = new ClusterNetwork(options.clock);
    const nodeAddresses = new Set(options.nodes.map(({ internalIP }) => internalIP));
    for (const address of nodeAddresses) this.#owned.add(network.attach(address));
    const forwarder = this.#owned.add(new Forwarder({ services, slices, nodeAddresses, random: options.random }));
    network.forward = (to, from) => forwarder.forward(to, from);
    const resolver = new Resolver({
      zone: {
        service: (key) => services.get(key),
        slices: (key) => slices.by('service', key),
        namespaceExists: (name) => namespaces.get(name) !== undefined,
      },
      answers: (nameserver) => {
        const backend = forwarder.forward({ address: nameserver, port: 53 }, '', 'UDP');
        return backend !== undefined && backend !== 'refused' && network.listening(backend);
      },
    });
    const volumes = new Map<string, Layer>();
    for (const node of options.nodes) {
      const lookups: Lookups = {
        configMap: (namespace, name) => configMaps.get(`${namespace}/${name}`),
        secret: (namespace, name) => secrets.get(`${namespace}/${name}`),
        claim: (namespace, name) => claims.get(`${namespace}/${name}`),
        services: (namespace) => services.by('namespace', namespace),
        node: { name: node.name, ip: node.internalIP, cpu: node.cpu, memory: node.memory },
      };
      const context: KubeletContext = {
        client,
        transport: options.transport,
        clock: options.clock,
        random: options.random,
        network,
        resolver,
        lookups,
        events: new EventRecorder({ client, clock: options.clock, component: 'kubelet', host: node.name }),
        addresses: new AddressPool(node.podCIDR),
        storage: new NodeStorage(volumes),
        pulled: new Set(),
        nameserver: NAMESERVER,
      };
      this.#kubelets.set(node.name, this.#owned.add(new Kubelet(context)));
      void this.#register(node, context.pulled);
    }
    const synced = Promise.all([services, slices, configMaps, secrets, claims].map((cache) => cache.synced));
    void synced.then(() => {
      if (this.#owned.ended) return;
      this.#owned.add(this.#pods.onChange(({ before, now }) => this.#podChanged(before, now)));
      for (const cache of [configMaps, secrets])
        this.#owned.add(
          cache.onChange(({ before, now }) => (before || !now ? this.#refresh(now ?? before) : undefined)),
        );
    });
    void this.#retry(() => installAddons(client));
  }

  kubelet(name: string): KubeletApi | undefined {
    return this.#kubelets.get(name)?.api;
  }

  dispose(): void {
    this.#ended.abort();
    this.#owned.dispose();
  }

  #podChanged(before: Pod | undefined, now: Pod | undefined): void {
    const pod = now ?? before;
    const kubelet = this.#kubelets.get(pod?.spec.nodeName ?? '');
    if (pod && kubelet) kubelet.observe(keyOf(pod), now);
  }

  #refresh(object: KubeObject | undefined): void {
    if (object) for (const kubelet of this.#kubelets.values()) kubelet.refresh(object.metadata.namespace ?? '');
  }

  async #register(node: NodeSpec, pulled: ReadonlySet<string>): Promise<void> {
    const { clock, random } = this.#options;
    const cluster = node.name.replace(/-(control-plane|worker)\d*$/, '');
    const registration = this.#owned.add(
      new Registration({ client: this.#client, clock, random, node, cluster, pulled }),
    );
    const stored = await this.#retry(() => registration.start());
    if (!stored) return;
    const pods = staticPods(node, stored.metadata.uid ?? '', clock);
    await Promise.all(pods.map((pod) => this.#keep(pod)));
    this.#owned.add(
      this.#pods.onChange(({ now, before }) => {
        if (now || !before) return;
        const lost = pods.find((pod) => keyOf(pod) === keyOf(before));
        if (lost) void this.#keep(lost);
      }),
    );
  }

  async #keep(pod: KubeObject): Promise<void> {
    await this.#retry(() =>
      this.#client.create(pod).catch((error: unknown) => {
        if (!isConflict(error)) throw error;
      }),
    );
  }

  /** Tries until it works: the API server may not be ready, or a service account not there yet. */
  async #retry<T>(action: () => Promise<T>): Promise<T | undefined> {
    for (;;) {
      try {
        return await action();
      } catch (error) {
        if (this.#ended.signal.aborted) return undefined;
        if (!(error instanceof StatusError || error instanceof DrydockError)) throw error;
        const ended = await sleep(this.#options.clock, RETRY_MS, this.#ended.signal).then(
          () => false,
          () => true,
        );
        if (ended) return undefined;
      }
    }
  }
}
