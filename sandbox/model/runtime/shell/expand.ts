/** Expansion of words: parameters, commands, arithmetic, fields, file names, quotes. */
import { FsError, normalise } from '../files.ts';
import type { FileView } from '../files.ts';
import { arithmetic } from './arithmetic.ts';
import type { Part, Word } from './ast.ts';
import { hasWildcard, patternSource, patternToRegExp, unescape } from './pattern.ts';
import type { ShellState } from './state.ts';

export interface ExpansionContext {
  readonly state: ShellState;
  readonly files: FileView;
  readonly pid: number;
  cwd(): string;
  /** Runs a command substitution and gives its output. */
  substitute(source: string): Promise<string>;
}

/** An expansion that ends the command, such as `${x:?}`. */
export class ExpansionTrouble extends Error {}

interface Piece {
  readonly text: string;
  readonly quoted: boolean;
  /** Came from an expansion: unquoted, it is split into fields. */
  readonly expanded: boolean;
  /** Starts a new field, as each of "$@" but the first. */
  readonly breaks?: boolean;
}

/** The fields that words become. */
export async function expandWords(words: readonly Word[], context: ExpansionContext): Promise<string[]> {
  const fields: string[] = [];
  for (const word of words) {
    for (const pattern of toFields(await pieces(word, context), context.state)) fields.push(...glob(pattern, context));
  }
  return fields;
}

/** One string: no splitting, no file names, as in assignments and redirections. */
export async function expandText(word: Word, context: ExpansionContext): Promise<string> {
  return (await pieces(word, context)).map((piece) => (piece.breaks ? ` ${piece.text}` : piece.text)).join('');
}

/** A pattern with what was quoted escaped, as for `case` and `${x#…}`. */
export async function expandPattern(word: Word, context: ExpansionContext): Promise<string> {
  return (await pieces(word, context)).map(protect).join('');
}

async function pieces(word: Word, context: ExpansionContext): Promise<Piece[]> {
  const found: Piece[] = [];
  for (const [i, part] of word.entries()) {
    if (i === 0 && part.kind === 'text' && !part.quoted && /^~(\/|$)/.test(part.text)) {
      found.push({ text: (context.state.get('HOME') ?? '/root') + part.text.slice(1), quoted: false, expanded: false });
    } else found.push(...(await expandPart(part, context)));
  }
  return found;
}

async function expandPart(part: Part, context: ExpansionContext): Promise<Piece[]> {
  const one = (text: string): Piece[] => [{ text, quoted: part.quoted, expanded: true }];
  switch (part.kind) {
    case 'text':
      return [{ text: part.text, quoted: part.quoted, expanded: false }];
    case 'command':
      return one((await context.substitute(part.source)).replace(/\n+$/, ''));
    case 'arithmetic':
      return one(String(arithmetic(await expandText(part.expression, context), context.state)));
    case 'length':
      return one(
        String(
          part.name === '@' || part.name === '*'
            ? context.state.parameters.length
            : [...(value(part.name, context) ?? '')].length,
        ),
      );
    case 'parameter':
      if ((part.name === '@' || part.name === '*') && part.op === '') return allParameters(part, context);
      return parameter(part, context);
  }
}

function allParameters(part: Part & { kind: 'parameter' }, { state }: ExpansionContext): Piece[] {
  if (part.name === '*' && part.quoted) return [{ text: state.parameters.join(' '), quoted: true, expanded: true }];
  return state.parameters.map((text, i) => ({ text, quoted: part.quoted, expanded: true, breaks: i > 0 }));
}

