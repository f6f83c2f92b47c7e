/**
 * A queue of keys for one controller: a key waits at most once, is worked on by one worker at a time, and is tried again
 * with a growing wait after an error. Work starts in the same tick. Source: client-go `util/workqueue`.
 *
 * R-CTRL-1 A failed key is tried again after 5 ms, doubled each time, at most 30 s (upstream: 1000 s; nobody waits that long here).
 */
import type { Clock } from '../../../kernel/clock.ts';
import type { Disposable } from '../../../kernel/disposable.ts';

const FIRST_WAIT = 5;
const LONGEST_WAIT = 30_000;

export interface WorkQueueOptions {
  readonly clock: Clock;
  /** Does the work of one key. Rejects to be called again later. Resolves with the ms after which to look again, if any. */
  readonly work: (key: string) => Promise<number | undefined>;
  /** How many keys are worked on at once; absent: no limit. */
  readonly workers?: number;
}

export class WorkQueue implements Disposable {
  readonly #options: WorkQueueOptions;
  readonly #waiting = new Set<string>();
  readonly #running = new Set<string>();
  readonly #failures = new Map<string, number>();
  readonly #timers = new Map<string, Disposable>();
  #ended = false;
  #scheduled = false;

  constructor(options: WorkQueueOptions) {
    this.#options = options;
  }

  add(key: string): void {
    if (this.#ended) return;
    this.#waiting.add(key);
    if (this.#scheduled) return;
    this.#scheduled = true;
    // One microtask later, so that a burst of events about one key is one piece of work.
    void Promise.resolve().then(() => {
      this.#scheduled = false;
      this.#start();
    });
  }

  /** Adds the key after a wait; the last call for a key counts. */
  addAfter(key: string, ms: number): void {
    if (this.#ended) return;
    this.#timers.get(key)?.dispose();
    const timer = this.#options.clock.after(ms, () => {
      this.#timers.delete(key);
      this.add(key);
    });
    this.#timers.set(key, timer);
  }

  dispose(): void {
    this.#ended = true;
    this.#waiting.clear();
    for (const timer of this.#timers.values()) timer.dispose();
    this.#timers.clear();
  }

  #start(): void {
    const limit = this.#options.workers ?? Number.POSITIVE_INFINITY;
    for (const key of this.#waiting) {
      if (this.#running.size >= limit) return;
      if (this.#running.has(key)) continue;
      this.#waiting.delete(key);
      this.#running.add(key);
      void this.#run(key);
    }
  }

  async #run(key: string): Promise<void> {
    try {
      const again = await this.#options.work(key);
      this.#failures.delete(key);
      if (again !== undefined) this.addAfter(key, again);
    } catch {
      const failures = this.#failures.get(key) ?? 0;
      this.#failures.set(key, failures + 1);
      this.addAfter(key, Math.min(FIRST_WAIT * 2 ** failures, LONGEST_WAIT));
    } finally {
      this.#running.delete(key);
      if (!this.#ended) this.#start();
    }
  }
}
