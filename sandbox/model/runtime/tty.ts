/**
 * A terminal's line discipline: echo, line editing, Ctrl-C and Ctrl-D on the way in, CR LF on the way out. Escape sequences
 * (arrow keys) are swallowed.
 */
import { Pipe, concat, decode, encode } from './pipe.ts';
import type { Sink, Source } from './pipe.ts';

export class Tty implements Source, Sink {
  readonly #input = new Pipe();
  readonly #draw: (chunk: Uint8Array) => void;
  #line = '';
  #escape = '';
  /** Called on Ctrl-C. */
  onInterrupt: () => void = () => {};

  constructor(draw: (chunk: Uint8Array) => void) {
    this.#draw = draw;
  }

  /** After Ctrl-D the read ends, but the terminal can be read again. */
  async read(signal?: AbortSignal): Promise<Uint8Array | undefined> {
    const chunk = await this.#input.read(signal);
    return chunk === END_OF_INPUT ? undefined : chunk;
  }

  write(chunk: Uint8Array): Promise<void> {
    this.#draw(withReturns(chunk));
    return Promise.resolve();
  }

  /** Keys from the person. */
  type(keys: Uint8Array): void {
    for (const key of decode(keys)) this.#key(key);
  }

  /** The person is gone. */
  hangUp(): void {
    this.#input.end();
  }

  #key(key: string): void {
    if (this.#escape !== '' || key === '\x1b') return this.#swallow(key);
    if (key === '\r' || key === '\n') {
      this.#echo('\r\n');
      this.#input.push(encode(`${this.#line}\n`));
      this.#line = '';
    } else if (key === '\x7f' || key === '\b') {
      if (this.#line === '') return;
      this.#line = [...this.#line].slice(0, -1).join('');
      this.#echo('\b \b');
    } else if (key === '\x03') {
      this.#echo('^C');
      this.#line = '';
      this.onInterrupt();
    } else if (key === '\x04') {
      if (this.#line === '') this.#input.push(END_OF_INPUT);
    } else if (key === '\x15') {
      this.#echo('\b \b'.repeat([...this.#line].length));
      this.#line = '';
    } else if (key === '\x0c') {
      this.#echo(`\x1b[H\x1b[2J${this.#line}`);
    } else if (key >= ' ' || key === '\t') {
      this.#line += key;
      this.#echo(key);
    }
  }

  #swallow(key: string): void {
    this.#escape += key;
    const sequence = this.#escape;
    const done = sequence.length === 2 ? key !== '[' && key !== 'O' : sequence.length > 2 && /[@-~]/.test(key);
    if (done) this.#escape = '';
  }

  #echo(text: string): void {
    this.#draw(encode(text));
  }
}

/** Stands in the input for Ctrl-D. Compared by identity. */
const END_OF_INPUT = new Uint8Array([4]);

function withReturns(chunk: Uint8Array): Uint8Array {
  if (!chunk.includes(10)) return chunk;
  const parts: Uint8Array[] = [];
  let from = 0;
  for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, from)) {
    parts.push(chunk.subarray(from, at), chunk[at - 1] === 13 ? LF : CRLF);
    from = at + 1;
  }
  parts.push(chunk.subarray(from));
  return concat(parts);
}
const LF = new Uint8Array([10]);
const CRLF = new Uint8Array([13, 10]);
