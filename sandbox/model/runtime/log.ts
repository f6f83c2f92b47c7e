/** A container's log: whole lines with their times, bounded, with followers. */
import { decode, encode } from './pipe.ts';

interface Line {
  readonly at: number;
  readonly text: string;
}

export interface LogQuery {
  readonly timestamps: boolean;
  readonly tailLines?: number;
  /** Milliseconds since the epoch. */
  readonly sinceTime?: number;
  readonly limitBytes?: number;
}

/** R-RUNTIME-3: a container keeps its last 128 KiB of log; older lines are dropped. */
const KEPT_CHARACTERS = 128 * 1024;
const LONGEST_LINE = 16 * 1024;

export class LogRing {
  readonly #now: () => number;
  #lines: Line[] = [];
  #dropped = 0;
  #size = 0;
  #partial = '';
  #ended = false;
  #wakers: (() => void)[] = [];

  constructor(now: () => number) {
    this.#now = now;
  }

  append(chunk: Uint8Array): void {
    const at = this.#now();
    const parts = (this.#partial + decode(chunk)).split('\n');
    this.#partial = parts.pop() ?? '';
    for (const text of parts) this.#add({ at, text: `${text}\n` });
    // A program that never ends its line must not fill the memory; containerd cuts at the same length.
    for (; this.#partial.length > LONGEST_LINE; this.#partial = this.#partial.slice(LONGEST_LINE))
      this.#add({ at, text: this.#partial.slice(0, LONGEST_LINE) });
    this.#wake();
  }

  /** The container ended: what is left of a line becomes one. */
  end(): void {
    if (this.#partial !== '') this.#add({ at: this.#now(), text: this.#partial });
    this.#partial = '';
    this.#ended = true;
    this.#wake();
  }

  read(query: LogQuery): Uint8Array {
    return encode(
      this.#select(query)
        .map((line) => show(line, query))
        .join(''),
    ).subarray(0, query.limitBytes);
  }

  /** What is there and then each new line until the container ends or `signal` aborts. */
  async *follow(query: LogQuery, signal: AbortSignal): AsyncIterable<Uint8Array> {
    let next = this.#dropped + this.#lines.length;
    const first = this.read(query);
    let left = (query.limitBytes ?? Number.POSITIVE_INFINITY) - first.length;
    if (first.length > 0) yield first;
    while (!signal.aborted && left > 0) {
      const fresh = this.#lines.slice(Math.max(0, next - this.#dropped));
      next = this.#dropped + this.#lines.length;
      if (fresh.length > 0) {
        const chunk = encode(fresh.map((line) => show(line, query)).join('')).subarray(0, left);
        left -= chunk.length;
        yield chunk;
      } else if (this.#ended) return;
      else await this.#next(signal);
    }
  }

  #select({ tailLines, sinceTime }: LogQuery): readonly Line[] {
    const recent = sinceTime === undefined ? this.#lines : this.#lines.filter(({ at }) => at >= sinceTime);
    return tailLines === undefined ? recent : tailLines === 0 ? [] : recent.slice(-tailLines);
  }

  #add(line: Line): void {
    this.#lines.push(line);
    this.#size += line.text.length;
    let cut = 0;
    while (this.#size > KEPT_CHARACTERS && cut < this.#lines.length - 1)
      this.#size -= this.#lines[cut++]?.text.length ?? 0;
    if (cut === 0) return;
    this.#lines = this.#lines.slice(cut);
    this.#dropped += cut;
  }

  #next(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      this.#wakers.push(resolve);
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }

  #wake(): void {
    for (const wake of this.#wakers.splice(0)) wake();
  }
}

function show(line: Line, { timestamps }: LogQuery): string {
  return timestamps ? `${new Date(line.at).toISOString().slice(0, 23)}000000Z ${line.text}` : line.text;
}
