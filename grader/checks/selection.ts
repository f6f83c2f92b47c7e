/** How a check names objects: one by name, or many by kind, namespace and labels. */
import { z } from 'zod';
import type { Evidence, Source } from '../check.ts';
import type { KubeObject } from '../../kernel/kube/object.ts';
import { parseSelector } from '../../kernel/kube/selector.ts';
import { messageOf } from '../../kernel/errors.ts';

const kindFields = {
  apiVersion: z.string().min(1).describe('such as `v1` or `apps/v1`'),
  kind: z.string().min(1).describe('such as `Pod`'),
  namespace: z.string().min(1).optional().describe('absent: all namespaces, or a cluster-scoped kind'),
};

export const namedSchema = z.strictObject({ ...kindFields, name: z.string().min(1) });
export type Named = z.infer<typeof namedSchema>;

export const selectionSchema = z.strictObject({
  ...kindFields,
  name: z.string().min(1).optional(),
  labelSelector: z.string().max(500).optional().describe('as for `kubectl -l`'),
});
export type Selection = z.infer<typeof selectionSchema>;

/** Other objects that an expression may look at, by the name it uses for the list. */
export const alsoSchema = z
  .record(z.string().regex(/^[a-z][A-Za-z0-9]*$/), selectionSchema)
  .describe('more lists for the expressions, by the name they use: `pods: {apiVersion: v1, kind: Pod}`');
export type Also = z.infer<typeof alsoSchema>;

export function sourceOf({ apiVersion, kind, namespace }: Selection): Source {
  return { apiVersion, kind, ...(namespace === undefined ? {} : { namespace }) };
}

export function select(objects: readonly KubeObject[], { name, labelSelector }: Selection): readonly KubeObject[] {
  const selector = labelSelector === undefined ? undefined : parseSelector(labelSelector);
  return objects.filter(
    ({ metadata }) => (name === undefined || metadata.name === name) && (selector?.matches(metadata.labels) ?? true),
  );
}

export function alsoSources(also: Also | undefined): Source[] {
  return Object.values(also ?? {}).map(sourceOf);
}

export function alsoLists(also: Also | undefined, evidence: Evidence): Record<string, readonly KubeObject[]> {
  const entries = Object.entries(also ?? {}).map(([name, selection]): [string, readonly KubeObject[]] => [
    name,
    select(evidence.objects(sourceOf(selection)), selection),
  ]);
  return Object.fromEntries(entries);
}

export function lintSelection({ labelSelector }: Selection): string[] {
  try {
    if (labelSelector !== undefined) parseSelector(labelSelector);
    return [];
  } catch (error) {
    return [messageOf(error)];
  }
}

/** `Deployment web in namespace shop`. */
export function describeSelection({ kind, name, namespace, labelSelector }: Selection): string {
  const what =
    name === undefined ? (labelSelector === undefined ? kind : `${kind} with ${labelSelector}`) : `${kind} ${name}`;
  return namespace === undefined ? what : `${what} in namespace ${namespace}`;
}
