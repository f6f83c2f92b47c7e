/** `unchanged`: objects are still those of the start: the same ones (by uid), or the same in all but named fields. */
import { z } from 'zod';
import type { Check } from '../check.ts';
import { failed, passed } from '../check.ts';
import type { KubeObject } from '../../kernel/kube/object.ts';
import { keyOf } from '../../kernel/kube/object.ts';
import { diff } from '../../kernel/kube/diff.ts';
import { writePath } from '../../kernel/kube/field-path.ts';
import { showValue } from '../explain.ts';
import { describeSelection, lintSelection, select, selectionSchema, sourceOf } from './selection.ts';

export const unchangedSpecSchema = z.strictObject({
  kind: z.literal('unchanged'),
  of: selectionSchema.describe('the objects that must be as they were'),
  identity: z.boolean().default(false).describe('true: only the same objects (uid), whatever their fields'),
  except: z
    .array(z.string().min(1))
    .max(50)
    .default([])
    .describe('field paths that may change, such as `spec.replicas`'),
});
export type UnchangedSpec = z.infer<typeof unchangedSpecSchema>;

/** Fields that the cluster itself keeps writing. */
const ALWAYS = ['status', 'metadata.resourceVersion', 'metadata.generation', 'metadata.managedFields'];

export const unchangedCheck: Check<UnchangedSpec> = {
  kind: 'unchanged',
  schema: unchangedSpecSchema,
  needs: ({ of }) => [sourceOf(of)],
  lint: ({ of }) => lintSelection(of),
  look(spec, evidence) {
    const source = sourceOf(spec.of);
    const wanted = spec.identity
      ? `the same ${describeSelection(spec.of)} as at the start`
      : `${describeSelection(spec.of)} as it was at the start`;
    const now = new Map(select(evidence.objects(source), spec.of).map((object) => [keyOf(object), object]));
    const before = select(evidence.before(source), spec.of);
    for (const old of before) {
      const saw = changeIn({ old, now: now.get(keyOf(old)), spec });
      if (saw !== undefined) return failed({ saw, wanted });
    }
    const known = new Set(before.map(keyOf));
    const extra = spec.identity ? undefined : [...now.keys()].find((key) => !known.has(key));
    return extra === undefined ? passed(wanted) : failed({ saw: `${spec.of.kind} ${extra} is new`, wanted });
  },
};

function changeIn({
  old,
  now,
  spec,
}: {
  old: KubeObject;
  now: KubeObject | undefined;
  spec: UnchangedSpec;
}): string | undefined {
  const what = `${spec.of.kind} ${keyOf(old)}`;
  if (now === undefined) return `${what} is gone`;
  if (now.metadata.uid !== old.metadata.uid) return `${what} was deleted and made again`;
  if (spec.identity) return undefined;
  const ignore = [...ALWAYS, ...spec.except];
  const [first] = diff(without(old, ignore), without(now, ignore));
  return first && `${first.path} of ${what} is ${showValue(first.after)}; it was ${showValue(first.before)}`;
}

function without(object: KubeObject, paths: readonly string[]): unknown {
  return paths.reduce<unknown>((rest, path) => writePath(rest, path, undefined), object);
}
