/** Bytes handed from a connection to whoever reads them: one producer, one consumer, with a mark above which the producer waits. */

const HIGH_WATER = 1 << 20;

export class ByteQueue implements AsyncIterable<Uint8Array> {
  #chunks: Uint8Array[] = [];
  #size = 0;
  #ended = false;
  #wakeReader: (() => void) | undefined;
  #wakeWriter: (() => void) | undefined;

  get ended(): boolean {
    return this.#ended;
  }

  /** Resolves when the reader keeps up. What comes after the end is dropped. */
  push(chunk: Uint8Array): Promise<void> {
    if (this.#ended) return Promise.resolve();
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    this.#wakeReader?.();
    if (this.#size < HIGH_WATER) return Promise.resolve();
    return new Promise((resolve) => {
      this.#wakeWriter = resolve;
    });
  }

  /** The reader gets what is left and then the end. */
  end(): void {
    this.#ended = true;
    this.#wakeReader?.();
    this.#wakeWriter?.();
  }

  async *[Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    for (;;) {
      const chunk = this.#chunks.shift();
      if (chunk) {
        this.#size -= chunk.length;
        if (this.#size < HIGH_WATER) this.#wakeWriter?.();
        yield chunk;
      } else if (this.#ended) return;
      else {
        await new Promise<void>((resolve) => {
          this.#wakeReader = resolve;
        });
      }
    }
  }
}
