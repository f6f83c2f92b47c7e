/** JSON patch, RFC 6902, with the refusals of the API server. */
import { Pointer, applyPatch } from 'rfc6902';
import { z } from 'zod';
import { isRecord } from '../../../../kernel/kube/object.ts';
import { StatusError } from '../../../client/status.ts';
import { jsonWord } from '../schema/go-values.ts';

const MAX_OPERATIONS = 10_000;
/** All copies of a patch together, in characters of JSON: a few that copy what holds them would outgrow any memory. */
const MAX_COPIED = 3 * 1024 * 1024;

const operation = z.discriminatedUnion('op', [
  z.object({ op: z.literal('add'), path: z.string(), value: z.unknown() }),
  z.object({ op: z.literal('remove'), path: z.string() }),
  z.object({ op: z.literal('replace'), path: z.string(), value: z.unknown() }),
  z.object({ op: z.literal('move'), from: z.string(), path: z.string() }),
  z.object({ op: z.literal('copy'), from: z.string(), path: z.string() }),
  z.object({ op: z.literal('test'), path: z.string(), value: z.unknown() }),
]);

/** Throws StatusError: 400 for what is not a list of operations, 422 for operations that cannot be done, 413 for too many. */
export function applyJsonPatch(live: Record<string, unknown>, patch: unknown): Record<string, unknown> {
  if (!Array.isArray(patch)) throw undecodable(patch, '[]handlers.jsonPatchOp');
  for (const item of patch) if (!isRecord(item)) throw undecodable(item, 'handlers.jsonPatchOp');
  if (patch.length > MAX_OPERATIONS) {
    throw new StatusError(
      413,
      'RequestEntityTooLarge',
      `The allowed maximum operations in a JSON patch is ${MAX_OPERATIONS}, got ${patch.length}`,
    );
  }
  const operations = z.array(operation).safeParse(patch);
  if (!operations.success) throw rejected();
  // The library works in place, and what it copies in must not be shared with the caller's patch either.
  const target: Record<string, unknown> = structuredClone(live);
  let copied = 0;
  for (const one of structuredClone(operations.data)) {
    if (one.op === 'copy') copied += JSON.stringify(valueAt(target, one.from))?.length ?? 0;
    if (copied > MAX_COPIED || applyPatch(target, [one])[0] !== null) throw rejected();
  }
  return target;
}

function valueAt(target: Record<string, unknown>, path: string): unknown {
  try {
    const value: unknown = Pointer.fromJSON(path).get(target);
    return value;
  } catch {
    return undefined;
  }
}

function undecodable(value: unknown, goType: string): StatusError {
  return new StatusError(
    400,
    'BadRequest',
    `error decoding patch: json: cannot unmarshal ${jsonWord(value)} into Go value of type ${goType}`,
  );
}

function rejected(): StatusError {
  return new StatusError(422, 'Invalid', 'the server rejected our request due to an error in our request', {});
}
