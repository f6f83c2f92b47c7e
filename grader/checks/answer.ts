/** `answer`: what the learner wrote for a question is right. Expected values may be text or CEL over the cluster and `vars`. */
import { z } from 'zod';
import type { Check, Evidence, Finding } from '../check.ts';
import { failed, passed } from '../check.ts';
import { compile } from '../cel.ts';
import { matchesPattern } from '../cel-functions.ts';
import { clip } from '../explain.ts';
import { messageOf } from '../../kernel/errors.ts';
import { RE2JS } from 're2js';
import { lintCel } from './expectation.ts';
import { alsoLists, alsoSchema, alsoSources } from './selection.ts';

const celOrText = z.union([z.string().max(500), z.strictObject({ cel: z.string().min(1).max(2000) })]);
type CelOrText = z.infer<typeof celOrText>;

export const answerSpecSchema = z.strictObject({
  kind: z.literal('answer'),
  question: z.string().describe('the id of the question'),
  also: alsoSchema.optional(),
  match: z
    .discriminatedUnion('by', [
      z.strictObject({
        by: z.literal('exact'),
        value: z
          .union([celOrText, z.array(celOrText).min(1).max(20)])
          .describe('the right text, or several right ones'),
        ignoreCase: z.boolean().default(false),
      }),
      z.strictObject({
        by: z.literal('set'),
        values: z.union([z.array(celOrText).min(1).max(100), z.strictObject({ cel: z.string() })]),
      }),
      z.strictObject({
        by: z.literal('number'),
        value: z.union([z.number(), celOrText]),
        tolerance: z.number().nonnegative().default(0),
      }),
      z.strictObject({
        by: z.literal('pattern'),
        pattern: z.string().min(1).max(500).describe('RE2, over the whole answer'),
      }),
      z.strictObject({ by: z.literal('cel'), that: z.string().min(1).max(2000).describe('CEL over `answer`') }),
    ])
    .describe('how the answer is compared; spaces around it never matter'),
  wanted: z.string().max(300).describe('what kind of answer is wanted, without giving it away'),
  slips: z
    .array(z.strictObject({ pattern: z.string().min(1).max(500), hint: z.string().max(300) }))
    .max(10)
    .default([])
    .describe('wrong answers that deserve their own hint'),
});
export type AnswerSpec = z.infer<typeof answerSpecSchema>;

export const answerCheck: Check<AnswerSpec> = {
  kind: 'answer',
  schema: answerSpecSchema,
  needs: ({ also }) => alsoSources(also),
  lint: (spec) => [...expressionsOf(spec).flatMap(lintCel), ...patternsOf(spec).flatMap(lintPattern)],
  look(spec, evidence): Finding {
    const answer = (evidence.answers[spec.question] ?? '').trim();
    if (answer === '') return failed({ saw: 'no answer yet', wanted: spec.wanted });
    if (isRight(spec, answer, evidence)) return passed(spec.wanted);
    const slip = spec.slips.find(({ pattern }) => matchesPattern(answer, pattern));
    return failed({
      saw: `the answer ${JSON.stringify(clip(answer, 80))}`,
      wanted: spec.wanted,
      ...(slip ? { hint: slip.hint } : {}),
    });
  },
};

function isRight({ match, also }: AnswerSpec, answer: string, evidence: Evidence): boolean {
  const context = { vars: evidence.variables, answer, ...alsoLists(also, evidence) };
  const resolve = (expected: CelOrText): string =>
    (typeof expected === 'string' ? expected : compile(expected.cel).words(context)).trim();
  switch (match.by) {
    case 'exact': {
      const fold = (text: string): string => (match.ignoreCase ? text.toLowerCase() : text);
      return [match.value].flat().some((value) => fold(resolve(value)) === fold(answer));
    }
    case 'set': {
      const expected = Array.isArray(match.values)
        ? match.values.map(resolve)
        : listOf(compile(match.values.cel).value(context));
      return sameSet(
        expected,
        answer.split(/[\s,;]+/).filter((word) => word !== ''),
      );
    }
    case 'number': {
      const expected = typeof match.value === 'number' ? match.value : Number(resolve(match.value));
      const given = Number(answer.replace(',', '.'));
      return Number.isFinite(given) && Math.abs(given - expected) <= match.tolerance;
    }
    case 'pattern':
      return matchesPattern(answer, match.pattern);
    case 'cel':
      return compile(match.that).test(context);
  }
}

function listOf(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function sameSet(a: readonly string[], b: readonly string[]): boolean {
  const [left, right] = [new Set(a), new Set(b)];
  return left.size === right.size && [...left].every((item) => right.has(item));
}

function expressionsOf({ match }: AnswerSpec): string[] {
  const celIn = (value: unknown): string[] =>
    typeof value === 'object' && value !== null && 'cel' in value && typeof value.cel === 'string' ? [value.cel] : [];
  switch (match.by) {
    case 'exact':
    case 'number':
      return [match.value].flat().flatMap(celIn);
    case 'set':
      return [match.values].flat().flatMap(celIn);
    case 'cel':
      return [match.that];
    case 'pattern':
      return [];
  }
}

function patternsOf({ match, slips }: AnswerSpec): string[] {
  return [...(match.by === 'pattern' ? [match.pattern] : []), ...slips.map((slip) => slip.pattern)];
}

function lintPattern(pattern: string): string[] {
  try {
    RE2JS.compile(pattern);
    return [];
  } catch (error) {
    return [`cannot use the RE2 pattern ${JSON.stringify(pattern)}: ${messageOf(error)}`];
  }
}
