/** Builds the syntax tree: POSIX's shell grammar by recursive descent. */
import type { Assignment, Command, Redirection, Word } from './ast.ts';
import { Incomplete, SyntaxTrouble } from './ast.ts';
import type { Token } from './lexer.ts';
import { Lexer } from './lexer.ts';

type Simple = { assignments: Assignment[]; words: Word[]; redirections: Redirection[] };
type Item = { command: Command; background: boolean; source: string };

const REDIRECTIONS: Readonly<Record<string, Redirection['op']>> = {
  '<': '<',
  '>': '>',
  '>|': '>',
  '>>': '>>',
  '>&': '>&',
  '<&': '<&',
  '<<': '<<',
  '<<-': '<<',
  '&>': '&>',
};
const CLOSERS = new Set(['then', 'else', 'elif', 'fi', 'do', 'done', 'esac', '}']);

/** Throws SyntaxTrouble; its subclass Incomplete when more lines could complete it. */
export function parse(source: string): Command {
  return new Parser(new Lexer(source)).whole();
}

class Parser {
  readonly #lexer: Lexer;
  constructor(lexer: Lexer) {
    this.#lexer = lexer;
  }

  whole(): Command {
    const list = this.#list();
    const token = this.#lexer.peek();
    if (token.kind !== 'end') throw unexpected(token);
    return list;
  }

