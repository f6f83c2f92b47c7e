/**
 * Deletion: preconditions, grace, finalizers, propagation. Source: apiserver `registry/rest/delete.go` and
 * `registry/generic/registry/store.go`.
 *
 * R-DELETE-1  A Pod on a node gets its grace period and stays; other Pods and grace 0 go at once.
 * R-DELETE-2  Objects with finalizers get a deletionTimestamp and stay until the last one is removed.
 * R-DELETE-3  Foreground and Orphan propagation add the garbage collector's finalizer.
 * R-DELETE-4  A second delete may only shorten the grace.
 * R-DELETE-5  A Namespace stays Terminating until its spec.finalizers are gone.
 * R-DELETE-6  Preconditions that do not hold are a conflict.
 */
import { z } from 'zod';
import { rfc3339 } from '../../../kernel/clock.ts';
import type { KubeObject } from '../../../kernel/kube/object.ts';
import { isRecord } from '../../../kernel/kube/object.ts';
import { isDryRun, parseBody } from './body.ts';
import type { Core } from './core.ts';
import { writeContext } from './core.ts';
import { badRequest, conflict, invalidOptions, resourceName } from './errors.ts';
import type { Kind } from './kind.ts';
import type { ServerRequest } from './request.ts';
import type { WriteOptions } from './write.ts';
import { admit, updateObject, withoutEmpty } from './write.ts';

const optionsSchema = z.looseObject({
  gracePeriodSeconds: z.number().int().nullish(),
  propagationPolicy: z.string().nullish(),
  orphanDependents: z.boolean().nullish(),
  preconditions: z.looseObject({ uid: z.string().nullish(), resourceVersion: z.string().nullish() }).nullish(),
  dryRun: z.array(z.string()).nullish(),
});

export interface DeleteOptions {
  readonly gracePeriodSeconds: number | undefined;
  readonly propagation: 'Background' | 'Foreground' | 'Orphan';
  readonly uid: string | undefined;
  readonly resourceVersion: string | undefined;
  readonly dryRun: boolean;
}

/** The options of a DELETE, from its body or its query. Throws StatusError. */
export function readDeleteOptions(core: Core, request: ServerRequest): DeleteOptions {
  const { value } = parseBody(core, request.body, 'DeleteOptions');
  const parsed = optionsSchema.safeParse(value ?? queryOptions(request));
  if (!parsed.success)
    throw badRequest(`DeleteOptions cannot be read: ${parsed.error.issues.map((issue) => issue.message).join(', ')}`);
  return fromParsed(parsed.data, isDryRun(request, 'DeleteOptions'));
}

/** Options that a sub-resource carries, such as an Eviction's. */
export function parseDeleteOptions(value: unknown): DeleteOptions {
  const parsed = optionsSchema.safeParse(value ?? {});
  if (!parsed.success) throw badRequest('DeleteOptions cannot be read');
  return fromParsed(parsed.data, false);
}

function queryOptions({ query }: ServerRequest): Record<string, unknown> {
  const grace = query.get('gracePeriodSeconds');
  return {
    gracePeriodSeconds: grace === null ? undefined : Number(grace),
    propagationPolicy: query.get('propagationPolicy'),
  };
}

function fromParsed(options: z.infer<typeof optionsSchema>, dryRun: boolean): DeleteOptions {
  const policy = options.propagationPolicy ?? (options.orphanDependents === true ? 'Orphan' : 'Background');
  if (policy !== 'Background' && policy !== 'Foreground' && policy !== 'Orphan') {
    throw invalidOptions('DeleteOptions', {
      reason: 'FieldValueNotSupported',
      message: `Unsupported value: ${JSON.stringify(policy)}: supported values: "Foreground", "Background", "Orphan", "nil"`,
      field: 'propagationPolicy',
    });
  }
  return {
    gracePeriodSeconds: options.gracePeriodSeconds ?? undefined,
    propagation: policy,
    uid: options.preconditions?.uid ?? undefined,
    resourceVersion: options.preconditions?.resourceVersion ?? undefined,
    dryRun: dryRun || (options.dryRun ?? []).includes('All'),
  };
}

export interface Deleted {
  readonly object: KubeObject;
  /** Whether it is gone from the store. */
  readonly gone: boolean;
}

export interface DeleteInput extends Omit<WriteOptions, 'dryRun'> {
  readonly kind: Kind;
  readonly object: KubeObject;
  readonly options: DeleteOptions;
}

