/** Watches what a live view draws, while somebody looks, and publishes a new model when it differs from the last one. */
import type { Clock } from '../../../kernel/clock.ts';
import type { Disposable } from '../../../kernel/disposable.ts';
import { DisposableStore } from '../../../kernel/disposable.ts';
import { unreachable } from '../../../kernel/errors.ts';
import type { KubeObject, WatchEvent } from '../../../kernel/kube/object.ts';
import { jsonEqual, keyOf } from '../../../kernel/kube/object.ts';
import type { ClusterReader } from '../../../sandbox/contract.ts';
import type { AttemptEvent } from '../../protocol/http.ts';
import type { LiveView } from '../../protocol/live-view.ts';
import { podsView } from './pods.ts';
import type { Explain } from './scheduling.ts';
import { schedulingView } from './scheduling.ts';
import { servicesView } from './services.ts';

/** How long changes are gathered before the next drawing. */
const GATHER_MS = 120;

const KINDS: Readonly<Record<LiveView['view'], readonly (readonly [apiVersion: string, kind: string])[]>> = {
  pods: [['v1', 'Pod']],
  scheduling: [
    ['v1', 'Pod'],
    ['v1', 'Node'],
    ['v1', 'Namespace'],
    ['v1', 'PersistentVolume'],
    ['v1', 'PersistentVolumeClaim'],
    ['storage.k8s.io/v1', 'StorageClass'],
    ['v1', 'Service'],
    ['apps/v1', 'ReplicaSet'],
  ],
  services: [
    ['v1', 'Pod'],
    ['v1', 'Service'],
    ['discovery.k8s.io/v1', 'EndpointSlice'],
  ],
};

export interface FeedOptions {
  readonly view: LiveView['view'];
  readonly cluster: ClusterReader;
  readonly clock: Clock;
  readonly explain: Explain;
  readonly publish: (event: AttemptEvent) => void;
}

export class LiveFeed implements Disposable {
  readonly #options: FeedOptions;
  readonly #objects = new Map<string, Map<string, KubeObject>>();
  #watches: DisposableStore | undefined;
  #timer: Disposable | undefined;
  #last: LiveView | undefined;
  #ended = false;

  constructor(options: FeedOptions) {
    this.#options = options;
  }

  /** Watches while `on`; watching costs something, so nobody's view is not computed. */
  run(on: boolean): void {
    if (on === (this.#watches !== undefined) || this.#ended) return;
    if (!on) return this.#stop();
    this.#watches = new DisposableStore();
    for (const [apiVersion, kind] of KINDS[this.#options.view]) {
      this.#objects.set(kind, new Map());
      // A lost connection is mended by the reader itself; the drawing stays as it was until then.
      this.#watches.add(
        this.#options.cluster.watch(
          { apiVersion, kind },
          (event) => this.#take(kind, event),
          () => {},
        ),
      );
    }
    this.#changed();
  }

  /** Gives the latest model, if any, to one who has just come. */
  repeat(listener: (event: AttemptEvent) => void): void {
    if (this.#last) listener({ kind: 'live', view: this.#last });
  }

  dispose(): void {
    this.#ended = true;
    this.#stop();
  }

  #stop(): void {
    this.#watches?.dispose();
    this.#watches = undefined;
    this.#timer?.dispose();
    this.#timer = undefined;
    this.#objects.clear();
    this.#last = undefined;
  }

  #take(kind: string, { type, object }: WatchEvent): void {
    if (type === 'BOOKMARK' || type === 'ERROR') return;
    const known = this.#objects.get(kind);
    if (type === 'DELETED') known?.delete(keyOf(object));
    else known?.set(keyOf(object), object);
    this.#changed();
  }

  #changed(): void {
    this.#timer ??= this.#options.clock.after(GATHER_MS, () => {
      this.#timer = undefined;
      const view = this.#draw();
      if (jsonEqual(view, this.#last)) return;
      this.#last = view;
      this.#options.publish({ kind: 'live', view });
    });
  }

  #draw(): LiveView {
    const all = (kind: string): readonly KubeObject[] => [...(this.#objects.get(kind)?.values() ?? [])];
    const { view, explain } = this.#options;
    switch (view) {
      case 'pods':
        return podsView(all('Pod'));
      case 'scheduling':
        return schedulingView(Object.fromEntries(KINDS.scheduling.map(([, kind]) => [kind, all(kind)])), explain);
      case 'services':
        return servicesView({ services: all('Service'), slices: all('EndpointSlice'), pods: all('Pod') });
      default:
        return unreachable(view);
    }
  }
}
