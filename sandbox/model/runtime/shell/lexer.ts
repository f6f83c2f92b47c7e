/** Cuts shell text into words and operators. Words are read with their quotes and expansions; here-documents with their bodies. */
import type { Part, Word } from './ast.ts';
import { Incomplete, SyntaxTrouble } from './ast.ts';

export type Token =
  | { readonly kind: 'word'; readonly word: Word; readonly at: number }
  | { readonly kind: 'operator'; readonly text: string; readonly at: number }
  /** A number right before a redirection. */
  | { readonly kind: 'fd'; readonly fd: number; readonly at: number }
  | { readonly kind: 'end'; readonly at: number };

const OPERATORS = [
  '&&',
  '||',
  ';;',
  '<<-',
  '<<',
  '>>',
  '>&',
  '<&',
  '&>',
  '>|',
  '<',
  '>',
  '|',
  '&',
  ';',
  '(',
  ')',
  '\n',
];
const META = ' \t\n;&|<>()';

interface Heredoc {
  readonly end: string;
  readonly expand: boolean;
  readonly strip: boolean;
  readonly fill: (word: Word) => void;
}

export class Lexer {
  readonly source: string;
  at = 0;
  #peeked: Token | undefined;
  #heredocs: Heredoc[] = [];

  constructor(source: string) {
    this.source = source;
  }

