/** `absent`: nothing matches a selection. */
import { z } from 'zod';
import type { Check } from '../check.ts';
import { failed, passed } from '../check.ts';
import { keyOf } from '../../kernel/kube/object.ts';
import { describeSelection, lintSelection, select, selectionSchema, sourceOf } from './selection.ts';

export const absentSpecSchema = z.strictObject({
  kind: z.literal('absent'),
  of: selectionSchema.describe('what must not be there'),
});
export type AbsentSpec = z.infer<typeof absentSpecSchema>;

export const absentCheck: Check<AbsentSpec> = {
  kind: 'absent',
  schema: absentSpecSchema,
  needs: ({ of }) => [sourceOf(of)],
  lint: ({ of }) => lintSelection(of),
  look({ of }, evidence) {
    const found = select(evidence.objects(sourceOf(of)), of);
    const wanted = `no ${describeSelection(of)}`;
    if (found.length === 0) return passed(wanted);
    const names = found.slice(0, 3).map(keyOf).join(', ');
    return failed({ saw: `${found.length} still there: ${names}${found.length > 3 ? ', …' : ''}`, wanted });
  },
};
