/** `objects`: all objects of a selection together are as expected. In CEL: `objects`, `was`, `vars`, and the lists of `also`. */
import { z } from 'zod';
import type { Check } from '../check.ts';
import { expectationSchema, lintExpectations, meet } from './expectation.ts';
import { alsoLists, alsoSchema, alsoSources, lintSelection, select, selectionSchema, sourceOf } from './selection.ts';

export const objectsSpecSchema = z.strictObject({
  kind: z.literal('objects'),
  of: selectionSchema.describe('the objects to look at'),
  also: alsoSchema.optional(),
  expect: z.array(expectationSchema).min(1).max(20),
});
export type ObjectsSpec = z.infer<typeof objectsSpecSchema>;

export const objectsCheck: Check<ObjectsSpec> = {
  kind: 'objects',
  schema: objectsSpecSchema,
  needs: ({ of, also }) => [sourceOf(of), ...alsoSources(also)],
  lint: ({ of, expect }) => [...lintSelection(of), ...lintExpectations(expect)],
  look({ of, also, expect }, evidence) {
    const source = sourceOf(of);
    return meet(expect, {
      objects: select(evidence.objects(source), of),
      was: select(evidence.before(source), of),
      vars: evidence.variables,
      ...alsoLists(also, evidence),
    });
  },
};
