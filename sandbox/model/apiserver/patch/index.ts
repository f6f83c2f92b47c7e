/**
 * Applies a PATCH body to an object. Gives back a plain value: decoding, naming and storing are the server's.
 * Source of the behaviour and the words: apiserver `endpoints/handlers/patch.go`, recorded from 1.36.3.
 */
import type { KubeObject } from '../../../../kernel/kube/object.ts';
import { StatusError } from '../../../client/status.ts';
import { schema } from '../schema/index.ts';
import { goText } from '../schema/strategic-list.ts';
import type { TypeMismatch } from '../schema/schema.ts';
import { PatchError } from '../schema/schema.ts';
import { isRecord } from '../../../../kernel/kube/object.ts';
import { jsonWord } from '../schema/go-values.ts';
import { applyConfiguration } from './apply-configuration.ts';
import { applyJsonPatch } from './json-patch.ts';
import { mergePatch } from './merge-patch.ts';

export const JSON_PATCH = 'application/json-patch+json';
export const MERGE_PATCH = 'application/merge-patch+json';
export const STRATEGIC_PATCH = 'application/strategic-merge-patch+json';
export const APPLY_PATCH = 'application/apply-patch+yaml';

export interface PatchInput {
  /** Without parameters, such as `application/merge-patch+json`. */
  readonly contentType: string;
  /** The schema type of the object; undefined for kinds without one, which know no strategic merge. */
  readonly type: string | undefined;
  readonly live: KubeObject;
  /** The parsed body. */
  readonly patch: unknown;
}

/** The patched value; `live` stays untouched. Throws StatusError 400, 415, 422 and 500 as upstream does. */
export function applyPatch({ contentType, type, live, patch }: PatchInput): Record<string, unknown> {
  switch (contentType) {
    case JSON_PATCH:
      return applyJsonPatch(live, patch);
    case MERGE_PATCH:
      if (!isRecord(patch))
        throw badPatch(
          `error decoding patch: json: cannot unmarshal ${jsonWord(patch)} into Go value of type map[string]interface {}`,
        );
      return mergePatch(live, patch);
    case STRATEGIC_PATCH:
      if (type === undefined) throw unsupported();
      if (!isRecord(patch))
        throw badPatch(`json: cannot unmarshal ${jsonWord(patch)} into Go value of type map[string]interface {}`);
      return applyStrategic(type, live, patch);
    case APPLY_PATCH:
      if (!isRecord(patch))
        throw badPatch(
          `error decoding YAML: json: cannot unmarshal ${jsonWord(patch)} into Go value of type map[string]interface {}`,
        );
      return applyConfiguration(type, live, patch);
    default:
      throw unsupported();
  }
}

/**
 * The 422 of a patch whose outcome does not fit the kind, such as a strict decoding error. A strategic patch is quoted itself, in
 * Go's print; of the other types the whole outcome is quoted as JSON. Upstream names neither kind nor object here.
 */
export function patchedInvalid(
  input: { contentType: string; patch: unknown; patched: unknown },
  problem: string | TypeMismatch,
): StatusError {
  const strategic = input.contentType === STRATEGIC_PATCH;
  const why = typeof problem === 'string' ? problem : strategic ? problem.inStrategicPatch : problem.message;
  const shown = strategic ? goText(input.patch) : JSON.stringify(sorted(input.patched));
  const cause = {
    reason: 'FieldValueInvalid',
    message: `Invalid value: ${JSON.stringify(shown)}: ${why}`,
    field: 'patch',
  };
  return new StatusError(422, 'Invalid', ` "" is invalid: patch: ${cause.message}`, { causes: [cause] });
}

function sorted(value: unknown): unknown {
  return isRecord(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value;
}

function applyStrategic(type: string, live: KubeObject, patch: Record<string, unknown>): Record<string, unknown> {
  try {
    return schema.strategicMerge(type, live, patch);
  } catch (error) {
    if (!(error instanceof PatchError)) throw error;
    // Malformed directives are the client's fault for upstream, unmergeable content is "internal".
    if (error.message.startsWith('invalid patch format')) throw badPatch(error.message);
    throw new StatusError(500, '', error.message);
  }
}

function badPatch(message: string): StatusError {
  return new StatusError(400, 'BadRequest', message);
}

function unsupported(): StatusError {
  const accepted = [JSON_PATCH, MERGE_PATCH, APPLY_PATCH].join(', ');
  return new StatusError(
    415,
    'UnsupportedMediaType',
    `the body of the request was in an unknown format - accepted media types include: ${accepted}`,
  );
}
