/** Sends a check's requests again and again, one round at a time: each half second, less often while all is well. */
import type { Probe, ProbeResponse } from './check.ts';
import { runProbe } from './prober.ts';
import type { ClusterReader } from '../sandbox/contract.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Disposable } from '../kernel/disposable.ts';

const EVERY = 500;
const EVERY_WHEN_WELL = 4000;

export interface ProbeLoopOptions {
  /** What to ask now; undefined: nothing to ask, or nobody wants to know. */
  readonly probe: () => Probe | undefined;
  /** Whether the criterion passes now: then there is no hurry. */
  readonly isWell: () => boolean;
  readonly reader: ClusterReader;
  readonly clock: Clock;
  readonly onChange: () => void;
}

export class ProbeLoop implements Disposable {
  readonly #options: ProbeLoopOptions;
  readonly #stop = new AbortController();
  #timer: Disposable;
  #responses: readonly ProbeResponse[] | undefined;
  #url: string | undefined;

  constructor(options: ProbeLoopOptions) {
    this.#options = options;
    this.#timer = options.clock.after(200, () => void this.#round());
  }

  /** The last round's answers; undefined when none has come, or the address has changed since. */
  get responses(): readonly ProbeResponse[] | undefined {
    return this.#options.probe()?.url === this.#url ? this.#responses : undefined;
  }

  dispose(): void {
    this.#stop.abort();
    this.#timer.dispose();
  }

  async #round(): Promise<void> {
    const { probe: next, isWell, reader, clock, onChange } = this.#options;
    const probe = next();
    if (probe) await this.#ask(probe, reader);
    if (this.#stop.signal.aborted) return;
    if (probe) onChange();
    const pause = isWell() ? EVERY_WHEN_WELL : probe ? EVERY : EVERY / 2;
    this.#timer = clock.after(pause, () => void this.#round());
  }

  async #ask(probe: Probe, reader: ClusterReader): Promise<void> {
    try {
      this.#responses = await runProbe(probe, reader, this.#stop.signal);
      this.#url = probe.url;
    } catch {
      // The prober is not there yet, or was cut off. No answers is what the next look sees, not a failure of the learner.
      this.#responses = undefined;
    }
  }
}
