/** `/scale`: the replica count of any scalable kind as an `autoscaling/v1` Scale. */
import { z } from 'zod';
import { readPath, writePath } from '../../../kernel/kube/field-path.ts';
import type { KubeObject } from '../../../kernel/kube/object.ts';
import { isRecord } from '../../../kernel/kube/object.ts';
import { isDryRun, parseBody } from './body.ts';
import type { Core } from './core.ts';
import { badRequest, invalid, methodNotAllowed, unknownResource } from './errors.ts';
import { TypeMismatch } from './schema/schema.ts';
import type { Kind } from './kind.ts';
import { readPatch } from './modify.ts';
import { applyPatch, patchedInvalid } from './patch/index.ts';
import type { Answer, Call } from './request.ts';
import { ok } from './request.ts';
import { need } from './resource.ts';
import { since } from './kinds/parts/duration.ts';
import { columns, counts } from './kinds/parts/grid.ts';
import { spec, status, whole } from './kinds/parts/reading.ts';
import { formatLabelSelector } from './kinds/parts/selector-text.ts';
import { objectTable, readTableOptions } from './table.ts';
import { updateObject } from './write.ts';

const SCALE_TYPE = 'io.k8s.api.autoscaling.v1.Scale';

const scaleSchema = z.looseObject({
  metadata: z
    .looseObject({ name: z.string().optional(), resourceVersion: z.string().optional(), uid: z.string().optional() })
    .optional(),
  spec: z.looseObject({ replicas: z.number().int().optional() }).optional(),
});

/** Source: kubernetes `printers/internalversion` printScale. */
const SCALE_PRINTER: Pick<Kind, 'columns' | 'row'> = {
  columns: [...columns('Name'), ...counts('Desired', 'Available'), ...columns('Age')],
  row: (object, now) => [
    object.metadata.name ?? '',
    whole(spec(object)['replicas']),
    whole(status(object)['replicas']),
    since(object.metadata.creationTimestamp, now),
  ],
};

/** GET, PUT and PATCH of `/scale`. */
export function scaleObject(core: Core, call: Call): Answer {
  const { kind, request } = call;
  const object = need(core, call);
  const live = toScale(kind, object);
  if (request.method === 'GET') {
    const table = readTableOptions(request);
    return ok(table ? objectTable(core, SCALE_PRINTER, { object: live, table }) : live);
  }
  if (request.method === 'PUT')
    return ok(write(core, call, { object, wanted: parseBody(core, request.body, 'Scale').value }));
  if (request.method !== 'PATCH') throw methodNotAllowed();
  const { contentType, patch } = readPatch(core, call);
  const patched = applyPatch({ contentType, type: SCALE_TYPE, live, patch });
  return ok(write(core, call, { object, wanted: decodePatched(core, { contentType, patch, patched }) }));
}

function decodePatched(
  core: Core,
  input: { contentType: string; patch: unknown; patched: Record<string, unknown> },
): unknown {
  try {
    return core.schema.decode(SCALE_TYPE, input.patched).value;
  } catch (error) {
    if (error instanceof TypeMismatch) throw patchedInvalid(input, error);
    throw error;
  }
}

function write(core: Core, call: Call, { object, wanted }: { object: KubeObject; wanted: unknown }): object {
  const { kind, request, user, name = '' } = call;
  const parsed = scaleSchema.safeParse(wanted);
  if (!parsed.success)
    throw badRequest('Scale in version "v1" cannot be handled as a Scale: it has no whole number of replicas');
  const { metadata, spec: wish } = parsed.data;
  const replicas = wish?.replicas ?? 0;
  if (replicas < 0) {
    const message = `Invalid value: ${replicas}: must be greater than or equal to 0`;
    throw invalid({ group: 'autoscaling', kind: 'Scale' }, name, [
      { reason: 'FieldValueInvalid', message, field: 'spec.replicas' },
    ]);
  }
  const changed = writePath(object, fields(kind).replicas, replicas);
  if (!isRecord(changed)) throw badRequest('the object has no replicas');
  const next = {
    ...object,
    ...changed,
    metadata: { ...object.metadata, resourceVersion: metadata?.resourceVersion ?? object.metadata.resourceVersion },
  };
  const dryRun = isDryRun(request, 'UpdateOptions');
  const warn = (text: string): void => request.warn(text);
  return toScale(kind, updateObject(core, { kind, previous: object, object: next, part: 'main', user, dryRun, warn }));
}

function fields(kind: Kind): NonNullable<Kind['scale']> {
  if (!kind.scale) throw unknownResource();
  return kind.scale;
}

function toScale(kind: Kind, object: KubeObject): KubeObject {
  const { replicas, statusReplicas, selector } = fields(kind);
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    // As Go writes it: a zero is left out.
    spec: { replicas: readPath(object, replicas) || undefined },
    status: { replicas: readPath(object, statusReplicas) ?? 0, selector: selectorText(readPath(object, selector)) },
  };
}

function selectorText(selector: unknown): string {
  const text = formatLabelSelector(selector);
  return text === '<none>' ? '' : text;
}
