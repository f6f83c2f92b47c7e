/** Runs a process for a remote caller; both protocols use it and differ only in how the bytes travel. */
import { z } from 'zod';
import type { ProcessIo } from '../../../client/transport.ts';
import { ByteQueue } from './byte-queue.ts';
import { exitStatus, failureStatus } from './exit-status.ts';
import type { ProcessTarget } from './target.ts';

/** Where output goes. `finish` sends the last word and closes. */
export interface ProcessWire {
  stdout(chunk: Uint8Array): void;
  stderr(chunk: Uint8Array): void;
  finish(status: Record<string, unknown>): void;
}

const resizeMessage = z.object({
  Width: z.number().int().nonnegative().max(65535),
  Height: z.number().int().nonnegative().max(65535),
});

export class ProcessSession {
  readonly #stdin = new ByteQueue();
  readonly #resizes = new ByteQueue();
  readonly #gone = new AbortController();

  constructor(target: ProcessTarget, wire: ProcessWire) {
    const io: ProcessIo = {
      tty: target.tty,
      stdin: target.stdin ? this.#stdin : undefined,
      ...(target.tty ? { resizes: sizes(this.#resizes) } : {}),
      stdout: (chunk) => {
        if (target.stdout) wire.stdout(chunk);
      },
      stderr: (chunk) => {
        // A terminal has one output.
        if (target.tty) wire.stdout(chunk);
        else if (target.stderr) wire.stderr(chunk);
      },
      signal: this.#gone.signal,
    };
    void run(target, io).then((status) => {
      this.#stdin.end();
      this.#resizes.end();
      if (!this.#gone.signal.aborted) wire.finish(status);
    });
  }

  /** Resolves when the process reads on. */
  stdin(chunk: Uint8Array): Promise<void> {
    return this.#stdin.push(chunk);
  }

  endStdin(): void {
    this.#stdin.end();
  }

  /** One message `{"Width":80,"Height":24}`. */
  resize(message: Uint8Array): void {
    void this.#resizes.push(message);
  }

  /** The caller is gone: the process hears of it through its signal. */
  abandon(): void {
    this.#gone.abort();
    this.#stdin.end();
    this.#resizes.end();
  }
}

async function run(target: ProcessTarget, io: ProcessIo): Promise<Record<string, unknown>> {
  try {
    return exitStatus(await target.run(io));
  } catch (error) {
    return failureStatus(error);
  }
}

async function* sizes(messages: AsyncIterable<Uint8Array>): AsyncGenerator<{ cols: number; rows: number }> {
  for await (const message of messages) {
    const parsed = resizeMessage.safeParse(jsonOrUndefined(message));
    // A size that cannot be read is no reason to end a terminal.
    if (parsed.success) yield { cols: parsed.data.Width, rows: parsed.data.Height };
  }
}

function jsonOrUndefined(message: Uint8Array): unknown {
  try {
    const value: unknown = JSON.parse(Buffer.from(message).toString('utf8'));
    return value;
  } catch {
    return undefined;
  }
}