  #list(): Command {
    const items: Item[] = [];
    for (;;) {
      this.#newlines();
      const token = this.#lexer.peek();
      if (token.kind === 'end' || this.#operator(')') || this.#operator(';;') || CLOSERS.has(reserved(token))) break;
      const command = this.#andOr();
      const end = this.#lexer.peek();
      const background = this.#take('&');
      items.push({ command, background, source: this.#lexer.source.slice(token.at, end.at).trim() });
      if (!background && !this.#take(';') && !this.#take('\n')) break;
    }
    return { kind: 'list', items };
  }

  /** A list that must hold something, as between `then` and `fi`. */
  #body(...ends: string[]): Command {
    const body = this.#list();
    const token = this.#lexer.peek();
    if (body.kind === 'list' && body.items.length === 0)
      throw unexpected(token, token.kind === 'end' ? ends[0] : undefined);
    if (!ends.includes(reserved(token))) throw unexpected(token, ends[0]);
    return body;
  }

  #andOr(): Command {
    let left = this.#pipeline();
    for (;;) {
      const kind = this.#take('&&') ? 'and' : this.#take('||') ? 'or' : undefined;
      if (!kind) return left;
      this.#newlines();
      left = { kind, left, right: this.#pipeline() };
    }
  }

  #pipeline(): Command {
    const negated = reserved(this.#lexer.peek()) === '!';
    if (negated) this.#lexer.next();
    const commands = [this.#command()];
    while (this.#take('|')) {
      this.#newlines();
      commands.push(this.#command());
    }
    const [first] = commands;
    return first && commands.length === 1 && !negated ? first : { kind: 'pipeline', negated, commands };
  }

  #command(): Command {
    const token = this.#lexer.peek();
    if (this.#take('(')) {
      const body = this.#list();
      if (!this.#take(')')) throw unexpected(this.#lexer.peek(), ')');
      return { kind: 'subshell', body, redirections: this.#redirections() };
    }
    switch (reserved(token)) {
      case '{': {
        this.#lexer.next();
        const body = this.#body('}');
        this.#lexer.next();
        return { kind: 'group', body, redirections: this.#redirections() };
      }
      case 'if':
        return this.#if();
      case 'while':
      case 'until':
        return this.#loop();
      case 'for':
        return this.#for();
      case 'case':
        return this.#case();
      default:
        return this.#simple();
    }
  }

  #if(): Command {
    const arms: { test: Command; body: Command }[] = [];
    let otherwise: Command | undefined;
    do {
      this.#lexer.next();
      const test = this.#body('then');
      this.#lexer.next();
      arms.push({ test, body: this.#body('fi', 'else', 'elif') });
    } while (reserved(this.#lexer.peek()) === 'elif');
    if (reserved(this.#lexer.next()) === 'else') {
      otherwise = this.#body('fi');
      this.#lexer.next();
    }
    return { kind: 'if', arms, otherwise, redirections: this.#redirections() };
  }

  #loop(): Command {
    const until = reserved(this.#lexer.next()) === 'until';
    const test = this.#body('do');
    return { kind: 'loop', until, test, body: this.#do(), redirections: this.#redirections() };
  }

  #do(): Command {
    if (reserved(this.#lexer.peek()) !== 'do') throw unexpected(this.#lexer.peek(), 'do');
    this.#lexer.next();
    const body = this.#body('done');
    this.#lexer.next();
    return body;
  }

  #for(): Command {
    this.#lexer.next();
    const name = plain(this.#lexer.next());
    this.#newlines();
    let words: Word[] | undefined;
    if (reserved(this.#lexer.peek()) === 'in') {
      this.#lexer.next();
      words = [];
      for (let token = this.#lexer.peek(); token.kind === 'word'; token = this.#lexer.peek()) {
        words.push(token.word);
        this.#lexer.next();
      }
    }
    this.#take(';');
    this.#newlines();
    return { kind: 'for', name, words, body: this.#do(), redirections: this.#redirections() };
  }

  #case(): Command {
    this.#lexer.next();
    const word = this.#needWord();
    this.#newlines();
    const opening = this.#lexer.next();
    if (reserved(opening) !== 'in') throw unexpected(opening, 'in');
    const arms: { patterns: Word[]; body: Command }[] = [];
    for (;;) {
      this.#newlines();
      if (reserved(this.#lexer.peek()) === 'esac') break;
      this.#take('(');
      const patterns = [this.#needWord()];
      while (this.#take('|')) patterns.push(this.#needWord());
      if (!this.#take(')')) throw unexpected(this.#lexer.peek(), ')');
      arms.push({ patterns, body: this.#list() });
      if (!this.#take(';;')) break;
    }
    this.#newlines();
    const closing = this.#lexer.next();
    if (reserved(closing) !== 'esac') throw unexpected(closing, 'esac');
    return { kind: 'case', word, arms, redirections: this.#redirections() };
  }

  #simple(): Command {
    const simple: Simple = { assignments: [], words: [], redirections: [] };
    for (;;) {
      const token = this.#lexer.peek();
      if (this.#redirection(simple.redirections)) continue;
      if (token.kind === 'word') {
        this.#lexer.next();
        const assignment = simple.words.length === 0 ? asAssignment(token.word) : undefined;
        if (assignment) simple.assignments.push(assignment);
        else simple.words.push(token.word);
        const [only] = simple.words;
        if (only && simple.words.length === 1 && this.#operator('(')) return this.#function(only);
      } else break;
    }
    if (simple.words.length + simple.assignments.length + simple.redirections.length === 0)
      throw unexpected(this.#lexer.peek());
    return { kind: 'simple', ...simple };
  }

  #function(name: Word): Command {
    this.#lexer.next();
    if (!this.#take(')')) throw unexpected(this.#lexer.peek(), ')');
    this.#newlines();
    const [part] = name;
    return { kind: 'function', name: part?.kind === 'text' ? part.text : '', body: this.#command() };
  }

  #redirections(): Redirection[] {
    const found: Redirection[] = [];
    while (this.#redirection(found));
    return found;
  }

  #redirection(into: Redirection[]): boolean {
    const first = this.#lexer.peek();
    const fd = first.kind === 'fd' ? first.fd : undefined;
    if (fd !== undefined) this.#lexer.next();
    const token = this.#lexer.peek();
    const op = token.kind === 'operator' ? REDIRECTIONS[token.text] : undefined;
    if (!op || token.kind !== 'operator') return false;
    this.#lexer.next();
    const target = this.#needWord();
    const standard = op.startsWith('<') ? 0 : 1;
    if (op === '<<') {
      const index = into.push({ fd: fd ?? 0, op, target: [] }) - 1;
      this.#lexer.heredoc(target, token.text === '<<-', (body) => (into[index] = { fd: fd ?? 0, op, target: body }));
    } else into.push({ fd: fd ?? standard, op, target });
    return true;
  }

  #needWord(): Word {
    const token = this.#lexer.next();
    if (token.kind !== 'word') throw unexpected(token);
    return token.word;
  }

  #newlines(): void {
    while (this.#take('\n'));
  }

  #operator(text: string): boolean {
    const token = this.#lexer.peek();
    return token.kind === 'operator' && token.text === text;
  }

  #take(text: string): boolean {
    const found = this.#operator(text);
    if (found) this.#lexer.next();
    return found;
  }
}

/** The word when it is one plain unquoted piece, as reserved words are. */
function reserved(token: Token): string {
  if (token.kind !== 'word' || token.word.length !== 1) return '';
  const [part] = token.word;
  return part?.kind === 'text' && !part.quoted ? part.text : '';
}

function plain(token: Token): string {
  const text = reserved(token);
  if (!/^[A-Za-z_]\w*$/.test(text)) throw new SyntaxTrouble('syntax error: bad for loop variable');
  return text;
}

function asAssignment(word: Word): Assignment | undefined {
  const [first, ...rest] = word;
  if (first?.kind !== 'text' || first.quoted) return undefined;
  const match = /^([A-Za-z_]\w*)=(.*)$/s.exec(first.text);
  if (!match) return undefined;
  const [, name = '', text = ''] = match;
  return { name, value: text === '' ? rest : [{ ...first, text }, ...rest] };
}

function unexpected(token: Token, wanted?: string): SyntaxTrouble {
  const expecting = wanted === undefined ? '' : ` (expecting "${wanted}")`;
  if (token.kind === 'end') return new Incomplete(`syntax error: unexpected end of file${expecting}`);
  if (token.kind === 'operator' && token.text === '\n')
    return new SyntaxTrouble(`syntax error: unexpected newline${expecting}`);
  const text =
    token.kind === 'operator' ? token.text : token.kind === 'fd' ? String(token.fd) : reserved(token) || 'word';
  const shown = token.kind === 'word' && reserved(token) === '' ? 'word' : `"${text}"`;
  return new SyntaxTrouble(`syntax error: unexpected ${shown}${expecting}`);
}
