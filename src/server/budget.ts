/** Token buckets: how much of something may pass per second. */
import type { Clock } from '../../kernel/clock.ts';

export class Budget {
  readonly #clock: Clock;
  readonly #perSecond: number;
  readonly #burst: number;
  #left: number;
  #at: number;

  constructor(clock: Clock, limit: { perSecond: number; burst: number }) {
    this.#clock = clock;
    this.#perSecond = limit.perSecond;
    this.#burst = limit.burst;
    this.#left = limit.burst;
    this.#at = clock.monotonic();
  }

  /** Takes `amount` and returns for how many milliseconds the taker must then wait; 0 while there is enough. */
  take(amount: number): number {
    const now = this.#clock.monotonic();
    this.#left = Math.min(this.#burst, this.#left + ((now - this.#at) / 1000) * this.#perSecond);
    this.#at = now;
    this.#left -= amount;
    return this.#left >= 0 ? 0 : Math.ceil((-this.#left / this.#perSecond) * 1000);
  }
}
