/** A clock that moves only when told to; for tests and for virtual time. */
import type { Clock } from './clock.ts';
import type { Disposable } from './disposable.ts';

interface Timer {
  due: number;
  readonly order: number;
  readonly period: number | undefined;
  readonly task: () => void;
}

export class ManualClock implements Clock {
  #now: number;
  #order = 0;
  readonly #timers = new Set<Timer>();

  constructor(start = Date.UTC(2026, 0, 1)) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  monotonic(): number {
    return this.#now;
  }

  after(ms: number, task: () => void): Disposable {
    return this.#add(ms, undefined, task);
  }

  every(ms: number, task: () => void): Disposable {
    return this.#add(ms, ms, task);
  }

  /** Moves time on and runs what falls due, in order; lets promises settle between tasks. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    for (;;) {
      await settle();
      const next = this.#next(end);
      if (next === undefined) break;
      this.#now = Math.max(this.#now, next.due);
      if (next.period === undefined) this.#timers.delete(next);
      else next.due += next.period;
      next.task();
    }
    this.#now = end;
    await settle();
  }

  #add(ms: number, period: number | undefined, task: () => void): Disposable {
    const timer: Timer = { due: this.#now + Math.max(0, ms), order: this.#order++, period, task };
    this.#timers.add(timer);
    return { dispose: () => void this.#timers.delete(timer) };
  }

  #next(end: number): Timer | undefined {
    let best: Timer | undefined;
    for (const timer of this.#timers) {
      if (timer.due > end) continue;
      if (!best || timer.due < best.due || (timer.due === best.due && timer.order < best.order)) best = timer;
    }
    return best;
  }
}

/** Lets pending promise callbacks run: enough turns for any chain of awaits in a reconcile. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 50; turn++) await Promise.resolve();
}
