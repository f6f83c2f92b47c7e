/**
 * A shared cache of one kind, kept current by one list and watch. Readers get the server's own objects, never copies.
 * Knows nothing of what its readers do with them.
 */
import type { Disposable } from '../../kernel/disposable.ts';
import { disposable } from '../../kernel/disposable.ts';
import type { KubeObject, WatchEvent } from '../../kernel/kube/object.ts';
import { keyOf } from '../../kernel/kube/object.ts';
import type { ListQuery } from '../contract.ts';
import type { ApiClient } from './client.ts';

/** `before` is undefined for what is new, `now` for what is gone. */
export interface Change<T extends KubeObject> {
  readonly before: T | undefined;
  readonly now: T | undefined;
}

export interface InformerOptions<T extends KubeObject> {
  readonly client: ApiClient;
  readonly query: ListQuery;
  /** Named ways to look up: each gives the keys under which an object is found. */
  readonly indexes?: Readonly<Record<string, (object: T) => readonly string[]>>;
  readonly onError?: (error: unknown) => void;
}

export class Informer<T extends KubeObject = KubeObject> implements Disposable {
  readonly #objects = new Map<string, T>();
  readonly #indexes: Readonly<Record<string, (object: T) => readonly string[]>>;
  readonly #buckets = new Map<string, Map<string, Map<string, T>>>();
  readonly #listeners = new Set<(change: Change<T>) => void>();
  readonly #waiting = new Set<{ holds: () => boolean; resolve: () => void }>();
  readonly #watch: Disposable;
  #seen = 0;
  #ended = false;
  /** Resolves when all that was there at the start is in the cache. */
  readonly synced: Promise<void>;

  constructor(options: InformerOptions<T>) {
    this.#indexes = options.indexes ?? {};
    for (const name of Object.keys(this.#indexes)) this.#buckets.set(name, new Map());
    const { promise, resolve } = Promise.withResolvers<void>();
    this.synced = promise;
    this.#watch = options.client.follow(options.query, {
      onEvent: (event) => {
        this.#seen = Math.max(this.#seen, versionOf(event.object));
        this.#take(event);
        this.#settle();
      },
      onError: options.onError ?? (() => undefined),
      onSynced: (version) => {
        this.#seen = Math.max(this.#seen, Number(version));
        this.#settle();
        resolve();
      },
    });
  }

  /** By `namespace/name`, or by name for a cluster-scoped kind. */
  get(key: string): T | undefined {
    return this.#objects.get(key);
  }

  list(): readonly T[] {
    return [...this.#objects.values()];
  }

  get size(): number {
    return this.#objects.size;
  }

  /** All objects found under a key of a named index. */
  by(index: string, key: string): readonly T[] {
    const bucket = this.#buckets.get(index)?.get(key);
    return bucket ? [...bucket.values()] : [];
  }

  /** Calls back with each change from now on, and at once with all that is there. */
  onChange(listener: (change: Change<T>) => void): Disposable {
    this.#listeners.add(listener);
    for (const now of this.#objects.values()) listener({ before: undefined, now });
    return disposable(() => this.#listeners.delete(listener));
  }

  /**
   * Resolves when the cache shows what a write answered (or newer), so that the next look does not act on old news. Rejects
   * never; resolves also when the informer ends.
   */
  shows(written: KubeObject): Promise<void> {
    return this.until(() => this.#seen >= versionOf(written));
  }

  /** Resolves when the condition holds; it is asked anew after each event. */
  until(holds: () => boolean): Promise<void> {
    if (this.#ended || holds()) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.add({ holds, resolve }));
  }

  dispose(): void {
    this.#ended = true;
    this.#watch.dispose();
    this.#listeners.clear();
    this.#settle();
  }

  #settle(): void {
    for (const waiter of this.#waiting) {
      if (!this.#ended && !waiter.holds()) continue;
      this.#waiting.delete(waiter);
      waiter.resolve();
    }
  }

  #take(event: WatchEvent): void {
    // The server validated it against the kind's schema: the type of the kind that was asked for holds.
    const object = event.object as T;
    const key = keyOf(object);
    const before = this.#objects.get(key);
    if (event.type === 'DELETED') {
      if (!before) return;
      this.#objects.delete(key);
      this.#unindex(key, before);
      this.#announce({ before: object, now: undefined });
      return;
    }
    if (before && versionOf(before) >= versionOf(object)) return;
    this.#objects.set(key, object);
    if (before) this.#unindex(key, before);
    this.#index(key, object);
    this.#announce({ before, now: object });
  }

  #announce(change: Change<T>): void {
    for (const listener of this.#listeners) listener(change);
  }

  #index(key: string, object: T): void {
    for (const [name, keysOf] of Object.entries(this.#indexes)) {
      const buckets = this.#buckets.get(name);
      for (const at of keysOf(object)) {
        const bucket = buckets?.get(at);
        if (bucket) bucket.set(key, object);
        else buckets?.set(at, new Map([[key, object]]));
      }
    }
  }

  #unindex(key: string, object: T): void {
    for (const [name, keysOf] of Object.entries(this.#indexes)) {
      const buckets = this.#buckets.get(name);
      for (const at of keysOf(object)) {
        const bucket = buckets?.get(at);
        bucket?.delete(key);
        if (bucket?.size === 0) buckets?.delete(at);
      }
    }
  }
}

/** Versions of one server grow; a real server calls them opaque, yet client-go too compares them since 1.35. */
function versionOf(object: KubeObject): number {
  return Number(object.metadata.resourceVersion ?? 0);
}
