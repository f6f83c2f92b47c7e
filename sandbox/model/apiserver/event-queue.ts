/** A queue between one who tells and one who listens at leisure. Ends by itself when the listener stays too far behind. */

/** So many items may wait for a reader; then the reader is cut off, and must start anew. The store keeps as many anyway. */
const LONGEST = 1_000;

export class EventQueue<T> implements AsyncIterable<T> {
  #first: readonly T[];
  #items: T[] = [];
  #wake: (() => void) | undefined;
  #ended = false;
  /** Handed to the reader as one and not read yet. */
  #unread = 0;
  readonly #onEnd: () => void;

  /** `first`: what the reader begins with, however many. */
  constructor(onEnd: () => void, first: readonly T[] = []) {
    this.#onEnd = onEnd;
    this.#first = first;
  }

  push(item: T): void {
    if (this.#ended) return;
    if (this.#items.length + this.#unread >= LONGEST) return this.end();
    this.#items.push(item);
    this.#wake?.();
  }

  /** The reader gets what is queued, then the end. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#onEnd();
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    try {
      yield* this.#takeFirst();
      for (;;) {
        const batch = this.#items;
        this.#items = [];
        this.#unread = batch.length;
        for (const item of batch) {
          yield item;
          this.#unread -= 1;
        }
        if (this.#items.length > 0) continue;
        if (this.#ended) return;
        await new Promise<void>((resolve) => (this.#wake = resolve));
        this.#wake = undefined;
      }
    } finally {
      this.end();
    }
  }

  /** They are not kept longer than the reader needs them. */
  #takeFirst(): readonly T[] {
    const first = this.#first;
    this.#first = [];
    return first;
  }
}
