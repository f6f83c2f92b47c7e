/**
 * Strategic merge patch: merges by the table's strategies and keys and obeys the directives in the patch. Inputs stay untouched.
 * Source of the behaviour: apimachinery `util/strategicpatch` as the API server calls it (parallel lists merged, unmatched nulls dropped).
 */
import { isRecord } from '../../../../kernel/kube/object.ts';
import { PatchError } from './schema.ts';
import {
  deleteFromList,
  elementKind,
  enforceOrder,
  goText,
  mergeScalars,
  sameKey,
  splitByPresence,
} from './strategic-list.ts';
import { getField, setField } from './own-field.ts';
import type { Field, Shape, StructType } from './types.ts';
import { findType } from './types.ts';

const DIRECTIVE = '$patch';
const RETAIN_KEYS = '$retainKeys';
const SET_ORDER = '$setElementOrder/';
const DELETE_FROM = '$deleteFromPrimitiveList/';

type Json = Record<string, unknown>;

/** Applies `patch` to `live`, both of the named type. Throws PatchError with upstream's words. */
export function strategicMerge(typeName: string, live: Json, patch: Json): Json {
  return mergeMap(findType(typeName), live, patch);
}

/** `type` is undefined below a map or an untyped value: there nothing has a strategy. */
function mergeMap(type: StructType | undefined, live: Json, patch: Json): Json {
  if (Object.hasOwn(patch, DIRECTIVE)) return obeyMapDirective(patch);
  const out = { ...live };
  const rest = { ...patch };
  retainKeys(out, rest);
  mergeOrderedLists(type, out, rest);
  for (const [key, value] of Object.entries(rest)) {
    if (key.startsWith(DELETE_FROM)) {
      const name = key.slice(DELETE_FROM.length);
      const list = out[name];
      if (Array.isArray(value) && Array.isArray(list)) out[name] = deleteFromList(list, value);
      else if (!Array.isArray(value)) throw new PatchError('invalid patch format of primitive list');
    } else if (value === null) delete out[key];
    else mergeField(type?.fields.get(key), out, { key, value });
  }
  return out;
}

function mergeField(field: Field | undefined, out: Json, { key, value }: { key: string; value: unknown }): void {
  const before = getField(out, key);
  if (isRecord(before) && isRecord(value)) {
    if (field?.patchStrategy === 'replace') setField(out, key, value);
    else setField(out, key, mergeMap(structOf(field?.shape), before, value));
    return;
  }
  if (Array.isArray(before) && Array.isArray(value)) {
    setField(out, key, mergeListField(field, before, value));
    return;
  }
  const cleaned = withoutDirectives(value);
  if (cleaned === undefined) delete out[key];
  else setField(out, key, cleaned);
}

function structOf(shape: Shape | undefined): StructType | undefined {
  if (shape?.kind === 'list') return structOf(shape.element);
  return shape?.kind === 'struct' ? findType(shape.name) : undefined;
}

function obeyMapDirective(patch: Json): Json {
  const { [DIRECTIVE]: directive, ...rest } = patch;
  if (directive === 'replace') return rest;
  if (directive === 'delete') return {};
  throw new PatchError(`unknown patch type: ${goText(directive)} in map: ${goText(patch)}`);
}

/** `$retainKeys` names all fields that may stay. */
function retainKeys(out: Json, patch: Json): void {
  if (!Object.hasOwn(patch, RETAIN_KEYS)) return;
  const keys = patch[RETAIN_KEYS];
  delete patch[RETAIN_KEYS];
  if (!Array.isArray(keys)) throw new PatchError('invalid patch format of retainKeys');
  const kept = new Set<unknown>(keys);
  for (const [key, value] of Object.entries(patch)) {
    if (value === null || key.startsWith(DELETE_FROM) || key.startsWith(SET_ORDER)) continue;
    if (!kept.has(key)) throw new PatchError('invalid patch format of retainKeys');
  }
  for (const key of Object.keys(out)) if (!kept.has(key)) delete out[key];
}

