/** Errors that a person reads: a stable code, what was found, and what to do about it. */

export interface DrydockErrorOptions {
  /** What the reader can do now, as one imperative sentence. */
  readonly remedy?: string;
  readonly cause?: unknown;
}

/** Base of every error that Drydock raises on purpose. Anything else is a bug and is reported as one. */
export class DrydockError extends Error {
  readonly code: string;
  readonly remedy: string | undefined;

  constructor(code: string, message: string, options: DrydockErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    this.remedy = options.remedy;
  }
}

/** The input is wrong: a file, a flag, a frame, a request. The sender can mend it. */
export class InputError extends DrydockError {}

/** The machine lacks something: a program, a port, room on the disk. */
export class EnvironmentError extends DrydockError {}

/** We could not find out. Never to be shown as the learner's failure. */
export class CouldNotTell extends DrydockError {}

/** The words of any thrown value. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Thrown where a union was not handled; makes forgetting a kind a compile error. */
export function unreachable(value: never): never {
  throw new Error(`unhandled case: ${JSON.stringify(value)}`);
}
