/** `test` and `[`: conditions on strings, numbers and files. */
import type { FileView } from '../files.ts';
import { normalise } from '../files.ts';

/** Throws Error with the tool's words for what it cannot read. */
export function evaluateTest(args: readonly string[], files: FileView, cwd: string): boolean {
  const condition = new Condition(args, files, cwd);
  return args.length > 0 && condition.whole();
}

class Condition {
  readonly #args: readonly string[];
  readonly #files: FileView;
  readonly #cwd: string;
  #at = 0;

  constructor(args: readonly string[], files: FileView, cwd: string) {
    this.#args = args;
    this.#files = files;
    this.#cwd = cwd;
  }

  whole(): boolean {
    const result = this.#or();
    if (this.#at < this.#args.length) throw new Error(`${this.#args[this.#at]}: unknown operand`);
    return result;
  }

  #or(): boolean {
    let left = this.#and();
    while (this.#args[this.#at] === '-o') {
      this.#at++;
      const right = this.#and();
      left = left || right;
    }
    return left;
  }

  #and(): boolean {
    let left = this.#not();
    while (this.#args[this.#at] === '-a') {
      this.#at++;
      const right = this.#not();
      left = left && right;
    }
    return left;
  }

  #not(): boolean {
    if (this.#args[this.#at] === '!' && this.#args.length > this.#at + 1) {
      this.#at++;
      return !this.#not();
    }
    return this.#primary();
  }

  #primary(): boolean {
    const [first = '', op, second] = this.#args.slice(this.#at, this.#at + 3);
    if (op !== undefined && second !== undefined && BINARY.has(op)) {
      this.#at += 3;
      return compare(first, op, second);
    }
    if (first === '(') {
      this.#at++;
      const inner = this.#or();
      if (this.#args[this.#at++] !== ')') throw new Error('closing paren expected');
      return inner;
    }
    if (op !== undefined && /^-[a-zA-Z]$/.test(first) && op !== '-a' && op !== '-o') {
      this.#at += 2;
      return this.#unary(first, op);
    }
    this.#at++;
    return first !== '';
  }

  #unary(op: string, operand: string): boolean {
    if (op === '-n') return operand !== '';
    if (op === '-z') return operand === '';
    if (op === '-t') return false;
    const path = normalise(operand, this.#cwd);
    const node = operand === '' ? undefined : this.#files.stat(path);
    switch (op) {
      case '-e':
      case '-r':
      case '-w':
        return node !== undefined;
      case '-f':
        return node?.kind === 'file';
      case '-d':
        return node?.kind === 'dir';
      case '-s':
        return node?.kind === 'file' ? node.bytes.length > 0 : node !== undefined;
      case '-x':
        return node !== undefined && (node.kind === 'dir' || (node.mode & 0o111) !== 0);
      case '-L':
      case '-h':
        return this.#files.stat(path, false)?.kind === 'link';
      default:
        throw new Error(`${op}: unknown operand`);
    }
  }
}

const BINARY = new Set(['=', '==', '!=', '-eq', '-ne', '-lt', '-le', '-gt', '-ge', '<', '>']);

function compare(a: string, op: string, b: string): boolean {
  if (op === '=' || op === '==') return a === b;
  if (op === '!=') return a !== b;
  if (op === '<') return a < b;
  if (op === '>') return a > b;
  const [x, y] = [number(a), number(b)];
  switch (op) {
    case '-eq':
      return x === y;
    case '-ne':
      return x !== y;
    case '-lt':
      return x < y;
    case '-le':
      return x <= y;
    case '-gt':
      return x > y;
    default:
      return x >= y;
  }
}

function number(text: string): number {
  if (!/^\s*[-+]?\d+\s*$/.test(text)) throw new Error(`${text}: bad number`);
  return Number(text);
}
