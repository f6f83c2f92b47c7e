/** Fills the defaults that upstream's schema states. Copies only what it changes. Defaults by Go functions are the kinds' own. */
import { isRecord } from '../../../../kernel/kube/object.ts';
import type { Shape, StructType } from './types.ts';
import { typeNamed } from './types.ts';

const reaches = new Map<string, boolean>();

/** The value with stated defaults filled in; the same value when there is nothing to fill. */
export function applyDefaults(typeName: string, value: Record<string, unknown>): Record<string, unknown> {
  return fillStruct(typeNamed(typeName), value);
}

function fillStruct(type: StructType, value: Record<string, unknown>): Record<string, unknown> {
  if (!hasDefaults(type)) return value;
  let copy: Record<string, unknown> | undefined;
  for (const field of type.fields.values()) {
    const given = value[field.name];
    const filled =
      given === undefined || given === null || (given === '' && !field.pointer)
        ? (field.default ?? given)
        : fillShape(field.shape, given);
    if (filled !== given) {
      copy ??= { ...value };
      copy[field.name] = filled;
    }
  }
  return copy ?? value;
}

function fillShape(shape: Shape, value: unknown): unknown {
  switch (shape.kind) {
    case 'struct':
      return isRecord(value) ? fillStruct(typeNamed(shape.name), value) : value;
    case 'list': {
      if (!Array.isArray(value) || !shapeHasDefaults(shape)) return value;
      const filled = value.map((item: unknown) => fillShape(shape.element, item));
      return filled.some((item, i) => item !== value[i]) ? filled : value;
    }
    case 'map': {
      if (!isRecord(value) || !shapeHasDefaults(shape)) return value;
      const entries = Object.entries(value).map(([key, item]) => [key, fillShape(shape.element, item)] as const);
      return entries.some(([key, item]) => item !== value[key]) ? Object.fromEntries(entries) : value;
    }
    default:
      return value;
  }
}

/** Whether a default stands anywhere below, so that most of an object need not be walked. */
function hasDefaults(type: StructType): boolean {
  const known = reaches.get(type.name);
  if (known !== undefined) return known;
  reaches.set(type.name, false); // a type that holds itself adds nothing new
  const found = [...type.fields.values()].some((field) => field.default !== undefined || shapeHasDefaults(field.shape));
  reaches.set(type.name, found);
  return found;
}

function shapeHasDefaults(shape: Shape): boolean {
  switch (shape.kind) {
    case 'struct':
      return hasDefaults(typeNamed(shape.name));
    case 'list':
    case 'map':
      return shapeHasDefaults(shape.element);
    default:
      return false;
  }
}
