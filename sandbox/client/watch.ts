/**
 * A watch that does not end: lists, then follows, and begins anew when the stream breaks. What changed while it was blind
 * is told as events, deletions too. Knows nothing of kinds or paths.
 */
import type { Clock } from '../../kernel/clock.ts';
import { sleep } from '../../kernel/clock.ts';
import { disposable } from '../../kernel/disposable.ts';
import type { Disposable } from '../../kernel/disposable.ts';
import type { KubeList, KubeObject, WatchEvent } from '../../kernel/kube/object.ts';
import { isRecord, keyOf } from '../../kernel/kube/object.ts';
import { StatusError } from './status.ts';
import type { ApiRequest, Transport } from './transport.ts';

export interface WatchOptions {
  readonly transport: Transport;
  readonly clock: Clock;
  /** The GET of the collection; `items` may lack apiVersion and kind, as a real server sends them. */
  list(): Promise<{ request: ApiRequest; list: KubeList }>;
  readonly onEvent: (event: WatchEvent) => void;
  /** Hears of each lost connection; the watch goes on. */
  readonly onError: (error: unknown) => void;
  /** Called after each full list has been told, with the list's resourceVersion. */
  readonly onSynced?: (resourceVersion: string) => void;
}

const FIRST_WAIT = 200;
const LONGEST_WAIT = 5_000;

/** Starts it; disposing ends it and frees the connection. */
export function watchForever(options: WatchOptions): Disposable {
  const abort = new AbortController();
  void new Follower(options, abort.signal).run();
  return disposable(() => abort.abort());
}

class Follower {
  readonly #options: WatchOptions;
  readonly #signal: AbortSignal;
  #known = new Map<string, KubeObject>();
  #wait = FIRST_WAIT;

  constructor(options: WatchOptions, signal: AbortSignal) {
    this.#options = options;
    this.#signal = signal;
  }

  async run(): Promise<void> {
    while (!this.#signal.aborted) {
      try {
        const { request, list } = await this.#options.list();
        if (this.#signal.aborted) return;
        this.#tellList(list);
        await this.#follow(request, list.metadata.resourceVersion ?? '');
      } catch (error) {
        if (this.#signal.aborted) return;
        this.#options.onError(error);
        await sleep(this.#options.clock, this.#wait, this.#signal).catch(() => undefined);
        this.#wait = Math.min(this.#wait * 2, LONGEST_WAIT);
      }
    }
  }

  #tellList(list: KubeList): void {
    const before = this.#known;
    this.#known = new Map();
    for (const object of list.items) this.#tell({ type: 'ADDED', object });
    for (const [key, object] of before) {
      if (!this.#known.has(key)) this.#options.onEvent({ type: 'DELETED', object });
    }
    this.#options.onSynced?.(list.metadata.resourceVersion ?? '');
  }

  /** Follows from a version on, reconnecting from the last version seen while the server still has it. */
  async #follow(request: ApiRequest, from: string): Promise<void> {
    let version = from;
    while (!this.#signal.aborted) {
      const query = { ...request.query, watch: 'true', resourceVersion: version, allowWatchBookmarks: 'true' };
      const events = await this.#options.transport.watch({ ...request, query }, this.#signal);
      let seen = 0;
      for await (const event of events) {
        if (this.#signal.aborted) return;
        if (event.type === 'ERROR') throw statusOf(event.object);
        version = event.object.metadata.resourceVersion ?? version;
        this.#wait = FIRST_WAIT;
        seen += 1;
        if (event.type !== 'BOOKMARK') this.#tell(event);
      }
      // A server that ends each stream at once must not be asked in a tight loop.
      if (seen === 0) await sleep(this.#options.clock, this.#wait, this.#signal);
    }
  }

  #tell(event: WatchEvent): void {
    const key = keyOf(event.object);
    if (event.type === 'DELETED') this.#known.delete(key);
    else this.#known.set(key, event.object);
    this.#options.onEvent(event);
  }
}

function statusOf(object: KubeObject): StatusError {
  const { code, reason, message } = object;
  return new StatusError(
    typeof code === 'number' ? code : 500,
    typeof reason === 'string' ? reason : '',
    typeof message === 'string'
      ? message
      : `the watch ended with an error: ${isRecord(object) ? JSON.stringify(object) : ''}`,
  );
}
