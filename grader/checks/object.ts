/** `object`: one object, by name, is as expected. In CEL: `object`, `was` (at the start, or null), `vars`, and the lists of `also`. */
import { z } from 'zod';
import type { Check } from '../check.ts';
import { failed } from '../check.ts';
import { expectationSchema, lintExpectations, meet } from './expectation.ts';
import { alsoLists, alsoSchema, alsoSources, describeSelection, namedSchema, select, sourceOf } from './selection.ts';

export const objectSpecSchema = z.strictObject({
  kind: z.literal('object'),
  of: namedSchema.describe('the object to look at'),
  also: alsoSchema.optional(),
  expect: z.array(expectationSchema).max(20).default([]).describe('without any, the object must only be there'),
});
export type ObjectSpec = z.infer<typeof objectSpecSchema>;

export const objectCheck: Check<ObjectSpec> = {
  kind: 'object',
  schema: objectSpecSchema,
  needs: ({ of, also }) => [sourceOf(of), ...alsoSources(also)],
  lint: ({ expect }) => lintExpectations(expect),
  look({ of, also, expect }, evidence) {
    const source = sourceOf(of);
    const [object] = select(evidence.objects(source), of);
    const what = describeSelection(of);
    if (object === undefined) return failed({ saw: `there is no ${what}`, wanted: expect[0]?.wanted ?? what });
    const [was = null] = select(evidence.before(source), of);
    return meet(expect, { object, was, vars: evidence.variables, ...alsoLists(also, evidence) });
  },
};
