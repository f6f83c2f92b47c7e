/**
 * Wires Kubernetes' components to one store, one clock and one source of chance. Every component but the store speaks to the
 * API server alone, as upstream's do.
 */
import type { Duplex } from 'node:stream';
import type { Clock } from '../../kernel/clock.ts';
import type { Disposable } from '../../kernel/disposable.ts';
import { DisposableStore } from '../../kernel/disposable.ts';
import type { Random } from '../../kernel/random.ts';
import type { Progress } from '../contract.ts';
import type { Transport } from '../client/transport.ts';
import type { Topology } from '../spec.ts';
import { HttpsEdge } from './apiserver/https.ts';
import { makeKubeconfig } from './apiserver/kubeconfig.ts';
import type { UserInfo } from './apiserver/kind.ts';
import type { Pki } from './apiserver/pki.ts';
import { ApiServer } from './apiserver/server.ts';
import { bootstrap } from './bootstrap.ts';
import { startControllers } from './controllers/index.ts';
import type { Store } from './etcd/store.ts';
import { startNodes } from './node/index.ts';
import { untilReady } from './readiness.ts';
import { startScheduler } from './scheduler/index.ts';
import { nodesOf } from './topology.ts';

export interface ClusterOptions {
  readonly name: string;
  readonly topology: Topology;
  /** The cluster's memory; the caller closes it. */
  readonly store: Store;
  readonly pki: Pki;
  readonly clock: Clock;
  readonly random: Random;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
}

const user = (username: string, ...groups: readonly string[]): UserInfo => ({
  username,
  groups: [...groups, 'system:authenticated'],
});
const API_SERVER = user('system:apiserver', 'system:masters');
const CONTROLLERS = user('system:kube-controller-manager');
const SCHEDULER = user('system:kube-scheduler');
const NODES = user('system:node', 'system:nodes');
const ADMINISTRATOR = user('kubernetes-admin', 'kubeadm:cluster-admins');

export class ModelCluster implements Disposable {
  readonly #owned = new DisposableStore();
  readonly #options: ClusterOptions;
  readonly #server: ApiServer;
  readonly #edge: HttpsEdge;

  /** Use `startCluster`. */
  constructor(options: ClusterOptions, server: ApiServer) {
    this.#options = options;
    this.#server = server;
    this.#edge = this.#owned.add(new HttpsEdge(server, options.pki));
  }

  own<T extends Disposable>(item: T): T {
    return this.#owned.add(item);
  }

  /** The administrator's way in, without TLS. */
  transport(): Transport {
    return this.#server.transport(ADMINISTRATOR);
  }

  /** Serves one client connection, TLS inside. */
  connect(socket: Duplex): void {
    if (this.#owned.ended) socket.destroy();
    else this.#edge.connect(socket);
  }

  kubeconfig(server: string): string {
    const { name, pki } = this.#options;
    return makeKubeconfig({ name, server, authority: pki.authority.certificate, client: pki.administrator });
  }

  dispose(): void {
    this.#owned.dispose();
  }
}

/** Starts every component; resolves when the nodes are Ready and Pods can be made. Rejects with the signal's reason. */
export async function startCluster(options: ClusterOptions): Promise<ModelCluster> {
  const { name, topology, store, pki, clock, random, signal, onProgress } = options;
  const step = async (words: string, work: () => void | Promise<void>): Promise<void> => {
    signal.throwIfAborted();
    onProgress({ step: words, state: 'started' });
    await work();
    onProgress({ step: words, state: 'done' });
  };
  const places = nodesOf(topology, name);
  const kubelets: { current: ReturnType<typeof startNodes> | undefined } = { current: undefined };
  const server = new ApiServer({
    store,
    clock,
    random,
    tokenKey: pki.tokenKey,
    kubelet: (node) => kubelets.current?.kubelet(node),
  });
  const cluster = new ModelCluster(options, server);
  try {
    await step('Starting the API server', () =>
      bootstrap(server.transport(API_SERVER), places[0]?.internalIP ?? '172.18.0.2'),
    );
    await step('Starting the controllers and the scheduler', () => {
      cluster.own(
        startControllers({ transport: server.transport(CONTROLLERS), clock, random, ca: pki.authority.certificate }),
      );
      cluster.own(startScheduler({ transport: server.transport(SCHEDULER), clock, random }));
    });
    await step(`Joining ${places.length === 1 ? 'the node' : `${places.length} nodes`}`, async () => {
      kubelets.current = cluster.own(
        startNodes({ transport: server.transport(NODES), clock, random, nodes: [...places] }),
      );
      await untilReady({ transport: cluster.transport(), clock, signal, nodes: places.map((place) => place.name) });
    });
    signal.throwIfAborted();
    return cluster;
  } catch (error) {
    cluster.dispose();
    throw error;
  }
}
