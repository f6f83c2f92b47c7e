/** Redirections: opens what a command's streams are sent to. */
import { FsError } from '../files.ts';
import { emptySource, encode, nullSink, sourceOf } from '../pipe.ts';
import type { Sink, Source } from '../pipe.ts';
import type { Process } from '../process.ts';
import type { Redirection } from './ast.ts';
import type { ExpansionContext } from './expand.ts';
import { expandText } from './expand.ts';
import { LineInput } from './input.ts';

export interface Io {
  readonly stdin: LineInput;
  readonly stdout: Sink;
  readonly stderr: Sink;
}

export class RedirectTrouble extends Error {}

export async function redirect(
  io: Io,
  redirections: readonly Redirection[],
  context: ExpansionContext & { readonly process: Process },
): Promise<Io> {
  let { stdin, stdout, stderr } = io;
  for (const { fd, op, target } of redirections) {
    const text = await expandText(target, context);
    const path = context.process.path(text);
    if (op === '<<') stdin = LineInput.of(sourceOf(encode(text)));
    else if (op === '<') stdin = LineInput.of(openSource(path, text, context.process));
    else if (op === '>&' || op === '<&') {
      const sink = text === '1' ? stdout : text === '2' ? stderr : nullSink;
      if (fd === 1) stdout = sink;
      else if (fd === 2) stderr = sink;
    } else {
      const sink = openSink({ path, shown: text, append: op === '>>', io: { stdin, stdout, stderr } }, context.process);
      if (fd === 1 || op === '&>') stdout = sink;
      if (fd === 2 || op === '&>') stderr = sink;
    }
  }
  return { stdin, stdout, stderr };
}

function openSource(path: string, shown: string, process: Process): Source {
  if (path === '/dev/null') return emptySource;
  if (path === '/dev/stdin' || path === '/dev/tty') return process.stdin;
  if (path === '/dev/zero' || path === '/dev/urandom') return endless(process);
  try {
    return sourceOf(process.world.files.read(path));
  } catch (error) {
    if (error instanceof FsError) throw new RedirectTrouble(`can't open ${shown}: ${wordFor(error)}`);
    throw error;
  }
}

function openSink(where: { path: string; shown: string; append: boolean; io: Io }, process: Process): Sink {
  const { path, shown, append, io } = where;
  const device = deviceSink(path, io, process);
  if (device) return device;
  const { files } = process.world;
  try {
    if (append) files.append(path, new Uint8Array());
    else files.write(path, new Uint8Array());
  } catch (error) {
    if (error instanceof FsError)
      throw new RedirectTrouble(
        `can't create ${shown}: ${error.code === 'ENOENT' ? 'nonexistent directory' : error.message}`,
      );
    throw error;
  }
  return {
    write(chunk) {
      files.append(path, chunk);
      return Promise.resolve();
    },
  };
}

function deviceSink(path: string, io: Io, process: Process): Sink | undefined {
  if (path === '/dev/null') return nullSink;
  if (path === '/dev/stdout') return io.stdout;
  if (path === '/dev/stderr') return io.stderr;
  if (path === '/dev/tty') return process.tty;
  // What process 1 has as its streams is the container's log.
  const init = process.table.find(1);
  if (path === '/proc/1/fd/1') return init?.stdout;
  if (path === '/proc/1/fd/2') return init?.stderr;
  return undefined;
}

/** Zeros without end, given at the reader's pace. */
export function endless(process: Process): Source {
  const block = new Uint8Array(4096);
  return {
    async read(signal) {
      await process.sleep(0);
      return signal?.aborted ? undefined : block;
    },
  };
}

function wordFor(error: FsError): string {
  return error.code === 'ENOENT' ? 'no such file' : error.message;
}