/** Deletes, or marks for deletion, a stored object. Throws StatusError. */
export function deleteObject(core: Core, input: DeleteInput): Deleted {
  const { kind, object, options, user } = input;
  checkPreconditions(kind, object, options);
  admit(core, writeContext(core, input.warn), {
    kind,
    operation: 'delete',
    object,
    previous: object,
    user,
    dryRun: options.dryRun,
  });
  const finalizers = finalizersFor(object, options);
  const grace = graceFor(kind, object, options);
  if (finalizers.length === 0 && grace === 0 && !isHeld(kind, object)) {
    const last = options.dryRun ? object : core.registry.remove(kind, object);
    // A Pod's last state is told as upstream tells it: with the grace that it did not get.
    return {
      object: resourceName(kind) === 'pods' ? markDeleted(core, { object: last, finalizers, grace: 0 }) : last,
      gone: true,
    };
  }
  const marked = markDeleted(core, { object, finalizers, grace: finalGrace(object, grace) });
  const next = kind.kind === 'Namespace' ? terminating(marked) : marked;
  return {
    object: updateObject(core, { ...input, object: next, previous: object, part: 'system', dryRun: options.dryRun }),
    gone: false,
  };
}

function terminating(namespace: KubeObject): KubeObject {
  const { deletionGracePeriodSeconds: _, ...metadata } = namespace.metadata;
  return { ...namespace, metadata, status: { ...record(namespace['status']), phase: 'Terminating' } };
}

/** A namespace waits for its controller, whatever its metadata says. */
function isHeld(kind: Kind, { spec }: KubeObject): boolean {
  const finalizers = kind.kind === 'Namespace' && isRecord(spec) ? spec['finalizers'] : undefined;
  return Array.isArray(finalizers) && finalizers.length > 0;
}

function checkPreconditions(kind: Kind, { metadata }: KubeObject, { uid, resourceVersion }: DeleteOptions): void {
  const name = metadata.name ?? '';
  // Upstream writes the kind here where it writes the resource everywhere else.
  const subject = { group: kind.group, resource: kind.kind };
  if (uid !== undefined && uid !== metadata.uid) {
    const why = `the UID in the precondition (${uid}) does not match the UID in record (${metadata.uid ?? ''}). The object might have been deleted and then recreated`;
    throw conflict(subject, name, why);
  }
  if (resourceVersion !== undefined && resourceVersion !== metadata.resourceVersion) {
    const why = `the ResourceVersion in the precondition (${resourceVersion}) does not match the ResourceVersion in record (${metadata.resourceVersion ?? ''}). The object might have been modified`;
    throw conflict(subject, name, why);
  }
}

const FOREGROUND = 'foregroundDeletion';
const ORPHAN = 'orphan';

function finalizersFor({ metadata }: KubeObject, { propagation }: DeleteOptions): readonly string[] {
  const others = (metadata.finalizers ?? []).filter((finalizer) => finalizer !== FOREGROUND && finalizer !== ORPHAN);
  if (propagation === 'Foreground') return [...others, FOREGROUND];
  if (propagation === 'Orphan') return [...others, ORPHAN];
  return others;
}

/** Seconds that the object still has; only Pods on a node have any (upstream: `podStrategy.CheckGracefulDelete`). */
function graceFor(kind: Kind, object: KubeObject, options: DeleteOptions): number {
  if (resourceName(kind) !== 'pods') return 0;
  const spec = record(object['spec']);
  const phase = record(object['status'])['phase'];
  const own = typeof spec['terminationGracePeriodSeconds'] === 'number' ? spec['terminationGracePeriodSeconds'] : 30;
  const asked = options.gracePeriodSeconds ?? own;
  if (spec['nodeName'] === undefined || spec['nodeName'] === '' || phase === 'Succeeded' || phase === 'Failed')
    return 0;
  // Upstream takes a negative grace as the shortest one.
  return asked < 0 ? 1 : asked;
}

function finalGrace({ metadata }: KubeObject, grace: number): number {
  if (metadata.deletionTimestamp === undefined) return grace;
  return Math.min(grace, metadata.deletionGracePeriodSeconds ?? grace);
}

interface Mark {
  readonly object: KubeObject;
  readonly finalizers: readonly string[];
  readonly grace: number;
}

function markDeleted(core: Core, { object, finalizers, grace }: Mark): KubeObject {
  const { metadata } = object;
  const unchanged = metadata.deletionTimestamp !== undefined && metadata.deletionGracePeriodSeconds === grace;
  const requested = metadata.deletionTimestamp === undefined ? core.clock.now() : deletionRequested(metadata);
  const marked = {
    ...metadata,
    finalizers,
    deletionTimestamp: unchanged ? metadata.deletionTimestamp : rfc3339(requested + grace * 1000),
    deletionGracePeriodSeconds: grace,
    ...(metadata.generation !== undefined && metadata.deletionTimestamp === undefined
      ? { generation: metadata.generation + 1 }
      : {}),
  };
  return { ...object, metadata: withoutEmpty(marked) };
}

/** When the first delete came: its timestamp lies one grace period later. */
function deletionRequested({ deletionTimestamp = '', deletionGracePeriodSeconds = 0 }: KubeObject['metadata']): number {
  return Date.parse(deletionTimestamp) - deletionGracePeriodSeconds * 1000;
}

function record(value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : {};
}
