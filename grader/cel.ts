/**
 * CEL with limits. Expressions are compiled once and kept; the limits are those of nodes, depth, nested loops and estimated
 * cost, so no authored expression can hold the process. Learners' words reach expressions only as values, never as text.
 */
import type { ASTNode } from '@marcbachmann/cel-js';
import { Environment, EvaluationError } from '@marcbachmann/cel-js';
import { CouldNotTell, InputError, messageOf } from '../kernel/errors.ts';
import { registerFunctions } from './cel-functions.ts';

export type CelContext = Readonly<Record<string, unknown>>;

export interface Program {
  readonly text: string;
  readonly ast: ASTNode;
  /** The value. Throws MissingField when a field on the way is not there, CouldNotTell for anything else that went wrong. */
  value(context: CelContext): unknown;
  /** The truth; a missing field is `false`. Throws CouldNotTell when the value is no bool. */
  test(context: CelContext): boolean;
  /** The value as a text for people; a missing field is named. */
  words(context: CelContext): string;
}

/** The expression read a field that is not set. */
export class MissingField extends Error {
  readonly field: string;
  constructor(field: string) {
    super(`${field} is not set`);
    this.field = field;
  }
}

const LIMITS = { nodes: 500, depth: 50, nestedLoops: 3, cost: 1_000_000, kept: 2000 } as const;
const LOOPS = new Set(['all', 'exists', 'exists_one', 'map', 'filter']);

const environment = registerFunctions(
  new Environment({
    unlistedVariablesAreDyn: true,
    enableOptionalTypes: true,
    homogeneousAggregateLiterals: false,
    limits: { maxAstNodes: LIMITS.nodes, maxDepth: LIMITS.depth },
  }),
);

const compiled = new Map<string, Program>();

/** Throws InputError when the text is no CEL or exceeds the limits. */
export function compile(text: string): Program {
  const known = compiled.get(text);
  if (known) return known;
  if (compiled.size >= LIMITS.kept) compiled.clear();
  const program = build(text);
  compiled.set(text, program);
  return program;
}

function build(text: string): Program {
  const parsed = parse(text);
  const loops = deepestLoop(parsed.ast);
  if (loops > LIMITS.nestedLoops) throw refuse(text, `loops are nested ${loops} deep; at most ${LIMITS.nestedLoops}`);
  const run = (context: CelContext): unknown => {
    const values = toCel(context);
    if (longestList(values) ** loops * 10 > LIMITS.cost)
      throw new CouldNotTell('cel-cost', `too many objects for the expression: ${text}`);
    try {
      return parsed(values as Record<string, unknown>);
    } catch (error) {
      throw translate(error, text);
    }
  };
  return {
    text,
    ast: parsed.ast,
    value: run,
    test(context) {
      const value = orMissing(
        () => run(context),
        () => false,
      );
      if (typeof value !== 'boolean') throw new CouldNotTell('cel-type', `the expression gives no bool: ${text}`);
      return value;
    },
    words: (context) =>
      String(
        orMissing(
          () => run(context),
          (field) => `${field} is not set`,
        ),
      ),
  };
}

function parse(text: string): ReturnType<Environment['parse']> {
  try {
    const parsed = environment.parse(text);
    if (callsNativePattern(parsed.ast)) throw refuse(text, 'use pattern(text, "re2") instead of matches()');
    return parsed;
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw refuse(text, firstLine(error));
  }
}

function refuse(text: string, why: string): InputError {
  return new InputError('bad-cel', `cannot use the CEL expression ${JSON.stringify(text)}: ${why}`, {
    remedy: 'Mend the expression; the language is described at cel.dev.',
  });
}

function translate(error: unknown, text: string): Error {
  if (error instanceof EvaluationError && (error.code === 'no_such_key' || error.code === 'index_out_of_bounds')) {
    return new MissingField(/^No such key: ([^\n,]+)/.exec(error.message)?.[1] ?? 'a field');
  }
  return new CouldNotTell('cel-failed', `cannot evaluate ${JSON.stringify(text)}: ${firstLine(error)}`, {
    cause: error,
  });
}

function orMissing<T>(run: () => T, missing: (field: string) => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof MissingField) return missing(error.field);
    throw error;
  }
}

function firstLine(error: unknown): string {
  return messageOf(error).split('\n')[0] ?? '';
}

function children(node: ASTNode): ASTNode[] {
  const found: ASTNode[] = [];
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(visit);
    else if (isNode(value)) found.push(value);
  };
  visit(node.args);
  return found;
}

function isNode(value: unknown): value is ASTNode {
  return typeof value === 'object' && value !== null && 'op' in value && 'args' in value;
}

function deepestLoop(node: ASTNode): number {
  const own = node.op === 'rcall' && LOOPS.has(node.args[0]) ? 1 : 0;
  return own + Math.max(0, ...children(node).map(deepestLoop));
}

/** The library's `matches` runs the platform's backtracking regex; ours is RE2. */
function callsNativePattern(node: ASTNode): boolean {
  return (
    ((node.op === 'rcall' || node.op === 'call') && node.args[0] === 'matches') ||
    children(node).some(callsNativePattern)
  );
}

function longestList(value: unknown): number {
  if (Array.isArray(value)) return Math.max(value.length, ...value.map(longestList));
  if (typeof value !== 'object' || value === null) return 0;
  return Math.max(0, ...Object.values(value).map(longestList));
}

/** Objects are values and never change, so their CEL form is kept for as long as they live. */
const converted = new WeakMap<object, unknown>();

/** CEL keeps int and double apart; JSON does not. Whole numbers become ints, so that `n + 1` works. */
function toCel(value: unknown): unknown {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value;
  if (typeof value !== 'object' || value === null) return value;
  const known = converted.get(value);
  if (known !== undefined) return known;
  const result = Array.isArray(value)
    ? value.map(toCel)
    : Object.fromEntries(
        Object.entries(value)
          .filter(([, v]) => v !== undefined)
          .map(([k, v]) => [k, toCel(v)]),
      );
  converted.set(value, result);
  return result;
}
