/** The ways to leave a command early, as exceptions. */
import { ExitRequest } from '../process.ts';

/** `break` and `continue`. */
export class LoopJump extends Error {
  readonly kind: 'break' | 'continue';
  levels: number;
  constructor(kind: 'break' | 'continue', levels: number) {
    super(kind);
    this.kind = kind;
    this.levels = levels;
  }
}

export class ReturnRequest extends ExitRequest {}

/** Ctrl-C in an interactive shell: what was running is given up. */
export class Interrupted extends Error {}
