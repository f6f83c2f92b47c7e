/** The scheduler's queue: Pods due now by priority and age, and Pods that no node could take. Source: backend/queue. */
import type { Clock } from '../../../kernel/clock.ts';
import type { Disposable } from '../../../kernel/disposable.ts';
import { keyOf } from '../../../kernel/kube/object.ts';
import type { Pod } from '../../client/kinds.ts';
import type { ClusterEvent } from './requeue.ts';
import { backOff, FLUSH_AFTER, mayHelp } from './requeue.ts';

interface Entry {
  pod: Pod;
  tries: number;
  /** Monotonic ms of the last try. */
  tried: number;
  /** Plugins that refused; empty while due. */
  refusedBy: ReadonlySet<string>;
  due: boolean;
  timer: Disposable | undefined;
}

export class WaitingPods implements Disposable {
  readonly #clock: Clock;
  readonly #onDue: () => void;
  readonly #entries = new Map<string, Entry>();

  constructor(clock: Clock, onDue: () => void) {
    this.#clock = clock;
    this.#onDue = onDue;
  }

  /** A Pod appeared or its own spec or labels changed: due at once. Otherwise only the newest version is kept. */
  put(pod: Pod, changed: boolean): void {
    const key = keyOf(pod);
    const known = this.#entries.get(key);
    if (known && known.pod.metadata.uid === pod.metadata.uid) {
      known.pod = pod;
      if (changed && !known.due) this.#makeDue(known);
      return;
    }
    known?.timer?.dispose();
    this.#entries.set(key, { pod, tries: 0, tried: 0, refusedBy: new Set(), due: true, timer: undefined });
    this.#onDue();
  }

  remove(key: string): void {
    this.#entries.get(key)?.timer?.dispose();
    this.#entries.delete(key);
  }

  /** Takes the next due Pod out; it comes back through `refused` or is gone for good. */
  next(): Pod | undefined {
    let best: Entry | undefined;
    for (const entry of this.#entries.values()) {
      if (entry.due && (!best || isBefore(entry.pod, best.pod))) best = entry;
    }
    if (!best) return undefined;
    best.due = false;
    best.tries += 1;
    best.tried = this.#clock.monotonic();
    return best.pod;
  }

  /** The last try failed. Without plugins to wait for it is tried again after the back-off. */
  refused(pod: Pod, refusedBy: ReadonlySet<string>): void {
    const entry = this.#entries.get(keyOf(pod));
    if (!entry) return;
    entry.refusedBy = refusedBy;
    this.#wait(entry, refusedBy.size === 0 ? backOff(entry.tries) : FLUSH_AFTER);
  }

  /** The Pod may not be tried yet; that was no try, so nothing is waited for once it may. */
  gated(pod: Pod): void {
    const entry = this.#entries.get(keyOf(pod));
    if (!entry) return;
    entry.tries = 0;
    entry.tried = Number.NEGATIVE_INFINITY;
  }

  /** Something changed in the cluster: Pods that it may help become due once their back-off is over. */
  heard(event: ClusterEvent): void {
    for (const entry of this.#entries.values()) {
      if (entry.due || entry.refusedBy.size === 0 || !mayHelp(event, entry.refusedBy)) continue;
      this.#makeDue(entry);
    }
  }

  dispose(): void {
    for (const entry of this.#entries.values()) entry.timer?.dispose();
    this.#entries.clear();
  }

  #makeDue(entry: Entry): void {
    const left = entry.tried + backOff(entry.tries) - this.#clock.monotonic();
    entry.refusedBy = new Set();
    if (left > 0) return this.#wait(entry, left);
    entry.timer?.dispose();
    entry.due = true;
    this.#onDue();
  }

  #wait(entry: Entry, ms: number): void {
    entry.timer?.dispose();
    entry.timer = this.#clock.after(ms, () => {
      entry.timer = undefined;
      entry.due = true;
      this.#onDue();
    });
  }
}

function isBefore(a: Pod, b: Pod): boolean {
  const [priorityA, priorityB] = [a.spec.priority ?? 0, b.spec.priority ?? 0];
  if (priorityA !== priorityB) return priorityA > priorityB;
  return (a.metadata.creationTimestamp ?? '') < (b.metadata.creationTimestamp ?? '');
}
