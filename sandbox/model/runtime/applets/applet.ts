/** What the small tools share: options, inputs, complaints. */
import { FsError } from '../files.ts';
import { concat, decode } from '../pipe.ts';
import type { Process } from '../process.ts';
import { ExitRequest } from '../process.ts';

export interface Options {
  /** Flag letters, with the value for those that take one (the last one given). */
  readonly flags: ReadonlyMap<string, string>;
  readonly operands: readonly string[];
}

/** Reads `-abc -n 5 -n5 --`; `valued` lists the letters that take a value. Throws ExitRequest after complaining about others than `known`. */
export async function options(process: Process, known: string, valued = ''): Promise<Options> {
  const flags = new Map<string, string>();
  const operands: string[] = [];
  const args = process.args.slice(1);
  for (let arg = args.shift(); arg !== undefined; arg = args.shift()) {
    if (arg === '--') {
      operands.push(...args.splice(0));
    } else if (!arg.startsWith('-') || arg === '-') operands.push(arg);
    else {
      for (let i = 1; i < arg.length; i++) {
        const letter = arg[i] ?? '';
        if (valued.includes(letter)) {
          flags.set(letter, arg.slice(i + 1) || (args.shift() ?? ''));
          break;
        }
        if (!known.includes(letter)) await usage(process, `invalid option -- '${letter}'`);
        flags.set(letter, '');
      }
    }
  }
  return { flags, operands };
}

export function nameOf(process: Process): string {
  return process.args[0]?.split('/').at(-1) ?? '';
}

/** Complains and ends with code 1. */
export async function usage(process: Process, text: string): Promise<never> {
  await process.err(`${nameOf(process)}: ${text}\n`);
  throw new ExitRequest(1);
}

export async function complain(process: Process, text: string): Promise<1> {
  await process.err(`${nameOf(process)}: ${text}\n`);
  return 1;
}

/** The words of a file-system error; other errors are thrown on. */
export function wordsOf(error: unknown): string {
  if (error instanceof FsError) return error.message;
  throw error;
}

/** Each input as bytes; `-` and no operands are standard input. A missing one is complained about. */
export async function inputs(
  process: Process,
  operands: readonly string[],
): Promise<{ all: { name: string; bytes: Uint8Array }[]; status: number }> {
  const all: { name: string; bytes: Uint8Array }[] = [];
  let status = 0;
  for (const name of operands.length > 0 ? operands : ['-']) {
    if (name === '-') {
      all.push({ name, bytes: await everything(process) });
      continue;
    }
    try {
      all.push({ name, bytes: process.world.files.read(process.path(name)) });
    } catch (error) {
      status = await complain(
        process,
        `${['grep', 'wc', 'head', 'tail', 'sort', 'cut'].includes(nameOf(process)) ? `${name}` : `can't open '${name}'`}: ${wordsOf(error)}`,
      );
    }
  }
  return { all, status };
}

export async function everything(process: Process): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for (let chunk = await process.read(); chunk; chunk = await process.read()) chunks.push(chunk);
  return concat(chunks);
}

/** Lines without their newlines; a last empty piece is no line. */
export function linesOf(bytes: Uint8Array): string[] {
  const lines = decode(bytes).split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/** Calls back with each line as it arrives on standard input. */
export async function eachLine(process: Process, take: (line: string) => Promise<boolean | void>): Promise<void> {
  let rest = '';
  const decoder = new TextDecoder();
  for (let chunk = await process.read(); chunk; chunk = await process.read()) {
    const parts = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = parts.pop() ?? '';
    for (const line of parts) if ((await take(line)) === false) return;
  }
  if (rest !== '') await take(rest);
}
