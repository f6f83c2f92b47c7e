/** Byte streams between processes: a bounded pipe with two ends. Knows nothing of who is at either end. */

/** Where bytes come from. */
export interface Source {
  /** The next chunk; undefined at the end. A read that is given up through `signal` consumes nothing and never settles. */
  read(signal?: AbortSignal): Promise<Uint8Array | undefined>;
}

/** Where bytes go. `write` waits while the other side is far behind and throws BrokenPipe when it is gone. */
export interface Sink {
  write(chunk: Uint8Array): Promise<void>;
}

export class BrokenPipe extends Error {}

const HIGH_WATER = 64 * 1024;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export function encode(text: string): Uint8Array {
  return encoder.encode(text);
}

export function decode(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

export function concat(chunks: readonly Uint8Array[]): Uint8Array {
  if (chunks.length === 1 && chunks[0]) return chunks[0];
  const all = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}

export class Pipe implements Source, Sink {
  #chunks: Uint8Array[] = [];
  #size = 0;
  #ended = false;
  #broken = false;
  #readers: (() => void)[] = [];
  #writers: (() => void)[] = [];

  async read(signal?: AbortSignal): Promise<Uint8Array | undefined> {
    for (;;) {
      const chunk = this.#chunks.shift();
      if (chunk) {
        this.#size -= chunk.length;
        this.#wake('#writers');
        return chunk;
      }
      if (this.#ended || this.#broken) return undefined;
      await this.#wait(signal);
    }
  }

  async write(chunk: Uint8Array): Promise<void> {
    while (this.#size >= HIGH_WATER && !this.#broken && !this.#ended) {
      await new Promise<void>((resolve) => this.#writers.push(resolve));
    }
    this.push(chunk);
  }

  /** Writes without waiting for room. */
  push(chunk: Uint8Array): void {
    if (this.#broken) throw new BrokenPipe('broken pipe');
    if (this.#ended || chunk.length === 0) return;
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    this.#wake('#readers');
  }

  /** No more will be written; what is buffered can still be read. */
  end(): void {
    this.#ended = true;
    this.#wake('#readers');
    this.#wake('#writers');
  }

  /** Nobody will read any more: writers get BrokenPipe. */
  close(): void {
    this.#broken = true;
    this.#chunks = [];
    this.#size = 0;
    this.#wake('#readers');
    this.#wake('#writers');
  }

  /** Puts bytes back in front, for readers that took more than they used. */
  unread(chunk: Uint8Array): void {
    if (chunk.length === 0) return;
    this.#chunks.unshift(chunk);
    this.#size += chunk.length;
  }

  #wait(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve) => {
      const give = (): void => {
        const at = this.#readers.indexOf(wake);
        if (at >= 0) this.#readers.splice(at, 1);
      };
      const wake = (): void => {
        signal?.removeEventListener('abort', give);
        resolve();
      };
      if (signal?.aborted) return;
      signal?.addEventListener('abort', give, { once: true });
      this.#readers.push(wake);
    });
  }

  #wake(who: '#readers' | '#writers'): void {
    const waiting = who === '#readers' ? this.#readers : this.#writers;
    if (waiting.length === 0) return;
    if (who === '#readers') this.#readers = [];
    else this.#writers = [];
    for (const wake of waiting) wake();
  }
}

/** A standard input with nothing in it. */
export const emptySource: Source = { read: () => Promise.resolve(undefined) };

/** `/dev/null` as an output. */
export const nullSink: Sink = { write: () => Promise.resolve() };

/** An output that is handed to a function. */
export function sinkOf(take: (chunk: Uint8Array) => void): Sink {
  return {
    write(chunk) {
      take(chunk);
      return Promise.resolve();
    },
  };
}

export function sourceOf(bytes: Uint8Array): Source {
  let left: Uint8Array | undefined = bytes.length > 0 ? bytes : undefined;
  return {
    read() {
      const chunk = left;
      left = undefined;
      return Promise.resolve(chunk);
    },
  };
}

/** Everything until the end. */
export async function readAll(source: Source, signal?: AbortSignal): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for (;;) {
    const chunk = await source.read(signal);
    if (!chunk) return concat(chunks);
    chunks.push(chunk);
  }
}
