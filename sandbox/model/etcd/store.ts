/**
 * The cluster's memory: keys to objects under one revision counter, with compare-and-swap, ordered ranges, ranges in the
 * past, and watches. Synchronous: between a read and the write that follows it nothing else can happen. Values are shared
 * and never changed, so readers and watchers cost no copies. Knows nothing of kinds.
 *
 * R-STORE-1  Each write raises the one revision by one and stamps it as metadata.resourceVersion (etcd: mod_revision).
 * R-STORE-2  A write that expects another revision than the stored one is refused (etcd: Txn compare).
 * R-STORE-3  Ranges come in key order (etcd: Range).
 * R-STORE-4  The last 1000 changes are kept; older revisions are compacted (etcd: compaction).
 * R-STORE-5  A watcher sees every change after its revision, once and in order (etcd: Watch).
 */
import type { Disposable } from '../../../kernel/disposable.ts';
import { disposable } from '../../../kernel/disposable.ts';
import { DrydockError } from '../../../kernel/errors.ts';
import type { KubeObject } from '../../../kernel/kube/object.ts';
import type { Journal, JournalRecord } from './journal.ts';
import { openJournal } from './journal.ts';
import { firstNotBefore } from './key-order.ts';

const HISTORY = 1000;

export interface StoreEvent {
  readonly key: string;
  readonly revision: number;
  /** What is stored now; undefined: deleted. */
  readonly value: KubeObject | undefined;
  /** What was stored before; undefined: created. */
  readonly previous: KubeObject | undefined;
}

export interface RangeQuery {
  readonly prefix: string;
  /** Only keys after this one. */
  readonly after?: string;
  readonly limit?: number;
  /** The state at this revision instead of now. Throws Compacted when it is too long ago. */
  readonly revision?: number;
}

export interface RangeResult {
  readonly items: readonly { readonly key: string; readonly value: KubeObject }[];
  /** How many keys of the range come after the limit. */
  readonly remaining: number;
  readonly revision: number;
}

/** The revision asked for is no longer kept. */
export class Compacted extends DrydockError {
  readonly oldest: number;
  constructor(oldest: number) {
    super('compacted', 'the requested revision has been compacted');
    this.oldest = oldest;
  }
}

/** The stored revision is not the expected one. */
export class RevisionConflict extends DrydockError {
  constructor(key: string) {
    super('revision-conflict', `${key} was changed meanwhile`);
  }
}

interface Watcher {
  readonly prefix: string;
  readonly onEvent: (event: StoreEvent) => void;
}

export class Store {
  readonly #values = new Map<string, KubeObject>();
  readonly #keys: string[] = [];
  #history: StoreEvent[] = [];
  #compacted: number;
  #revision: number;
  readonly #watchers = new Set<Watcher>();
  readonly #journal: Journal | undefined;

  /** Use `openStore`. */
  constructor(loaded?: { revision: number; records: readonly JournalRecord[]; journal: Journal }) {
    this.#revision = loaded?.revision ?? 0;
    this.#journal = loaded?.journal;
    for (const record of loaded?.records ?? []) {
      this.#set(record.key, record.value);
      this.#revision = Math.max(this.#revision, record.revision);
    }
    this.#compacted = this.#revision;
  }

  get revision(): number {
    return this.#revision;
  }

  /** The oldest revision that a watch may start after. */
  get compacted(): number {
    return this.#compacted;
  }

  get size(): number {
    return this.#keys.length;
  }

  get(key: string): KubeObject | undefined {
    return this.#values.get(key);
  }

  /**
   * Stores an object and returns it with its new resourceVersion. `expected`: the resourceVersion that must be stored now
   * (R-STORE-2), '' when the key must be free. Throws RevisionConflict, EnvironmentError.
   */
  put(key: string, object: KubeObject, expected?: string): KubeObject {
    this.#check(key, expected);
    const revision = this.#revision + 1;
    const value = stamp(object, revision);
    this.#journal?.append({ revision, key, value });
    this.#commit({ key, revision, value, previous: this.#values.get(key) });
    return value;
  }

  /** Removes a key; returns the last object with the revision of its removal, undefined when there was none. */
  delete(key: string, expected?: string): KubeObject | undefined {
    this.#check(key, expected);
    const previous = this.#values.get(key);
    if (!previous) return undefined;
    const revision = this.#revision + 1;
    this.#journal?.append({ revision, key });
    this.#commit({ key, revision, value: undefined, previous });
    return stamp(previous, revision);
  }

