/** A source that can be read by lines without losing what follows: `read` in a loop shares it with the commands in its body. */
import { concat, decode } from '../pipe.ts';
import type { Source } from '../pipe.ts';

export class LineInput implements Source {
  readonly #source: Source;
  #held: Uint8Array | undefined;

  constructor(source: Source) {
    this.#source = source;
  }

  static of(source: Source): LineInput {
    return source instanceof LineInput ? source : new LineInput(source);
  }

  read(signal?: AbortSignal): Promise<Uint8Array | undefined> {
    const held = this.#held;
    this.#held = undefined;
    return held ? Promise.resolve(held) : this.#source.read(signal);
  }

  /** One line without its newline; `ended` when the input ended before one. */
  async line(signal?: AbortSignal): Promise<{ text: string; ended: boolean }> {
    const chunks: Uint8Array[] = [];
    for (;;) {
      const chunk = await this.read(signal);
      if (!chunk) return { text: decode(concat(chunks)), ended: true };
      const at = chunk.indexOf(10);
      if (at < 0) {
        chunks.push(chunk);
        continue;
      }
      chunks.push(chunk.subarray(0, at));
      if (at + 1 < chunk.length) this.#held = chunk.subarray(at + 1);
      return { text: decode(concat(chunks)), ended: false };
    }
  }
}
