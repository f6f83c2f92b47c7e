/**
 * The `model` driver: sandboxes whose cluster lives in this process. With a directory each sandbox has a folder there, and
 * what exists is what the folders say; without one, sandboxes live as long as the driver.
 */
import type { Duplex } from 'node:stream';
import type { Clock } from '../../kernel/clock.ts';
import { systemClock } from '../../kernel/clock.ts';
import { InputError } from '../../kernel/errors.ts';
import type { Random } from '../../kernel/random.ts';
import { systemRandom } from '../../kernel/random.ts';
import { ApiClient } from '../client/client.ts';
import type { ClusterHandle, CreateOptions, Probe, Progress, Sandbox, SandboxDriver, SandboxId } from '../contract.ts';
import type { Capability, SandboxSpec } from '../spec.ts';
import { KUBERNETES_VERSION } from './apiserver/version.ts';
import type { ModelCluster } from './cluster.ts';
import { startCluster } from './cluster.ts';
import type { Kept, Shelf } from './shelf.ts';
import { folderShelf, memoryShelf } from './shelf.ts';
import { nodesOf } from './topology.ts';

export interface ModelDriverOptions {
  /** Where sandboxes are kept so that they survive this process; in memory when absent. */
  readonly directory?: string;
  readonly clock?: Clock;
  readonly random?: Random;
  /** The name of the cluster and the start of its nodes' names. */
  readonly clusterName?: string;
}

const NAME = 'model';
const CAPABILITIES: ReadonlySet<Capability> = new Set(['exec', 'logs', 'services', 'scheduler-explanation']);
const SAFE_ID = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;

export function modelDriver(options: ModelDriverOptions = {}): SandboxDriver {
  return new ModelDriver(options);
}

class ModelDriver implements SandboxDriver {
  readonly name = NAME;
  readonly capabilities = CAPABILITIES;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #clusterName: string;
  readonly #shelf: Shelf;
  /** The sandboxes that run in this process: a journal must not be opened twice. */
  readonly #running = new Map<SandboxId, ModelSandbox>();

  constructor({ directory, clock = systemClock, random = systemRandom, clusterName = 'drydock' }: ModelDriverOptions) {
    this.#clock = clock;
    this.#random = random;
    this.#clusterName = clusterName;
    this.#shelf = directory === undefined ? memoryShelf(clock) : folderShelf(directory, clock);
  }

  async probe(): Promise<Probe> {
    const trouble = this.#shelf.trouble();
    if (trouble !== undefined) return { ok: false, ...trouble };
    return { ok: true, detail: `Kubernetes ${KUBERNETES_VERSION}, simulated in this process` };
  }

  async create(spec: SandboxSpec, { id, onProgress, signal }: CreateOptions): Promise<Sandbox> {
    checkId(id);
    const missing = spec.needs.filter((need) => !CAPABILITIES.has(need));
    if (missing.length > 0) {
      throw new InputError('capability-missing', `the model driver cannot do: ${missing.join(', ')}`, {
        remedy: 'Choose another driver for this lab.',
      });
    }
    signal.throwIfAborted();
    const names = nodesOf(spec.topology, this.#clusterName).map((node) => node.name);
    const kept = this.#shelf.make(id, { spec, clusterName: this.#clusterName, nodes: names });
    try {
      return await this.#start(id, kept, { onProgress, signal });
    } catch (error) {
      kept.store.close();
      this.#shelf.remove(id);
      throw error;
    }
  }

  async open(id: SandboxId): Promise<Sandbox | undefined> {
    const running = this.#running.get(id);
    if (running) return running;
    const kept = SAFE_ID.test(id) ? this.#shelf.find(id) : undefined;
    if (!kept) return undefined;
    try {
      return await this.#start(id, kept, { onProgress: () => undefined, signal: new AbortController().signal });
    } catch (error) {
      this.#shelf.putBack(kept);
      throw error;
    }
  }

  async list(): Promise<readonly SandboxId[]> {
    return this.#shelf.list();
  }

  async destroy(id: SandboxId): Promise<void> {
    await this.#running.get(id)?.close();
    if (SAFE_ID.test(id)) this.#shelf.remove(id);
  }

  async #start(
    id: SandboxId,
    kept: Kept,
    watch: { onProgress: (progress: Progress) => void; signal: AbortSignal },
  ): Promise<ModelSandbox> {
    const { spec, clusterName, store, pki } = kept;
    const cluster = await startCluster({
      name: clusterName,
      topology: spec.topology,
      store,
      pki,
      clock: this.#clock,
      random: this.#random,
      ...watch,
    });
    const client = new ApiClient({
      transport: cluster.transport(),
      clock: this.#clock,
      kubeconfig: (server) => cluster.kubeconfig(server),
    });
    const sandbox = new ModelSandbox({
      id,
      spec,
      cluster,
      client,
      onClose: () => {
        this.#running.delete(id);
        this.#shelf.putBack(kept);
      },
    });
    this.#running.set(id, sandbox);
    return sandbox;
  }
}

function checkId(id: string): void {
  if (SAFE_ID.test(id)) return;
  throw new InputError('bad-sandbox-id', `${JSON.stringify(id)} cannot name a sandbox`, {
    remedy: 'Use letters, digits, - and _, at most 64.',
  });
}

interface Parts {
  readonly id: SandboxId;
  readonly spec: SandboxSpec;
  readonly cluster: ModelCluster;
  readonly client: ApiClient;
  readonly onClose: () => void;
}

class ModelSandbox implements Sandbox {
  readonly id: SandboxId;
  readonly driver = NAME;
  readonly spec: SandboxSpec;
  readonly version = KUBERNETES_VERSION;
  readonly cluster: ClusterHandle;
  readonly #parts: Parts;
  #closed = false;

  constructor(parts: Parts) {
    this.id = parts.id;
    this.spec = parts.spec;
    this.cluster = parts.client;
    this.#parts = parts;
  }

  connect(socket: Duplex): void {
    this.#parts.cluster.connect(socket);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#parts.cluster.dispose();
    this.#parts.onClose();
  }
}