/** Handles `$setElementOrder/x` together with the list x, and takes both out of the patch. */
function mergeOrderedLists(type: StructType | undefined, out: Json, patch: Json): void {
  for (const [key, order] of Object.entries(patch)) {
    if (!key.startsWith(SET_ORDER)) continue;
    delete patch[key];
    if (!Array.isArray(order)) throw new PatchError('invalid patch format of setElementOrder list');
    const name = key.slice(SET_ORDER.length);
    const field = type?.fields.get(name);
    const before = out[name];
    const change = patch[name];
    if (
      (before !== undefined && !Array.isArray(before)) ||
      (change !== undefined && change !== null && !Array.isArray(change))
    ) {
      throw new PatchError('invalid patch format of setElementOrder list');
    }
    const mergeKey = field?.mergeKey ?? '';
    if (change) checkOrder(change, order, mergeKey);
    const merged =
      before && change
        ? mergeListField(field, before, change)
        : (before ?? (change ? listWithoutDirectives(change) : undefined));
    if (!merged) continue;
    out[name] = enforceOrder(splitByPresence(merged, order, mergeKey), { order, serverOrder: before ?? [], mergeKey });
    delete patch[name];
  }
}

function checkOrder(change: readonly unknown[], order: readonly unknown[], mergeKey: string): void {
  if (order.length === 0) return;
  const items = change.filter((item) => !(isRecord(item) && Object.hasOwn(item, DIRECTIVE)));
  let at = 0;
  for (const wanted of order) if (at < items.length && sameKey(items[at], wanted, mergeKey)) at += 1;
  if (at < items.length)
    throw new PatchError(
      `The order in patch list:\n${goText(change)}\n doesn't match $setElementOrder list:\n${goText(order)}\n`,
    );
}

function mergeListField(
  field: Field | undefined,
  before: readonly unknown[],
  change: readonly unknown[],
): readonly unknown[] {
  if (field?.patchStrategy !== 'merge') return change;
  if (before.length === 0 && change.length === 0) return before;
  if (elementKind(before, change) === 'scalar') {
    const merged = mergeScalars(before, change);
    return enforceOrder(splitByPresence(merged, change, ''), { order: change, serverOrder: before, mergeKey: '' });
  }
  const { mergeKey } = field;
  if (mergeKey === '') throw new PatchError(`cannot merge lists without merge key for ${field.name}`);
  const { base, items } = obeyListDirectives(before, change, mergeKey);
  const merged = [...base];
  for (const item of items) {
    if (!Object.hasOwn(item, mergeKey))
      throw new PatchError(`map: ${goText(item)} does not contain declared merge key: ${mergeKey}`);
    const at = merged.findIndex((there) => sameKey(there, item, mergeKey));
    const there = merged[at];
    if (isRecord(there)) merged[at] = mergeMap(structOf(field.shape), there, item);
    else merged.push(withoutDirectives(item));
  }
  return enforceOrder(splitByPresence(merged, items, mergeKey), { order: items, serverOrder: base, mergeKey });
}

/** Deletes what `$patch: delete` names; a `$patch: replace` element lets the patch's list stand alone. */
function obeyListDirectives(
  before: readonly unknown[],
  change: readonly unknown[],
  mergeKey: string,
): { base: readonly unknown[]; items: readonly Json[] } {
  let base = before;
  let replace = false;
  const items: Json[] = [];
  for (const item of change) {
    if (!isRecord(item)) continue;
    const directive = item[DIRECTIVE];
    if (!Object.hasOwn(item, DIRECTIVE)) items.push(item);
    else if (directive === 'delete') {
      if (!Object.hasOwn(item, mergeKey))
        throw new PatchError(`map: ${goText(item)} does not contain declared merge key: ${mergeKey}`);
      base = base.filter((there) => !sameKey(there, item, mergeKey));
    } else if (directive === 'replace') replace = true;
    else if (directive === 'merge') throw new PatchError('merging lists cannot yet be specified in the patch');
    else throw new PatchError(`unknown patch type: ${goText(directive)} in map: ${goText(item)}`);
  }
  return replace ? { base: [], items } : { base, items };
}

/** A value that is new to the object: nulls and directives have nothing to act on. Undefined: the value was a directive itself. */
function withoutDirectives(value: unknown): unknown {
  if (Array.isArray(value)) return listWithoutDirectives(value);
  if (!isRecord(value)) return value;
  if (Object.hasOwn(value, DIRECTIVE)) return undefined;
  const out: Json = {};
  for (const [key, item] of Object.entries(value)) {
    const cleaned = item === null ? undefined : withoutDirectives(item);
    // Order and retention lists of a new object would otherwise be stored; the decoder drops them as unknown fields.
    if (cleaned !== undefined) setField(out, key, cleaned);
  }
  return out;
}

function listWithoutDirectives(list: readonly unknown[]): unknown[] {
  return list.map(withoutDirectives).filter((item) => item !== undefined);
}
