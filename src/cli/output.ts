/** How the command line speaks: results to stdout, progress and troubles to stderr, one exit code for each kind of end. */
import { DrydockError, EnvironmentError, InputError } from '../../kernel/errors.ts';

export const EXIT = { ok: 0, checksFailed: 1, usage: 2, environment: 3, internal: 4 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Something a person waits for or should know, on stderr. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** A line of the result, on stdout. */
export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** A result for programs. */
export function printJson(value: unknown): void {
  print(JSON.stringify(value, null, 2));
}

/** Says what went wrong and what to do; returns the exit code. */
export function complain(error: unknown): ExitCode {
  if (error instanceof DrydockError) {
    say(`drydock: ${error.message}`);
    if (error.remedy) say(error.remedy);
    return error instanceof InputError
      ? EXIT.usage
      : error instanceof EnvironmentError
        ? EXIT.environment
        : EXIT.internal;
  }
  say(`drydock: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  say('This is a fault of Drydock: please report it with the lines above.');
  return EXIT.internal;
}

/** Paints for a terminal; plain when stdout is none or NO_COLOR is set (https://no-color.org). */
export function paint(colour: 'green' | 'red' | 'dim', words: string): string {
  const code = { green: 32, red: 31, dim: 2 }[colour];
  return process.stdout.isTTY && !process.env['NO_COLOR'] ? `\u001b[${code}m${words}\u001b[0m` : words;
}
