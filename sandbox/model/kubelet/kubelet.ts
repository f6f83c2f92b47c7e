/** One node's kubelet: a worker for each Pod bound to the node. Registration and heartbeats are `node/`'s. */
import type { Disposable } from '../../../kernel/disposable.ts';
import { containerId } from './container-rules.ts';
import type { KubeletContext } from './context.ts';
import type { KubeletApi } from './kubelet-api.ts';
import type { Pod } from './pod.ts';
import { PodWorker } from './pod-worker.ts';
import { kubeletStreams } from './streams.ts';

export class Kubelet implements Disposable {
  readonly #context: KubeletContext;
  readonly #workers = new Map<string, PodWorker>();
  readonly api: KubeletApi;

  constructor(context: KubeletContext) {
    this.#context = context;
    this.api = kubeletStreams({
      worker: (namespace, pod) => this.#workers.get(`${namespace}/${pod}`),
      network: context.network,
      execId: () => containerId(context.random),
    });
  }

  /** A Pod bound to this node as it is now; undefined when it is gone. */
  observe(key: string, pod: Pod | undefined): void {
    const worker = this.#workers.get(key);
    const same = worker && pod && worker.pod.metadata.uid === pod.metadata.uid;
    if (same) return worker.update(pod);
    if (worker) {
      worker.dispose();
      this.#workers.delete(key);
    }
    if (pod) this.#workers.set(key, new PodWorker(this.#context, pod));
  }

  /** ConfigMaps or Secrets changed: volumes follow. */
  refresh(namespace: string): void {
    for (const worker of this.#workers.values()) if (worker.pod.metadata.namespace === namespace) worker.refresh();
  }

  dispose(): void {
    for (const worker of this.#workers.values()) worker.dispose();
    this.#workers.clear();
  }
}
