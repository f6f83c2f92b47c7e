/** PATCH: the patch is applied to the stored object, and the outcome goes the way of an update. */
import type { KubeObject } from '../../../kernel/kube/object.ts';
import { asObject, fieldValidation, noConversion, isDryRun, mediaType, parseBody } from './body.ts';
import type { Core } from './core.ts';
import { badRequest, invalid, notFound } from './errors.ts';
import { applyPatch, patchedInvalid } from './patch/index.ts';
import type { Answer, Body, Call } from './request.ts';
import { ok } from './request.ts';
import { createObject, updateObject } from './write.ts';
import { StatusError } from '../../client/status.ts';
import { parseJson } from './schema/index.ts';
import { TypeMismatch } from './schema/schema.ts';
import { messageOf } from '../../../kernel/errors.ts';
import { groupVersion } from './kind-index.ts';

const APPLY = 'application/apply-patch+yaml';
/** Said with every apply patch, so that nobody takes the outcome for upstream's. See SPEC.md, "not simulated". */
const NO_OWNERS =
  'this model cluster keeps no field ownership: server-side apply finds no conflicts, and fields left out of the configuration stay as they are';
const PATCH_TYPES = [
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
  APPLY,
];

/** A patch of an object (`main`) or of its `/status`. Throws StatusError. */
export function patchObject(core: Core, call: Call, part: 'main' | 'status'): Answer {
  const { kind, namespace, name = '', request, user } = call;
  const { contentType, patch } = readPatch(core, call);
  const dryRun = isDryRun(request, 'PatchOptions');
  const warn = (text: string): void => request.warn(text);
  if (contentType === APPLY) warn(NO_OWNERS);
  const previous = core.registry.get(kind, name, namespace);
  if (!previous && contentType !== APPLY) throw notFound(kind, name);
  const live = previous ?? {
    apiVersion: groupVersion(kind),
    kind: kind.kind,
    metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
  };
  const patched = applyPatch({ contentType, type: kind.schema, live, patch });
  const object = decodePatched(core, call, { contentType, patch, patched });
  if (previous) refuseOtherUid(call, object, previous);
  if (!previous) return ok(createObject(core, { kind, namespace, object, user, dryRun, warn }), 201);
  return ok(updateObject(core, { kind, previous, object, part, user, dryRun, warn }));
}

/** The patch and its type. Throws 415 and 400. */
export function readPatch(core: Core, { request }: Call): { contentType: string; patch: unknown } {
  const contentType = request.body.kind === 'none' ? '' : mediaType(request.body.contentType);
  if (!PATCH_TYPES.includes(contentType))
    throw new StatusError(415, 'UnsupportedMediaType', '415: Unsupported Media Type', {});
  return { contentType, patch: parsePatch(core, asPlain(request.body, contentType)) };
}

function parsePatch(core: Core, body: Body): unknown {
  if (body.kind === 'bytes' && body.contentType === 'application/json') {
    try {
      return parseJson(Buffer.from(body.bytes).toString('utf8')).value;
    } catch (error) {
      throw badRequest(`error decoding patch: ${messageOf(error)}`);
    }
  }
  return parseBody(core, body, 'Patch').value;
}

/** Patches are JSON whatever their type says; an apply patch may be YAML. */
function asPlain(body: Body, contentType: string): Body {
  if (body.kind !== 'bytes') return body;
  return { ...body, contentType: contentType === APPLY ? 'application/yaml' : 'application/json' };
}

function decodePatched(
  core: Core,
  { kind, request, name = '' }: Call,
  input: { contentType: string; patch: unknown; patched: Record<string, unknown> },
): KubeObject {
  const { patched } = input;
  const found = { kindName: String(patched['kind']), apiVersion: String(patched['apiVersion']) };
  if (found.kindName !== kind.kind || found.apiVersion !== groupVersion(kind))
    throw patchedInvalid(input, noConversion(core, found, kind));
  try {
    const { value, unknown } = core.schema.decode(kind.schema, patched);
    const problems = unknown.map((path) => `unknown field ${JSON.stringify(path)}`);
    const validation = fieldValidation(request, 'PatchOptions');
    if (problems.length > 0 && validation === 'Strict')
      throw patchedInvalid(input, `strict decoding error: ${problems.join(', ')}`);
    if (validation === 'Warn') for (const problem of problems) request.warn(problem);
    return withName(asObject(value, kind), name);
  } catch (error) {
    if (error instanceof TypeMismatch) throw patchedInvalid(input, error);
    throw error;
  }
}

/** A patch may leave the name out, but not change it. */
function withName(object: KubeObject, name: string): KubeObject {
  const given = object.metadata.name ?? '';
  if (given !== '' && given !== name)
    throw badRequest(`the name of the object (${given}) does not match the name on the URL (${name})`);
  return { ...object, metadata: { ...object.metadata, name } };
}

/** The uid is the object's identity: a patch may repeat it, not change it. */
function refuseOtherUid({ kind, name = '' }: Call, object: KubeObject, previous: KubeObject): void {
  const { uid = '' } = object.metadata;
  if (uid === '' || uid === previous.metadata.uid) return;
  throw invalid(kind, name, [
    {
      reason: 'FieldValueInvalid',
      message: `Invalid value: ${JSON.stringify(uid)}: field is immutable`,
      field: 'metadata.uid',
    },
  ]);
}
