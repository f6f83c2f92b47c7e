/**
 * Server-side apply in a simple form: what the configuration states is merged by the schema's list keys. Nobody owns fields here:
 * no conflicts, and leaving a field out does not delete it. See SPEC.md, "not simulated".
 */
import { isRecord, jsonEqual } from '../../../../kernel/kube/object.ts';
import { getField, setField } from '../schema/own-field.ts';
import type { Field, Shape, StructType } from '../schema/types.ts';
import { findType } from '../schema/types.ts';

type Json = Record<string, unknown>;

/** The live object with the configuration laid over it. `type` is undefined for kinds without a schema: lists are then replaced. */
export function applyConfiguration(type: string | undefined, live: Json, configuration: Json): Json {
  return mergeStruct(type === undefined ? undefined : findType(type), live, configuration);
}

function mergeStruct(type: StructType | undefined, live: Json, configuration: Json): Json {
  const out = { ...live };
  for (const [key, value] of Object.entries(configuration)) {
    if (value === null) continue; // a null states nothing
    const field = type?.fields.get(key);
    const before = getField(out, key);
    if (isRecord(value) && isRecord(before) && !isAtomic(field))
      setField(out, key, mergeStruct(structOf(field?.shape), before, value));
    else if (Array.isArray(value) && Array.isArray(before)) setField(out, key, mergeList(field, before, value));
    else setField(out, key, value);
  }
  return out;
}

function isAtomic(field: Field | undefined): boolean {
  if (field?.entry.m === 'atomic') return true;
  return field?.shape.kind === 'struct' && findType(field.shape.name)?.atomic === true;
}

function mergeList(
  field: Field | undefined,
  before: readonly unknown[],
  stated: readonly unknown[],
): readonly unknown[] {
  const kind = field?.entry.l ?? 'atomic';
  if (kind === 'atomic' || !field) return stated;
  if (kind === 'set') return [...before, ...stated.filter((item) => !before.some((other) => jsonEqual(item, other)))];
  const keys = field.entry.lk ?? [];
  const type = structOf(field.shape);
  const keyOf = (item: unknown): string =>
    JSON.stringify(keys.map((key) => (isRecord(item) ? (item[key] ?? type?.fields.get(key)?.default) : undefined)));
  const out = [...before];
  for (const item of stated) {
    const at = out.findIndex((other) => keyOf(other) === keyOf(item));
    const there = out[at];
    if (isRecord(there) && isRecord(item)) out[at] = mergeStruct(type, there, item);
    else out.push(item);
  }
  return out;
}

function structOf(shape: Shape | undefined): StructType | undefined {
  if (shape?.kind === 'list') return structOf(shape.element);
  return shape?.kind === 'struct' ? findType(shape.name) : undefined;
}
