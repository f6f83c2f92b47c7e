/** Keeps the objects of one source as they are now: a watch, made whole by a list at the start and after each lost connection. */
import type { Source } from './check.ts';
import type { ClusterReader } from '../sandbox/contract.ts';
import type { KubeObject, WatchEvent } from '../kernel/kube/object.ts';
import { keyOf } from '../kernel/kube/object.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Disposable } from '../kernel/disposable.ts';
import { DisposableStore } from '../kernel/disposable.ts';

const RELIST_AFTER = 500;

export class ObjectCache implements Disposable {
  readonly #owned = new DisposableStore();
  readonly #objects = new Map<string, KubeObject>();
  readonly #options: { source: Source; reader: ClusterReader; clock: Clock; onChange: () => void };
  /** Events that came while a list was under way. */
  #pending: WatchEvent[] | undefined;
  #relist: Disposable | undefined;
  #whole = false;
  #list: readonly KubeObject[] | undefined;

  constructor(options: { source: Source; reader: ClusterReader; clock: Clock; onChange: () => void }) {
    this.#options = options;
    this.#owned.add(
      options.reader.watch(
        options.source,
        (event) => this.#take(event),
        () => this.#relistSoon(),
      ),
    );
    void this.#load();
  }

  /** The objects, always the same array until something changes; undefined until the first list has come. */
  get objects(): readonly KubeObject[] | undefined {
    if (!this.#whole) return undefined;
    this.#list ??= [...this.#objects.values()];
    return this.#list;
  }

  dispose(): void {
    this.#relist?.dispose();
    this.#owned.dispose();
  }

  async #load(): Promise<void> {
    if (this.#pending || this.#owned.ended) return;
    this.#pending = [];
    try {
      const { items, metadata } = await this.#options.reader.list(this.#options.source);
      const later = this.#pending.filter((event) => !(version(event.object) <= Number(metadata.resourceVersion)));
      this.#pending = undefined;
      this.#objects.clear();
      for (const item of items) this.#objects.set(keyOf(item), item);
      for (const event of later) this.#apply(event);
      this.#whole = true;
      this.#changed();
    } catch {
      // Not an answer but a lost connection: what we know stays, and we ask again.
      this.#pending = undefined;
      this.#relistSoon();
    }
  }

  #relistSoon(): void {
    if (this.#owned.ended || this.#relist) return;
    this.#relist = this.#options.clock.after(RELIST_AFTER, () => {
      this.#relist = undefined;
      void this.#load();
    });
  }

  #take(event: WatchEvent): void {
    if (this.#owned.ended) return;
    if (event.type === 'BOOKMARK' || event.type === 'ERROR') return;
    if (this.#pending) this.#pending.push(event);
    this.#apply(event);
    this.#changed();
  }

  #apply({ type, object }: WatchEvent): void {
    if (type === 'DELETED') this.#objects.delete(keyOf(object));
    else this.#objects.set(keyOf(object), object);
  }

  #changed(): void {
    this.#list = undefined;
    if (!this.#owned.ended) this.#options.onChange();
  }
}

function version(object: KubeObject): number {
  return Number(object.metadata.resourceVersion);
}