  range(query: RangeQuery): RangeResult {
    const revision = query.revision ?? this.#revision;
    const past = revision < this.#revision ? this.#undo(query.prefix, revision) : undefined;
    const keys = past ? mergeKeys(this.#keysOf(query.prefix), past) : this.#keysOf(query.prefix);
    const items: { key: string; value: KubeObject }[] = [];
    let remaining = 0;
    for (const key of keys) {
      if (query.after !== undefined && key <= query.after) continue;
      const value = past?.has(key) ? past.get(key) : this.#values.get(key);
      if (!value) continue;
      if (query.limit !== undefined && items.length >= query.limit) remaining++;
      else items.push({ key, value });
    }
    return { items, remaining, revision };
  }

  /** All changes under a prefix after a revision: the kept ones at once, then live ones. Throws Compacted. */
  watch(prefix: string, after: number, onEvent: (event: StoreEvent) => void): Disposable {
    if (after < this.#compacted) throw new Compacted(this.#compacted);
    for (const event of this.#history) {
      if (event.revision > after && event.key.startsWith(prefix)) onEvent(event);
    }
    const watcher = { prefix, onEvent };
    this.#watchers.add(watcher);
    return disposable(() => this.#watchers.delete(watcher));
  }

  close(): void {
    this.#watchers.clear();
    this.#journal?.close();
  }

  #check(key: string, expected: string | undefined): void {
    if (expected === undefined) return;
    if ((this.#values.get(key)?.metadata.resourceVersion ?? '') !== expected) throw new RevisionConflict(key);
  }

  #commit(event: StoreEvent): void {
    this.#revision = event.revision;
    this.#set(event.key, event.value);
    this.#history.push(event);
    // Trimmed in blocks: shifting one event per write would move the whole array each time.
    if (this.#history.length >= HISTORY * 1.25) {
      const dropped = this.#history.length - HISTORY;
      this.#compacted = this.#history[dropped - 1]?.revision ?? this.#compacted;
      this.#history = this.#history.slice(dropped);
    }
    if (this.#journal?.wantsRotation) this.#journal.rotate(this.#revision, this.#live());
    for (const watcher of this.#watchers) {
      if (event.key.startsWith(watcher.prefix)) watcher.onEvent(event);
    }
  }

  #set(key: string, value: KubeObject | undefined): void {
    const known = this.#values.has(key);
    if (value) {
      if (!known) this.#keys.splice(firstNotBefore(this.#keys, key), 0, key);
      this.#values.set(key, value);
    } else if (known) {
      this.#keys.splice(firstNotBefore(this.#keys, key), 1);
      this.#values.delete(key);
    }
  }

  *#live(): Iterable<JournalRecord> {
    for (const [key, value] of this.#values) yield { revision: Number(value.metadata.resourceVersion), key, value };
  }

  #keysOf(prefix: string): string[] {
    const start = firstNotBefore(this.#keys, prefix);
    // No key holds U+FFFF, so this comes right after the last key under the prefix.
    return this.#keys.slice(start, firstNotBefore(this.#keys, `${prefix}\uffff`));
  }

  /** What differed under a prefix at an earlier revision: key → its value then. */
  #undo(prefix: string, revision: number): Map<string, KubeObject | undefined> {
    if (revision < this.#compacted) throw new Compacted(this.#compacted);
    const past = new Map<string, KubeObject | undefined>();
    for (let i = this.#history.length - 1; i >= 0; i--) {
      const event = this.#history[i];
      if (!event || event.revision <= revision) break;
      if (event.key.startsWith(prefix)) past.set(event.key, event.previous);
    }
    return past;
  }
}

/** A store in memory, or one that is restored from and kept in a directory. */
export function openStore(directory?: string): Store {
  return new Store(directory === undefined ? undefined : openJournal(directory));
}

function stamp(object: KubeObject, revision: number): KubeObject {
  return { ...object, metadata: { ...object.metadata, resourceVersion: String(revision) } };
}

function mergeKeys(keys: readonly string[], past: ReadonlyMap<string, unknown>): string[] {
  return [...new Set([...keys, ...past.keys()])].sort((a, b) => (a < b ? -1 : 1));
}
