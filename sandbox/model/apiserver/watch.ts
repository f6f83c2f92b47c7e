/**
 * Watches. Source: apiserver `endpoints/handlers/watch.go` and `storage/cacher`.
 *
 * R-WATCH-1  Without a version, or with 0, a watch begins with ADDED for all that is there.
 * R-WATCH-2  sendInitialEvents ends that beginning with a bookmark annotated `k8s.io/initial-events-end`.
 * R-WATCH-3  An object that leaves the selector is DELETED, one that enters it is ADDED.
 * R-WATCH-4  A version that is compacted is answered by one ERROR event with a 410.
 * R-WATCH-5  Bookmarks come once a minute when allowed.
 */
import { randomInt } from '../../../kernel/random.ts';
import { DisposableStore } from '../../../kernel/disposable.ts';
import type { KubeObject, WatchEvent } from '../../../kernel/kube/object.ts';
import type { StoreEvent } from '../etcd/store.ts';
import type { Core } from './core.ts';
import { expired, tooLarge } from './errors.ts';
import { EventQueue } from './event-queue.ts';
import { groupVersion } from './kind-index.ts';
import type { Kind } from './kind.ts';
import type { ListOptions } from './list-options.ts';
import type { WatchStream } from './request.ts';
import type { Selection } from './selection.ts';

const BOOKMARK_MS = 60_000;

export interface WatchInput {
  readonly kind: Kind;
  readonly namespace: string | undefined;
  readonly selection: Selection;
  readonly options: ListOptions;
  readonly signal: AbortSignal;
}

/** Throws StatusError 504 for a version from the future. */
export function watchObjects(core: Core, input: WatchInput): WatchStream {
  const { kind, namespace, options, selection } = input;
  const { store } = core.registry;
  const asked = options.resourceVersion;
  if (asked !== undefined && asked > store.revision) throw tooLarge(String(asked), store.revision);
  const owned = new DisposableStore();
  const fromStart = options.sendInitialEvents ?? (asked === undefined || asked === 0);
  const queue = new EventQueue<WatchEvent>(() => owned.dispose(), fromStart ? beginning(core, input) : []);
  if (!fromStart && (asked ?? 0) < store.compacted) {
    const status = expired(`too old resource version: ${asked ?? 0} (${store.compacted})`).toStatus();
    queue.push({ type: 'ERROR', object: { ...status, kind: 'Status', apiVersion: 'v1', metadata: {} } });
    queue.end();
    return queue;
  }
  const after = fromStart ? store.revision : (asked ?? store.revision);
  owned.add(core.registry.watch({ kind, namespace, after }, (event) => tell(queue, event, selection)));
  endInTime(core, { ...input, queue, owned });
  return queue;
}

/** ADDED for all that is there, and the bookmark that says so. */
function beginning(core: Core, { kind, namespace, options, selection }: WatchInput): WatchEvent[] {
  const { items } = core.registry.range(kind, { namespace });
  const events = items
    .filter(({ value }) => selection.matches(value))
    .map(({ value }): WatchEvent => ({ type: 'ADDED', object: value }));
  const announces = options.sendInitialEvents === true || options.resourceVersion === 0;
  if (announces && options.bookmarks)
    events.push(bookmark(kind, core.registry.store.revision, { 'k8s.io/initial-events-end': 'true' }));
  return events;
}

function tell(queue: EventQueue<WatchEvent>, { value, previous, revision }: StoreEvent, selection: Selection): void {
  const was = previous !== undefined && selection.matches(previous);
  const is = value !== undefined && selection.matches(value);
  if (is && value) queue.push({ type: was ? 'MODIFIED' : 'ADDED', object: value });
  else if (was && previous) queue.push({ type: 'DELETED', object: lastState(value ?? previous, revision) });
}

/** A deleted object is told with the revision of its end. */
function lastState(object: KubeObject, revision: number): KubeObject {
  return { ...object, metadata: { ...object.metadata, resourceVersion: String(revision) } };
}

interface Ending extends WatchInput {
  readonly queue: EventQueue<WatchEvent>;
  readonly owned: DisposableStore;
}

function endInTime(core: Core, { kind, options, signal, queue, owned }: Ending): void {
  const seconds = options.timeoutSeconds ?? randomInt(core.random, 1800, 3600);
  owned.add(core.clock.after(seconds * 1000, () => queue.end()));
  if (options.bookmarks) {
    owned.add(core.clock.every(BOOKMARK_MS, () => queue.push(bookmark(kind, core.registry.store.revision))));
  }
  const onAbort = (): void => queue.end();
  if (signal.aborted) return onAbort();
  signal.addEventListener('abort', onAbort, { once: true });
  owned.add({ dispose: () => signal.removeEventListener('abort', onAbort) });
}

function bookmark(kind: Kind, revision: number, annotations?: Record<string, string>): WatchEvent {
  const metadata = { resourceVersion: String(revision), ...(annotations ? { annotations } : {}) };
  return { type: 'BOOKMARK', object: { kind: kind.kind, apiVersion: groupVersion(kind), metadata } };
}
