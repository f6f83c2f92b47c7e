/** The last part of a byte stream, by byte number. */

export class Ring {
  readonly #capacity: number;
  readonly #chunks: Uint8Array[] = [];
  #start = 0;
  #end = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** The number of the byte that comes next. */
  get end(): number {
    return this.#end;
  }

  append(chunk: Uint8Array): void {
    this.#chunks.push(chunk);
    this.#end += chunk.length;
    for (
      let first = this.#chunks[0];
      first && this.#end - this.#start - first.length >= this.#capacity;
      first = this.#chunks[0]
    ) {
      this.#start += first.length;
      this.#chunks.shift();
    }
  }

  /** All bytes from number `from` on; undefined when they are not kept (any more, or yet). */
  since(from: number): Uint8Array[] | undefined {
    if (from < this.#start || from > this.#end) return undefined;
    const found: Uint8Array[] = [];
    let at = this.#start;
    for (const chunk of this.#chunks) {
      if (at + chunk.length > from) found.push(from > at ? chunk.subarray(from - at) : chunk);
      at += chunk.length;
    }
    return found;
  }
}
