/** `$((…))`: integer arithmetic with C's operators, over the shell's variables. */

const BINARY: readonly (readonly string[])[] = [
  ['||'],
  ['&&'],
  ['|'],
  ['^'],
  ['&'],
  ['==', '!='],
  ['<=', '>=', '<', '>'],
  ['<<', '>>'],
  ['+', '-'],
  ['*', '/', '%'],
];

export interface Variables {
  get(name: string): string | undefined;
  set(name: string, value: string): void;
}

/** Throws Error with the shell's words. */
export function arithmetic(text: string, variables: Variables): number {
  const tokens =
    text.match(/\d+|[A-Za-z_]\w*|\+\+|--|&&|\|\||==|!=|<=|>=|<<|>>|[-+*/%]=|[-+*/%&|^<>!~?:=()]|\S/g) ?? [];
  const evaluation = new Evaluation(tokens, variables);
  const value = tokens.length === 0 ? 0 : evaluation.assignment();
  if (!evaluation.done) throw new Error('arithmetic syntax error');
  return value;
}

class Evaluation {
  readonly #tokens: readonly string[];
  readonly #variables: Variables;
  #at = 0;

  constructor(tokens: readonly string[], variables: Variables) {
    this.#tokens = tokens;
    this.#variables = variables;
  }

  get done(): boolean {
    return this.#at >= this.#tokens.length;
  }

  assignment(): number {
    const name = this.#tokens[this.#at] ?? '';
    const op = this.#tokens[this.#at + 1] ?? '';
    if (/^[A-Za-z_]/.test(name) && (op === '=' || /^[-+*/%]=$/.test(op))) {
      this.#at += 2;
      const right = this.assignment();
      return this.#store(name, op === '=' ? right : apply(op.slice(0, -1), this.#load(name), right));
    }
    return this.#ternary();
  }

  #ternary(): number {
    const test = this.#binary(0);
    if (!this.#take('?')) return test;
    const yes = this.assignment();
    if (!this.#take(':')) throw new Error('arithmetic syntax error');
    const no = this.assignment();
    return test !== 0 ? yes : no;
  }

  #binary(level: number): number {
    const operators = BINARY[level];
    if (!operators) return this.#unary();
    let left = this.#binary(level + 1);
    for (;;) {
      const op = operators.find((candidate) => this.#tokens[this.#at] === candidate);
      if (op === undefined) return left;
      this.#at++;
      left = apply(op, left, this.#binary(level + 1));
    }
  }

  #unary(): number {
    const token = this.#tokens[this.#at++];
    if (token === undefined) throw new Error('arithmetic syntax error');
    if (token === '-') return -this.#unary();
    if (token === '+') return this.#unary();
    if (token === '!') return this.#unary() === 0 ? 1 : 0;
    if (token === '~') return ~this.#unary();
    if (token === '(') {
      const value = this.assignment();
      if (!this.#take(')')) throw new Error('arithmetic syntax error');
      return value;
    }
    if (token === '++' || token === '--') {
      const name = this.#tokens[this.#at++] ?? '';
      return this.#store(name, this.#load(name) + (token === '++' ? 1 : -1));
    }
    if (/^\d/.test(token)) return Number(token);
    if (!/^[A-Za-z_]/.test(token)) throw new Error('arithmetic syntax error');
    const value = this.#load(token);
    if (this.#take('++')) this.#store(token, value + 1);
    else if (this.#take('--')) this.#store(token, value - 1);
    return value;
  }

  #take(token: string): boolean {
    if (this.#tokens[this.#at] !== token) return false;
    this.#at++;
    return true;
  }

  #load(name: string): number {
    return Math.trunc(Number(this.#variables.get(name) ?? '0')) || 0;
  }

  #store(name: string, value: number): number {
    this.#variables.set(name, String(value));
    return value;
  }
}

function apply(op: string, a: number, b: number): number {
  switch (op) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
    case '%':
      if (b === 0) throw new Error('divide by zero');
      return op === '/' ? Math.trunc(a / b) : a % b;
    case '||':
      return a !== 0 || b !== 0 ? 1 : 0;
    case '&&':
      return a !== 0 && b !== 0 ? 1 : 0;
    case '|':
      return a | b;
    case '&':
      return a & b;
    case '^':
      return a ^ b;
    case '==':
      return a === b ? 1 : 0;
    case '!=':
      return a !== b ? 1 : 0;
    case '<':
      return a < b ? 1 : 0;
    case '>':
      return a > b ? 1 : 0;
    case '<=':
      return a <= b ? 1 : 0;
    case '>=':
      return a >= b ? 1 : 0;
    case '<<':
      return a << b;
    default:
      return a >> b;
  }
}
