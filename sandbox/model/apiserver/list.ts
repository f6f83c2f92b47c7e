/**
 * Lists with selectors, pages and versions. Source: apiserver `storage/etcd3/store.go` (List) and `storage/continue.go`.
 *
 * R-LIST-1  Items come in key order: by namespace, then by name.
 * R-LIST-2  A continue token goes on at the revision of the first page, as long as that is kept; then 410.
 * R-LIST-3  remainingItemCount is told only without selectors.
 */
import { z } from 'zod';
import type { KubeList, KubeObject } from '../../../kernel/kube/object.ts';
import { Compacted } from '../etcd/store.ts';
import type { Core } from './core.ts';
import { badRequest, expired, tooLarge } from './errors.ts';
import { groupVersion } from './kind-index.ts';
import type { Kind } from './kind.ts';
import type { ListOptions } from './list-options.ts';
import { keyWithin } from './registry.ts';
import { parseJson } from './schema/index.ts';
import type { Selection } from './selection.ts';

export interface ListInput {
  readonly kind: Kind;
  readonly namespace: string | undefined;
  readonly selection: Selection;
  readonly options: ListOptions;
}

const tokenSchema = z.strictObject({ v: z.literal('meta.k8s.io/v1'), rv: z.number().int(), start: z.string() });

/** Throws StatusError 400, 410 and 504. */
export function listObjects(core: Core, input: ListInput): KubeList {
  const { kind, options, selection } = input;
  const { revision: now } = core.registry.store;
  const asked = options.resourceVersion ?? 0;
  if (asked > now) throw tooLarge(String(asked), now);
  const token = options.continue === undefined ? undefined : readToken(options.continue);
  const revision = token?.rv ?? (options.exact ? asked : now);
  try {
    // With selectors the page is cut after filtering, as upstream does.
    const limit = selection.all ? options.limit : undefined;
    const range = core.registry.range(kind, { namespace: input.namespace, after: token?.start, limit, revision });
    const matching = selection.all ? range.items : range.items.filter(({ value }) => selection.matches(value));
    const page = options.limit === undefined ? matching : matching.slice(0, options.limit);
    const remaining = selection.all ? range.remaining : matching.length - page.length;
    const last = page.at(-1);
    const metadata = {
      resourceVersion: String(revision),
      ...(remaining > 0 && last ? { continue: makeToken(revision, keyWithin(kind, last.key)) } : {}),
      ...(remaining > 0 && selection.all ? { remainingItemCount: remaining } : {}),
    };
    return listOf(
      kind,
      page.map(({ value }) => value),
      metadata,
    );
  } catch (error) {
    if (error instanceof Compacted) throw tooOldToList(token !== undefined);
    throw error;
  }
}

export function listOf(kind: Kind, items: readonly KubeObject[], metadata: KubeList['metadata']): KubeList {
  return { kind: `${kind.kind}List`, apiVersion: groupVersion(kind), metadata, items };
}

function tooOldToList(continued: boolean): Error {
  return expired(
    continued
      ? 'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter.'
      : 'The resourceVersion for the provided list is too old.',
  );
}

function makeToken(rv: number, start: string): string {
  return Buffer.from(JSON.stringify({ v: 'meta.k8s.io/v1', rv, start: `${start}\u0000` })).toString('base64url');
}

function readToken(text: string): { rv: number; start: string } {
  try {
    const { rv, start } = tokenSchema.parse(parseJson(Buffer.from(text, 'base64url').toString('utf8')).value);
    return { rv, start: start.replace(/\u0000$/, '') };
  } catch (error) {
    const why = error instanceof SyntaxError ? error.message : 'incorrect encoded start key (version meta.k8s.io/v1)';
    throw badRequest(`invalid continue token: continue key is not valid: ${why}`);
  }
}
