/** Parses JSON text strictly: finds keys that stand twice in one object and says what is wrong in Go's words. */
import { setField } from './own-field.ts';

export interface ParsedJson {
  readonly value: unknown;
  /** `duplicate field "data.a"`, in document order. */
  readonly duplicates: string[];
}

/** Nested deeper than this is refused. Go stops at 10 000, which our stack would not survive; no object comes near either. */
const MAX_DEPTH = 1_000;

/** Throws SyntaxError with the words of encoding/json. The last of two equal keys wins. */
export function parseJson(text: string): ParsedJson {
  const reader = new Reader(text);
  const value = reader.document();
  return { value, duplicates: reader.duplicates };
}

class Reader {
  readonly duplicates: string[] = [];
  readonly #text: string;
  #at = 0;
  #depth = 0;
  readonly #path: (string | number)[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  document(): unknown {
    const value = this.#value();
    this.#blank();
    if (this.#at < this.#text.length) throw this.#bad('after top-level value');
    return value;
  }

  #value(): unknown {
    this.#blank();
    const c = this.#text[this.#at];
    if (c === '{') return this.#nested(() => this.#object());
    if (c === '[') return this.#nested(() => this.#array());
    if (c === '"') return this.#string();
    if (c === 't') return this.#literal('true', true);
    if (c === 'f') return this.#literal('false', false);
    if (c === 'n') return this.#literal('null', null);
    if (c !== undefined && (c === '-' || (c >= '0' && c <= '9'))) return this.#number();
    throw this.#bad('looking for beginning of value');
  }

  #nested<T>(read: () => T): T {
    this.#at += 1;
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) throw new SyntaxError('exceeded max depth');
    const value = read();
    this.#depth -= 1;
    return value;
  }

  #object(): Record<string, unknown> {
    const out: Record<string, unknown> = {};
    this.#blank();
    if (this.#take('}')) return out;
    for (;;) {
      this.#blank();
      if (this.#text[this.#at] !== '"') throw this.#bad('looking for beginning of object key string');
      const key = this.#string();
      this.#blank();
      if (!this.#take(':')) throw this.#bad('after object key');
      this.#path.push(key);
      if (Object.hasOwn(out, key)) this.duplicates.push(`duplicate field ${JSON.stringify(spell(this.#path))}`);
      const value = this.#value();
      setField(out, key, value);
      this.#path.pop();
      this.#blank();
      if (this.#take('}')) return out;
      if (!this.#take(',')) throw this.#bad('after object key:value pair');
    }
  }

  #array(): unknown[] {
    const out: unknown[] = [];
    this.#blank();
    if (this.#take(']')) return out;
    for (;;) {
      this.#path.push(out.length);
      out.push(this.#value());
      this.#path.pop();
      this.#blank();
      if (this.#take(']')) return out;
      if (!this.#take(',')) throw this.#bad('after array element');
    }
  }

  #string(): string {
    const start = this.#at;
    for (let i = start + 1; ; i += 1) {
      const code = this.#text.charCodeAt(i);
      if (Number.isNaN(code)) throw new SyntaxError('unexpected end of JSON input');
      if (code === 34) {
        this.#at = i + 1;
        const raw = this.#text.slice(start, i + 1);
        return raw.includes('\\') ? this.#unescape(raw, start) : raw.slice(1, -1);
      }
      if (code === 92) i += 1;
      else if (code < 32) {
        this.#at = i;
        throw this.#bad('in string literal');
      }
    }
  }

  #unescape(raw: string, start: number): string {
    const wrong = /\\(?!["\\/bfnrtu])/.exec(raw.replace(/\\\\/g, '__'));
    if (wrong) {
      this.#at = start + wrong.index + 1;
      throw this.#bad('in string escape code');
    }
    const value: unknown = JSON.parse(raw);
    return String(value);
  }

  #literal<T>(word: string, value: T): T {
    for (let i = 1; i < word.length; i += 1) {
      if (this.#text[this.#at + i] !== word[i]) {
        this.#at += i;
        throw this.#bad(`in literal ${word} (expecting '${word[i] ?? ''}')`);
      }
    }
    this.#at += word.length;
    return value;
  }

  #number(): number {
    const match = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?/y;
    match.lastIndex = this.#at;
    const found = match.exec(this.#text)?.[0];
    if (found === undefined) {
      this.#at += 1;
      throw this.#bad('in numeric literal');
    }
    this.#at += found.length;
    return Number(found);
  }

  #blank(): void {
    for (;;) {
      const code = this.#text.charCodeAt(this.#at);
      if (code !== 32 && code !== 10 && code !== 13 && code !== 9) return;
      this.#at += 1;
    }
  }

  #take(c: string): boolean {
    if (this.#text[this.#at] !== c) return false;
    this.#at += 1;
    return true;
  }

  #bad(where: string): SyntaxError {
    const c = this.#text[this.#at];
    if (c === undefined) return new SyntaxError('unexpected end of JSON input');
    const quoted = c === "'" ? "'\\''" : c === '"' ? `'"'` : `'${JSON.stringify(c).slice(1, -1)}'`;
    return new SyntaxError(`invalid character ${quoted} ${where}`);
  }
}

function spell(path: readonly (string | number)[]): string {
  return path.reduce<string>(
    (text, key) => (typeof key === 'number' ? `${text}[${key}]` : text === '' ? key : `${text}.${key}`),
    '',
  );
}
