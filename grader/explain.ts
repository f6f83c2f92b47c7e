/** Words made from an observation: what a false CEL expression saw, and values as people read them. */
import type { ASTNode } from '@marcbachmann/cel-js';
import { serialize } from '@marcbachmann/cel-js';
import type { CelContext, Program } from './cel.ts';
import { compile, MissingField } from './cel.ts';

const COMPARISONS = new Set(['==', '!=', '<', '<=', '>', '>=', 'in']);
const LONGEST = 160;

/** What the first false part of an expression saw: `object.spec.replicas is 1`. */
export function sawFor(program: Program, context: CelContext): string {
  for (const part of conjuncts(program.ast)) {
    const text = serialize(part);
    const inner = compile(text);
    try {
      if (inner.value(context) === true) continue;
    } catch (error) {
      if (error instanceof MissingField) return `${leftSide(part) ?? error.field} is not set`;
      throw error;
    }
    return partSaw(part, context);
  }
  return 'this is not so yet';
}

function partSaw(part: ASTNode, context: CelContext): string {
  if (part.op === 'call' && part.args[0] === 'has') return `${readable(serialize(part.args[1][0] ?? part))} is not set`;
  const left = leftOf(part);
  if (left === undefined) return `not so yet: ${clip(readable(serialize(part)))}`;
  return `${readable(serialize(left))} is ${showValue(compile(serialize(left)).value(context))}`;
}

/** The left operand of a comparison. */
function leftOf(part: ASTNode): ASTNode | undefined {
  return COMPARISONS.has(part.op) && Array.isArray(part.args) ? (part.args[0] as ASTNode) : undefined;
}

function leftSide(part: ASTNode): string | undefined {
  const left = leftOf(part);
  return left === undefined ? undefined : readable(serialize(left));
}

function conjuncts(node: ASTNode): ASTNode[] {
  return node.op === '&&' ? node.args.flatMap(conjuncts) : [node];
}

/** Leaves out `object.`, which says nothing to a reader. */
function readable(text: string): string {
  return text.startsWith('object.') ? text.slice('object.'.length) : text;
}

/** A JSON or CEL value as a short text: `3`, `"web"`, `not set`. */
export function showValue(value: unknown): string {
  if (value === undefined || value === null) return 'not set';
  if (typeof value === 'bigint') return String(value);
  return clip(JSON.stringify(value, (_, v: unknown) => (typeof v === 'bigint' ? Number(v) : v)) ?? String(value));
}

export function clip(text: string, longest = LONGEST): string {
  return text.length <= longest ? text : `${text.slice(0, longest - 1)}…`;
}
