/**
 * Keeps a busy shell from taking the whole process.
 * R-RUNTIME-2: a shell that loops without waiting is throttled, not run to the end: after some milliseconds it pauses, so that
 * one container cannot stop the cluster.
 */
import type { Process } from '../process.ts';

const SLICE_MS = 4;
const PAUSE_MS = 16;
const CHECK_EVERY = 64;
/** Pauses at the latest after so many commands: a clock of tests may stand still. */
const PAUSE_EVERY = 4096;

export class Throttle {
  readonly #process: Process;
  #ran = 0;
  #sliceStart: number;

  constructor(process: Process) {
    this.#process = process;
    this.#sliceStart = process.world.clock.monotonic();
  }

  /** Called after each command. */
  async pause(): Promise<void> {
    if (++this.#ran % CHECK_EVERY !== 0) return;
    const { clock } = this.#process.world;
    if (clock.monotonic() - this.#sliceStart <= SLICE_MS && this.#ran % PAUSE_EVERY !== 0) return;
    await this.#process.sleep(PAUSE_MS);
    this.#sliceStart = clock.monotonic();
  }
}