async function parameter(part: Part & { kind: 'parameter' }, context: ExpansionContext): Promise<Piece[]> {
  const { name, op, arg, quoted } = part;
  const { state } = context;
  const current = value(name, context);
  const one = (text: string): Piece[] => [{ text, quoted, expanded: true }];
  if (op === '') {
    if (current === undefined && state.options.has('u')) throw new ExpansionTrouble(`${name}: parameter not set`);
    return one(current ?? '');
  }
  const missing = current === undefined || (op.startsWith(':') && current === '');
  switch (op.replace(':', '')) {
    case '-':
      return missing ? pieces(arg, context) : one(current);
    case '+':
      return missing ? one('') : pieces(arg, context);
    case '=': {
      if (!missing) return one(current);
      const text = await expandText(arg, context);
      state.set(name, text);
      return one(text);
    }
    case '?':
      if (!missing) return one(current);
      throw new ExpansionTrouble(`${name}: ${(await expandText(arg, context)) || 'parameter not set'}`);
    default: {
      const pattern = await expandPattern(
        arg.map((p) => (p.kind === 'text' ? p : { ...p, quoted: true })),
        context,
      );
      return one(trim(current ?? '', op, pattern));
    }
  }
}

function trim(text: string, op: string, pattern: string): string {
  if (op.startsWith('#')) return text.replace(new RegExp(`^${patternSource(pattern, false, op === '##')}`, 's'), '');
  const whole = patternToRegExp(pattern);
  const cuts = Array.from({ length: text.length + 1 }, (_, i) => i);
  const cut = (op === '%%' ? cuts : cuts.reverse()).find((i) => whole.test(text.slice(i)));
  return cut === undefined ? text : text.slice(0, cut);
}

function value(name: string, { state, pid }: ExpansionContext): string | undefined {
  if (/^[1-9]\d*$/.test(name)) return state.parameters[Number(name) - 1];
  switch (name) {
    case '0':
      return state.name;
    case '#':
      return String(state.parameters.length);
    case '?':
      return String(state.status);
    case '$':
      return String(pid);
    case '!':
      return state.lastBackground;
    case '-':
      return [...state.options].join('');
    case '@':
    case '*':
      return state.parameters.join(' ');
    default:
      return state.get(name);
  }
}

/** Splits what came from unquoted expansions; gives patterns in which quoted characters are escaped. */
function toFields(found: readonly Piece[], state: ShellState): string[] {
  const separators = state.get('IFS') ?? ' \t\n';
  const fields: string[] = [];
  let field: string | undefined;
  for (const piece of found) {
    if (piece.breaks && field !== undefined) {
      fields.push(field);
      field = undefined;
    }
    if (piece.quoted || !piece.expanded || separators === '') {
      if (piece.quoted || piece.text !== '') field = (field ?? '') + protect(piece);
      continue;
    }
    for (const c of piece.text) {
      if (separators.includes(c)) {
        if (field !== undefined || c.trim() !== '') fields.push(field ?? '');
        field = undefined;
      } else field = (field ?? '') + (c === '\\' ? '\\\\' : c);
    }
  }
  if (field !== undefined) fields.push(field);
  return fields;
}

function protect(piece: Piece): string {
  return piece.quoted ? piece.text.replaceAll(/[\\*?[\]]/g, '\\$&') : piece.text.replaceAll('\\', '\\\\');
}

function glob(pattern: string, context: ExpansionContext): string[] {
  if (!hasWildcard(pattern)) return [unescape(pattern)];
  const absolute = pattern.startsWith('/');
  let found = [absolute ? '/' : ''];
  for (const part of pattern.split('/').filter((p) => p !== '')) {
    found = found.flatMap((base) => step(base, part, context));
  }
  return found.length > 0 ? found : [unescape(pattern)];
}

function step(base: string, part: string, context: ExpansionContext): string[] {
  const { files } = context;
  const cwd = context.cwd();
  const join = (name: string): string => (base === '' || base === '/' ? base + name : `${base}/${name}`);
  if (!hasWildcard(part)) return files.stat(normalise(join(unescape(part)), cwd)) ? [join(unescape(part))] : [];
  const matcher = patternToRegExp(part, true);
  try {
    return files
      .list(normalise(base === '' ? '.' : base, cwd))
      .filter((name) => (part.startsWith('.') || !name.startsWith('.')) && matcher.test(name))
      .map(join);
  } catch (error) {
    if (error instanceof FsError) return [];
    throw error;
  }
}
