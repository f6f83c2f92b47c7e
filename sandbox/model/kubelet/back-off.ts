/**
 * Growing delays between attempts. Source: client-go `flowcontrol.Backoff`.
 * R-KUBELET-3: the first restart of a container is at once, then 10 s, 20 s … 300 s; ten minutes of running forget it.
 */

const FIRST_MS = 10_000;
const MAX_MS = 300_000;
const FORGET_MS = 600_000;

export class BackOff {
  #delay = 0;
  #last = 0;

  /** How long to wait now after the last failure; grows with each call. */
  next(now: number): number {
    if (now - this.#last > FORGET_MS + this.#delay) this.#delay = 0;
    const wait = this.#delay;
    this.#delay = wait === 0 ? FIRST_MS : Math.min(MAX_MS, wait * 2);
    this.#last = now;
    return wait;
  }
}

/** `10s`, `2m40s`, `5m0s`: Go's way to print durations of whole seconds. */
export function goSeconds(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`;
}
