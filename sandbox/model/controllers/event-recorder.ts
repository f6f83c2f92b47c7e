/**
 * Writes Events about objects, counting repeats instead of piling them up. One for each component. Never fails: an Event
 * that cannot be written is dropped, as upstream does.
 *
 * R-CTRL-2 A repeat (same object, type, reason, message) raises `count` and `lastTimestamp` of the first Event (client-go `tools/record`).
 * R-CTRL-3 From the 10th similar Event within 10 min on, the message gets the prefix `(combined from similar events): ` (the same).
 * R-CTRL-4 One component writes at most 25 Events at once about one object, then one each 5 min (the same).
 */
import type { Clock } from '../../../kernel/clock.ts';
import { rfc3339 } from '../../../kernel/clock.ts';
import type { KubeObject } from '../../../kernel/kube/object.ts';
import type { ApiClient } from '../../client/client.ts';
import { isNotFound } from '../../client/status.ts';

export interface EventText {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
}

export interface EventTarget {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly fieldPath?: string;
}

export interface EventRecorderOptions {
  readonly client: ApiClient;
  readonly clock: Clock;
  /** As `deployment-controller`. */
  readonly component: string;
  readonly host?: string;
}

interface Written {
  name: string;
  count: number;
  first: number;
}

interface Similar {
  messages: Set<string>;
  last: number;
}

const SIMILAR = 10;
const WINDOW = 10 * 60_000;
const BURST = 25;
const REFILL = 5 * 60_000;
/** Enough for any lab; the oldest are forgotten so that a long life cannot fill the memory. */
const REMEMBERED = 2048;

export class EventRecorder {
  readonly #options: EventRecorderOptions;
  readonly #written = new Map<string, Written>();
  readonly #similar = new Map<string, Similar>();
  readonly #buckets = new Map<string, { tokens: number; at: number }>();
  #lastName = 0n;
  #queue: Promise<void> = Promise.resolve();

  constructor(options: EventRecorderOptions) {
    this.#options = options;
  }

  /** About an object as it was seen. */
  record(object: KubeObject, text: EventText): void {
    const { name = '', namespace, uid, resourceVersion } = object.metadata;
    this.recordFor({ apiVersion: object.apiVersion, kind: object.kind, name, namespace, uid, resourceVersion }, text);
  }

  recordFor(target: EventTarget, text: EventText): void {
    const at = this.#options.clock.now();
    const object = [target.kind, target.namespace, target.name, target.uid, target.fieldPath].join('/');
    if (!this.#allowed(object, at)) return;
    const aggregate = this.#aggregated(`${object}/${text.type}/${text.reason}`, text.message, at);
    const message = aggregate ? `(combined from similar events): ${text.message}` : text.message;
    const key = `${object}/${text.type}/${text.reason}/${aggregate ? '' : text.message}`;
    // In order, one after the other: a repeat must find the Event that it counts up.
    this.#queue = this.#queue.then(() => this.#write(key, target, { ...text, message })).catch(() => undefined);
  }

  async #write(key: string, target: EventTarget, text: EventText): Promise<void> {
    const before = this.#written.get(key);
    if (before && (await this.#countUp(before, target, text))) return;
    const at = this.#options.clock.now();
    const name = `${target.name}.${this.#unique(at)}`;
    remember(this.#written, key, { name, count: 1, first: at });
    await this.#options.client.create(this.#event(target, text, { name, at }));
  }

  async #countUp(before: Written, target: EventTarget, text: EventText): Promise<boolean> {
    const ref = { apiVersion: 'v1', kind: 'Event', name: before.name, namespace: target.namespace ?? 'default' };
    before.count += 1;
    const patch = { count: before.count, lastTimestamp: rfc3339(this.#options.clock.now()), message: text.message };
    try {
      await this.#options.client.patch(ref, patch);
      return true;
    } catch (error) {
      if (isNotFound(error)) return false;
      throw error;
    }
  }

  #event(target: EventTarget, text: EventText, { name, at }: { name: string; at: number }): KubeObject {
    const { component, host } = this.#options;
    const namespace = target.namespace ?? 'default';
    return {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name, namespace },
      involvedObject: { ...target },
      reason: text.reason,
      message: text.message,
      source: host === undefined ? { component } : { component, host },
      firstTimestamp: rfc3339(at),
      lastTimestamp: rfc3339(at),
      count: 1,
      type: text.type,
      eventTime: null,
      reportingComponent: component,
      reportingInstance: host ?? '',
    };
  }

  /** The end of an Event's name: nanoseconds in hexadecimal, never twice the same. */
  #unique(at: number): string {
    const nanoseconds = BigInt(Math.floor(at)) * 1_000_000n;
    this.#lastName = nanoseconds > this.#lastName ? nanoseconds : this.#lastName + 1n;
    return this.#lastName.toString(16);
  }

  #aggregated(key: string, message: string, at: number): boolean {
    const known = this.#similar.get(key);
    const similar = known && at - known.last <= WINDOW ? known : { messages: new Set<string>(), last: at };
    similar.messages.add(message);
    similar.last = at;
    remember(this.#similar, key, similar);
    return similar.messages.size >= SIMILAR;
  }

  #allowed(object: string, at: number): boolean {
    const bucket = this.#buckets.get(object) ?? { tokens: BURST, at };
    const tokens = Math.min(BURST, bucket.tokens + (at - bucket.at) / REFILL);
    remember(this.#buckets, object, { tokens: tokens >= 1 ? tokens - 1 : tokens, at });
    return tokens >= 1;
  }
}

function remember<T>(map: Map<string, T>, key: string, value: T): void {
  map.delete(key);
  map.set(key, value);
  if (map.size <= REMEMBERED) return;
  const oldest = map.keys().next();
  if (!oldest.done) map.delete(oldest.value);
}
