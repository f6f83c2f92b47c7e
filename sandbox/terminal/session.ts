/**
 * A shell that outlives its viewers. Output is made safe, numbered, kept and drawn on a headless screen; each viewer gets it
 * at its own pace, and the pty pauses while one is far behind, so that a slow tab costs no memory and Ctrl-C stays quick.
 */
import type { Clock } from '../../kernel/clock.ts';
import type { Disposable } from '../../kernel/disposable.ts';
import type { TerminalAttachment, TerminalSession, TerminalViewer } from '../contract.ts';
import { CsiGuard } from './csi-guard.ts';
import type { Pty } from './pty.ts';
import { Ring } from './ring.ts';
import { Screen } from './screen.ts';

/** Bytes and milliseconds; the pairs and why are measured in `bench/terminal.ts`. */
export const FLOW = {
  pauseAt: 100_000,
  resumeAt: 5_000,
  keep: 256 * 1024,
  stalledAfter: 60_000,
  unwatchedPause: 50,
} as const;

interface Seat {
  readonly viewer: TerminalViewer;
  /** The number of the byte that this viewer gets next; undefined until its screen was drawn. */
  next: number | undefined;
  acknowledged: number;
  patience: Disposable | undefined;
}

export interface SessionOptions {
  readonly id: string;
  readonly pty: Pty;
  readonly clock: Clock;
  readonly cols: number;
  readonly rows: number;
}

export class Session implements TerminalSession {
  readonly id: string;
  readonly exited: Promise<number>;
  readonly #pty: Pty;
  readonly #clock: Clock;
  readonly #guard: CsiGuard;
  readonly #ring = new Ring(FLOW.keep);
  readonly #screen: Screen;
  readonly #seats = new Set<Seat>();
  #undrawn = 0;
  #paused = false;
  #resting: Disposable | undefined;
  #exitCode: number | undefined;

  constructor({ id, pty, clock, cols, rows }: SessionOptions) {
    this.id = id;
    this.#pty = pty;
    this.#clock = clock;
    this.#guard = new CsiGuard(cols * rows);
    this.#screen = new Screen(cols, rows);
    pty.onOutput((bytes) => this.#output(this.#guard.filter(bytes)));
    this.exited = pty.exited.then((code) => {
      this.#exitCode = code;
      // A viewer whose screen is not drawn yet hears it after that, so the shell's last words are never lost.
      for (const seat of this.#seats) if (seat.next !== undefined) seat.viewer.ended(code);
      return code;
    });
  }

  write(input: Uint8Array): boolean {
    return this.#pty.write(input);
  }

  resize(cols: number, rows: number): void {
    this.#guard.resize(cols * rows);
    this.#screen.resize(cols, rows);
    this.#pty.resize(cols, rows);
  }

  attach(viewer: TerminalViewer, since: number): TerminalAttachment {
    const missed = since > 0 ? this.#ring.since(since) : undefined;
    const seat: Seat = {
      viewer,
      next: missed && since,
      acknowledged: missed ? since : this.#ring.end,
      patience: undefined,
    };
    this.#seats.add(seat);
    if (missed) this.#catchUp(seat);
    else this.#drawFor(seat);
    return {
      acknowledge: (upTo) => {
        if (upTo <= seat.acknowledged || upTo > this.#ring.end) return;
        seat.acknowledged = upTo;
        seat.patience?.dispose();
        seat.patience = undefined;
        this.#watchPatience(seat);
        this.#adjustFlow();
      },
      dispose: () => this.#leave(seat),
    };
  }

  dispose(): void {
    for (const seat of this.#seats) this.#leave(seat);
    this.#resting?.dispose();
    this.#pty.kill();
    this.#screen.dispose();
  }

  #output(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#ring.append(bytes);
    this.#undrawn += bytes.length;
    this.#screen.write(bytes, () => {
      this.#undrawn -= bytes.length;
      this.#adjustFlow();
    });
    for (const seat of this.#seats) this.#catchUp(seat);
    this.#adjustFlow();
  }

  /** The screen draws in its own time and in order: what it shows in the callback is exactly the output up to `at`. */
  #drawFor(seat: Seat): void {
    const at = this.#ring.end;
    this.#screen.write(new Uint8Array(0), () => {
      if (!this.#seats.has(seat)) return;
      seat.viewer.replay(this.#screen.serialize(), at, this.#screen.cols, this.#screen.rows);
      seat.next = at;
      this.#catchUp(seat);
    });
  }

  #catchUp(seat: Seat): void {
    if (seat.next === undefined) return;
    for (const chunk of this.#ring.since(seat.next) ?? []) {
      seat.next += chunk.length;
      seat.viewer.output(chunk, seat.next);
    }
    if (this.#exitCode !== undefined) seat.viewer.ended(this.#exitCode);
    this.#watchPatience(seat);
  }

  /** Counts from the first byte that the viewer owes, and anew with each acknowledgement. */
  #watchPatience(seat: Seat): void {
    if (seat.patience || this.#ring.end - seat.acknowledged <= FLOW.resumeAt) return;
    seat.patience = this.#clock.after(FLOW.stalledAfter, () => {
      seat.viewer.stalled();
      this.#leave(seat);
    });
  }

  #leave(seat: Seat): void {
    seat.patience?.dispose();
    if (this.#seats.delete(seat)) this.#adjustFlow();
  }

  #adjustFlow(): void {
    const behind = [...this.#seats].map((seat) => this.#ring.end - seat.acknowledged);
    const most = Math.max(this.#undrawn, ...behind);
    if (!this.#paused && most > FLOW.pauseAt) {
      this.#paused = true;
      this.#pty.pause();
    } else if (this.#paused && most <= FLOW.resumeAt && !this.#resting) {
      this.#rest();
    }
  }

  /** A flood that nobody watches must not eat a processor: it goes on after a short rest. */
  #rest(): void {
    const resume = (): void => {
      this.#resting = undefined;
      this.#paused = false;
      this.#pty.resume();
    };
    if (this.#seats.size > 0) resume();
    else this.#resting = this.#clock.after(FLOW.unwatchedPause, resume);
  }
}