  peek(): Token {
    return (this.#peeked ??= this.#read());
  }

  next(): Token {
    const token = this.peek();
    this.#peeked = undefined;
    return token;
  }

  /** After `<<`: the body follows the current line; `fill` gets it then. */
  heredoc(end: Word, strip: boolean, fill: (word: Word) => void): void {
    const expand = !end.some((part) => part.kind === 'text' && part.quoted);
    this.#heredocs.push({
      end: end.map((part) => (part.kind === 'text' ? part.text : '')).join(''),
      expand,
      strip,
      fill,
    });
  }

  #read(): Token {
    this.#skipBlank();
    const at = this.at;
    if (at >= this.source.length) {
      if (this.#heredocs.length > 0) throw new Incomplete('syntax error: unexpected end of file');
      return { kind: 'end', at };
    }
    const operator = OPERATORS.find((op) => this.source.startsWith(op, at));
    if (operator !== undefined) {
      this.at += operator.length;
      if (operator === '\n') this.#readHeredocs();
      return { kind: 'operator', text: operator, at };
    }
    const fd = /^\d+(?=[<>])/.exec(this.source.slice(at, at + 3));
    if (fd) {
      this.at += fd[0].length;
      return { kind: 'fd', fd: Number(fd[0]), at };
    }
    return { kind: 'word', word: this.#word((c) => META.includes(c), false), at };
  }

  #skipBlank(): void {
    for (;;) {
      const c = this.source[this.at];
      if (c === ' ' || c === '\t') this.at++;
      else if (c === '\\' && this.source[this.at + 1] === '\n') this.at += 2;
      else if (c === '#') while (this.at < this.source.length && this.source[this.at] !== '\n') this.at++;
      else return;
    }
  }

  /** Reads parts until `stops` says so or the text ends. */
  #word(stops: (c: string) => boolean, inQuotes: boolean): Word {
    const parts: Part[] = [];
    let text = '';
    const flush = (): void => {
      if (text !== '') parts.push({ kind: 'text', text, quoted: inQuotes });
      text = '';
    };
    while (this.at < this.source.length) {
      const c = this.source[this.at] ?? '';
      if (stops(c)) break;
      if (c === '\\') {
        const next = this.source[this.at + 1];
        this.at += 2;
        if (next === '\n') continue;
        if (inQuotes && next !== undefined && !'$`"\\'.includes(next)) text += `\\${next}`;
        else {
          flush();
          parts.push({ kind: 'text', text: next ?? '\\', quoted: true });
        }
      } else if (c === "'" && !inQuotes) {
        flush();
        parts.push({ kind: 'text', text: this.#until("'"), quoted: true });
      } else if (c === '"' && !inQuotes) {
        flush();
        this.at++;
        const inner = this.#word((d) => d === '"', true);
        if (this.source[this.at] !== '"') throw new Incomplete('syntax error: unterminated quoted string');
        this.at++;
        parts.push(...(inner.length > 0 ? inner : [{ kind: 'text', text: '', quoted: true } as const]));
      } else if (c === '`') {
        flush();
        parts.push({ kind: 'command', source: this.#until('`').replaceAll(/\\([$`\\])/g, '$1'), quoted: inQuotes });
      } else if (c === '$') {
        const part = this.#dollar(inQuotes);
        if (part) {
          flush();
          parts.push(part);
        } else text += '$';
      } else {
        text += c;
        this.at++;
      }
    }
    flush();
    return parts;
  }

  #until(end: string): string {
    const start = ++this.at;
    for (;;) {
      const c = this.source[this.at];
      if (c === undefined) throw new Incomplete('syntax error: unterminated quoted string');
      if (c === '\\' && end === '`') this.at++;
      else if (c === end) return this.source.slice(start, this.at++);
      this.at++;
    }
  }

  #dollar(quoted: boolean): Part | undefined {
    const rest = this.source.slice(this.at, this.at + 3);
    if (rest === '$((') {
      const inner = this.#balanced(this.at + 1);
      return { kind: 'arithmetic', expression: new Lexer(inner.slice(1, -1)).wholeText(), quoted };
    }
    if (rest.startsWith('$(')) return { kind: 'command', source: this.#balanced(this.at + 1), quoted };
    if (rest.startsWith('${')) return this.#braces(quoted);
    const name = /^\$([A-Za-z_]\w*|[0-9@*#?$!-])/.exec(this.source.slice(this.at, this.at + 128))?.[1];
    this.at++;
    if (name === undefined) return undefined;
    this.at += name.length;
    return { kind: 'parameter', name, op: '', arg: [], quoted };
  }

  #braces(quoted: boolean): Part {
    const head = /^\$\{(#?)([A-Za-z_]\w*|[0-9]+|[@*#?$!-])(:?[-=+?]|%%?|##?)?/.exec(
      this.source.slice(this.at, this.at + 256),
    );
    if (!head) throw new SyntaxTrouble('syntax error: bad substitution');
    this.at += head[0].length;
    const [, length = '', name = '', op = ''] = head;
    const arg = this.#word((c) => c === '}', false).map((part) => ({ ...part, quoted: part.quoted || quoted }));
    if (this.source[this.at] !== '}') throw new Incomplete('syntax error: unterminated quoted string');
    this.at++;
    return length === '#' ? { kind: 'length', name, quoted } : { kind: 'parameter', name, op, arg, quoted };
  }

  /** The text between the parenthesis at `open` and its partner; moves behind it. */
  #balanced(open: number): string {
    let depth = 0;
    let quote = '';
    for (let i = open; i < this.source.length; i++) {
      const c = this.source[i];
      if (c === '\\' && quote !== "'") i++;
      else if (quote !== '') quote = c === quote ? '' : quote;
      else if (c === '"' || c === "'") quote = c;
      else if (c === '(') depth++;
      else if (c === ')' && --depth === 0) {
        this.at = i + 1;
        return this.source.slice(open + 1, i);
      }
    }
    throw new Incomplete('syntax error: unterminated quoted string');
  }

  /** The whole source as one double-quoted word, as in here-documents and arithmetic. */
  wholeText(): Word {
    return this.#word(() => false, true);
  }

  #readHeredocs(): void {
    for (const { end, expand, strip, fill } of this.#heredocs.splice(0)) {
      let body = '';
      for (;;) {
        if (this.at >= this.source.length) throw new Incomplete('syntax error: unexpected end of file');
        const stop = this.source.indexOf('\n', this.at);
        const raw = this.source.slice(this.at, stop < 0 ? undefined : stop);
        this.at = stop < 0 ? this.source.length : stop + 1;
        const line = strip ? raw.replace(/^\t+/, '') : raw;
        if (line === end) break;
        body += `${line}\n`;
      }
      fill(expand ? new Lexer(body).wholeText() : [{ kind: 'text', text: body, quoted: true }]);
    }
  }
}
