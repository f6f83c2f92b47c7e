/** The grammar of label selectors, with the words of upstream's errors. Source: apimachinery `labels.Parse`. */
import { InputError } from '../errors.ts';
import type { Operator, Requirement } from './requirement.ts';

interface Token {
  readonly kind: 'word' | 'symbol' | 'end';
  readonly text: string;
}

/** How operators are listed in an error, in upstream's order. */
const OPERATOR_NAMES = 'in, notin, =, ==, !=, gt, lt';
const OPERATORS: Readonly<Record<string, Operator>> = {
  in: 'in',
  notin: 'notin',
  '=': '=',
  '==': '=',
  '!=': '!=',
  '>': '>',
  '<': '<',
};

/** Reads `a=b,c!=d,e in (f,g),h,!i,j>5`. Throws InputError with what was found and what was expected. */
export function parseRequirements(text: string): Requirement[] {
  const tokens = new Tokens(text);
  const requirements: Requirement[] = [];
  while (!tokens.at('end')) {
    if (!tokens.at('word') && !tokens.at('!')) throw tokens.unexpected(", expected: !, identifier, or 'end of string'");
    requirements.push(readRequirement(tokens));
    if (tokens.at('end')) break;
    if (!tokens.at(',')) throw tokens.unexpected(", expected: ',' or 'end of string'");
    tokens.next();
    if (!tokens.at('word') && !tokens.at('!')) throw tokens.unexpected(", expected: identifier after ','");
  }
  return requirements;
}

function readRequirement(tokens: Tokens): Requirement {
  try {
    const absent = tokens.at('!');
    if (absent) tokens.next();
    const key = readWord(tokens);
    if (absent) return { key, operator: '!exists', values: [] };
    if (tokens.at('end') || tokens.at(',')) return { key, operator: 'exists', values: [] };
    const operator = Object.hasOwn(OPERATORS, tokens.peek.text) ? OPERATORS[tokens.peek.text] : undefined;
    if (!operator) throw tokens.unexpected(`, expected: ${OPERATOR_NAMES}`);
    tokens.next();
    const values = operator === 'in' || operator === 'notin' ? readSet(tokens) : [readValue(tokens)];
    if (operator === '>' || operator === '<') refuseFraction(values[0] ?? '');
    return { key, operator, values };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw unreadable(error.message);
  }
}

/** The error of a requirement that cannot be what it says. */
export function unreadable(why: string): InputError {
  return new InputError('bad-selector', `unable to parse requirement: ${why}`);
}

function readWord(tokens: Tokens): string {
  if (!tokens.at('word')) throw tokens.unexpected(', expected: identifier');
  return tokens.next().text;
}

function readValue(tokens: Tokens): string {
  return tokens.at('end') || tokens.at(',') ? '' : readWord(tokens);
}

/** `(a,b)`; nothing between two separators is the empty string. */
function readSet(tokens: Tokens): string[] {
  if (!tokens.at('(')) throw tokens.unexpected(" expected: '('");
  tokens.next();
  if (!tokens.at('word') && !tokens.at(',') && !tokens.at(')'))
    throw tokens.unexpected(", expected: ',', ')' or identifier");
  const values: string[] = [];
  for (;;) {
    values.push(tokens.at('word') ? tokens.next().text : '');
    if (tokens.at(')')) break;
    if (!tokens.at(',')) throw tokens.unexpected(", expected: ',' or ')'");
    tokens.next();
    if (!tokens.at('word') && !tokens.at(',') && !tokens.at(')'))
      throw tokens.unexpected(", expected: ',', or identifier");
  }
  tokens.next();
  return [...new Set(values)];
}

function refuseFraction(value: string): void {
  if (/^[+-]?\d+$/.test(value)) return;
  const why = "for 'Gt', 'Lt' operators, the value must be an integer";
  throw new InputError('bad-selector', `values[0]: Invalid value: ${JSON.stringify(value)}: ${why}`);
}

const TOKEN = /\s*(?:(==|!=|[=!(),<>])|([^\s=!(),<>]+))/y;

class Tokens {
  readonly #text: string;
  #at = 0;
  /** The token that is read next. */
  peek: Token;

  constructor(text: string) {
    this.#text = text;
    this.peek = this.#scan();
  }

  /** Whether the next token is a word, the end, or this very symbol. */
  at(what: string): boolean {
    return what === 'word' || what === 'end'
      ? this.peek.kind === what
      : this.peek.kind === 'symbol' && this.peek.text === what;
  }

  next(): Token {
    const token = this.peek;
    this.peek = this.#scan();
    return token;
  }

  unexpected(expectation: string): InputError {
    return new InputError('bad-selector', `found '${this.peek.text}'${expectation}`);
  }

  #scan(): Token {
    TOKEN.lastIndex = this.#at;
    const match = TOKEN.exec(this.#text);
    if (!match) return { kind: 'end', text: '' };
    this.#at = TOKEN.lastIndex;
    const [, symbol, word = ''] = match;
    return symbol === undefined ? { kind: 'word', text: word } : { kind: 'symbol', text: symbol };
  }
}
