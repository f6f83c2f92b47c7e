/**
 * Safe ways to look into an object's fields. The schema has checked the types at the door, so a field is either absent or
 * right; absence reads as Go's zero value, as in upstream's structs.
 */
import type { KubeObject } from '../../../../../kernel/kube/object.ts';
import { isRecord } from '../../../../../kernel/kube/object.ts';

export type Fields = Readonly<Record<string, unknown>>;

const NONE: Fields = Object.freeze({});

/** A struct; empty when absent. */
export function fields(value: unknown): Fields {
  return isRecord(value) ? value : NONE;
}

/** A list of structs; empty when absent. */
export function items(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.map(fields) : [];
}

/** A string; empty when absent. */
export function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** A list of strings; empty when absent. */
export function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(text) : [];
}

/** A map of strings; empty when absent. */
export function textMap(value: unknown): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(fields(value)).map(([key, item]) => [key, text(item)]));
}

/** A number; 0 when absent. */
export function whole(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}

/** A quantity or int-or-string as text; empty when absent. */
export function amount(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

export function spec(object: KubeObject): Fields {
  return fields(object['spec']);
}

export function status(object: KubeObject): Fields {
  return fields(object['status']);
}

/** A copy with the absent fields among `defaults` filled in; the same object when none is absent. */
export function fill<T extends Fields>(value: T, defaults: Fields): T {
  const missing = Object.entries(defaults).filter(
    ([key, item]) => item !== undefined && (value[key] === undefined || value[key] === null),
  );
  return missing.length === 0 ? value : { ...value, ...Object.fromEntries(missing) };
}

/** As `fill`, for fields that are no pointers in Go: there an empty string or a zero is as good as nothing. */
export function fillZero<T extends Fields>(value: T, defaults: Fields): T {
  const missing = Object.entries(defaults).filter(
    ([key]) => value[key] === undefined || value[key] === null || value[key] === '' || value[key] === 0,
  );
  return missing.length === 0 ? value : { ...value, ...Object.fromEntries(missing) };
}
