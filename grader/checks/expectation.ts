/** One expectation: a CEL expression that must be true, with the words for when it is not. Shared by all kinds with CEL. */
import { z } from 'zod';
import type { Finding } from '../check.ts';
import { failed, passed } from '../check.ts';
import type { CelContext } from '../cel.ts';
import { compile } from '../cel.ts';
import { sawFor } from '../explain.ts';

const celText = z.string().min(1).max(2000);

export const expectationSchema = z.strictObject({
  that: celText.describe('CEL that must be true. A field that is not there makes it false, not an error.'),
  wanted: z.string().min(1).max(300).describe('what should be so, in plain English: "3 ready endpoints"'),
  saw: celText
    .optional()
    .describe('CEL that gives the words for what is so instead; without it they are made from `that`'),
  hint: z.string().max(300).optional().describe('one sentence that points the way and does not give the answer'),
});
export type Expectation = z.infer<typeof expectationSchema>;

/** Judges expectations in order; the first that is not true fails. */
export function meet(expectations: readonly Expectation[], context: CelContext): Finding {
  for (const { that, wanted, saw, hint } of expectations) {
    const program = compile(that);
    if (program.test(context)) continue;
    return failed({
      saw: saw === undefined ? sawFor(program, context) : compile(saw).words(context),
      wanted,
      ...(hint ? { hint } : {}),
    });
  }
  return passed(expectations.map((expectation) => expectation.wanted).join('; ') || 'as wanted');
}

/** Compiles every expression; the problems found, in words. */
export function lintExpectations(expectations: readonly Expectation[]): string[] {
  return expectations.flatMap(({ that, saw }) => [that, ...(saw === undefined ? [] : [saw])]).flatMap(lintCel);
}

export function lintCel(text: string): string[] {
  try {
    compile(text);
    return [];
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}
