/**
 * Reads a JSON value as Go would read it into its struct, and gives it back as Go would write it: unknown fields dropped and
 * named, wrong types refused, empty `omitempty` fields left out, structs and plain required values always there.
 * Source of the words: encoding/json `UnmarshalTypeError`, sigs.k8s.io/json strict errors.
 */
import { isRecord } from '../../../../kernel/kube/object.ts';
import { canonicalQuantity, canonicalTime, checkBase64, jsonWord } from './go-values.ts';
import { goNameOf } from './go-names.ts';
import { setField } from './own-field.ts';
import type { Decoded } from './schema.ts';
import { TypeMismatch } from './schema.ts';
import type { Field, Scalar, Shape, Special, StructType } from './types.ts';
import { typeNamed } from './types.ts';

/** A step on the way down; paths are only spelt out when something is wrong. */
interface Step {
  readonly parent: Step | undefined;
  readonly key: string | number;
  /** The struct's field, or undefined for an index or a map's key: only fields stand in type errors. */
  readonly field: Field | undefined;
}

interface Place {
  readonly step: Step | undefined;
  /** The struct whose field is being read; undefined at the top. */
  readonly owner: StructType | undefined;
  readonly goType: string;
  readonly unknown: string[];
}

/** Decodes a whole object. Throws TypeMismatch. */
export function decode(typeName: string, value: unknown): Decoded {
  const type = typeNamed(typeName);
  const unknown: string[] = [];
  const place: Place = { step: undefined, owner: undefined, goType: goNameOf(typeName), unknown };
  const decoded = value === null || value === undefined ? {} : decodeStruct(type, value, place);
  return { value: decoded, unknown };
}

function decodeStruct(type: StructType, value: unknown, place: Place): Record<string, unknown> {
  if (!isRecord(value)) throw mismatch(value, place, { kind: 'struct' });
  const out: Record<string, unknown> = {};
  for (const key in value) {
    const field = type.fields.get(key);
    if (!field) {
      place.unknown.push(dotted(place.step, key));
      continue;
    }
    const given = value[key];
    if (given === null || given === undefined) continue;
    const read = decodeShape(field.shape, given, {
      step: { parent: place.step, key, field },
      owner: type,
      goType: field.goType,
      unknown: place.unknown,
    });
    if (field.omitempty && !field.pointer && isEmpty(read, field.shape)) continue;
    out[key] = read;
  }
  for (const field of type.always) if (out[field.name] === undefined) out[field.name] = zeroOf(field);
  return out;
}

function decodeShape(shape: Shape, value: unknown, place: Place): unknown {
  switch (shape.kind) {
    case 'scalar':
      return decodeScalar(shape.scalar, value, place);
    case 'special':
      return decodeSpecial(shape.special, value, place);
    case 'struct':
      return decodeStruct(typeNamed(shape.name), value, place);
    case 'list': {
      if (!Array.isArray(value)) throw mismatch(value, place, { kind: 'slice' });
      const goType = place.goType.startsWith('[]') ? place.goType.slice(2) : goNameOfShape(shape.element);
      return value.map((item: unknown, i) =>
        element(shape.element, item, { ...place, goType, step: { parent: place.step, key: i, field: undefined } }),
      );
    }
    case 'map': {
      if (!isRecord(value)) throw mismatch(value, place, { kind: 'map' });
      const goType = /^map\[[^\]]*\](.*)$/.exec(place.goType)?.[1] ?? goNameOfShape(shape.element);
      const out: Record<string, unknown> = {};
      // Go writes maps in the order of their keys.
      for (const key of Object.keys(value).sort()) {
        // Go reads null into a map's entry as the zero value.
        setField(
          out,
          key,
          element(shape.element, value[key], { ...place, goType, step: { parent: place.step, key, field: undefined } }),
        );
      }
      return out;
    }
  }
}

function element(shape: Shape, value: unknown, place: Place): unknown {
  return value === null || value === undefined ? zeroOfShape(shape) : decodeShape(shape, value, place);
}

function decodeScalar(scalar: Scalar, value: unknown, place: Place): unknown {
  switch (scalar) {
    case 'string':
      if (typeof value === 'string') return value;
      break;
    case 'bytes':
      if (typeof value !== 'string') break;
      checkBase64(value);
      return value;
    case 'bool':
      if (typeof value === 'boolean') return value;
      break;
    case 'double':
      if (typeof value === 'number') return value;
      break;
    case 'int32':
    case 'int64':
      if (typeof value !== 'number') break;
      if (!Number.isInteger(value) || (scalar === 'int32' && (value > 2147483647 || value < -2147483648)))
        throw mismatch(value, place, { kind: scalar, word: `number ${value}` });
      return value;
  }
  throw mismatch(value, place, { kind: scalar === 'double' ? 'float64' : scalar === 'bytes' ? 'slice' : scalar });
}

function decodeSpecial(special: Special, value: unknown, place: Place): unknown {
  switch (special) {
    case 'any':
      return value;
    case 'quantity':
      if (typeof value === 'string' || typeof value === 'number') return canonicalQuantity(value);
      // Quantity parses the raw JSON text itself, so every other value is just a bad quantity.
      return canonicalQuantity('x');
    case 'time':
    case 'microTime':
      if (typeof value !== 'string') throw mismatch(value, { ...place, goType: 'string' }, { kind: 'string' });
      return canonicalTime(value, special === 'microTime');
    case 'intOrString':
      if (typeof value === 'string') return value;
      if (typeof value !== 'number') throw mismatch(value, { ...place, goType: 'int32' }, { kind: 'int32' });
      return decodeScalar('int32', value, { ...place, goType: 'int32' });
  }
}

function isEmpty(value: unknown, shape: Shape): boolean {
  switch (shape.kind) {
    case 'scalar':
      return value === '' || value === 0 || value === false;
    case 'list':
      return Array.isArray(value) && value.length === 0;
    case 'map':
      return isRecord(value) && Object.keys(value).length === 0;
    default:
      return false;
  }
}

function zeroOf(field: Field): unknown {
  return field.shape.kind === 'special' ? null : zeroOfShape(field.shape);
}

function zeroOfShape(shape: Shape): unknown {
  switch (shape.kind) {
    case 'struct': {
      const out: Record<string, unknown> = {};
      for (const field of typeNamed(shape.name).always) out[field.name] = zeroOf(field);
      return out;
    }
    case 'scalar':
      return shape.scalar === 'string' || shape.scalar === 'bytes' ? '' : shape.scalar === 'bool' ? false : 0;
    case 'special':
      return shape.special === 'quantity' ? '0' : shape.special === 'intOrString' ? 0 : null;
    default:
      return null;
  }
}

function goNameOfShape(shape: Shape): string {
  switch (shape.kind) {
    case 'list':
      return `[]${goNameOfShape(shape.element)}`;
    case 'map':
      return `map[string]${goNameOfShape(shape.element)}`;
    case 'struct':
      return goNameOf(shape.name);
    case 'scalar':
      return goNameOf(shape.scalar);
    case 'special':
      return shape.special;
  }
}

interface Wanted {
  /** The Go kind that the value should have had. */
  readonly kind: string;
  /** What stands there instead; a number that does not fit is quoted. */
  readonly word?: string;
}

function mismatch(value: unknown, place: Place, { kind, word = jsonWord(value) }: Wanted): TypeMismatch {
  const into = place.owner ? `struct field ${place.owner.shortName}.${fieldPath(place.step)}` : 'value';
  return new TypeMismatch(
    `json: cannot unmarshal ${word} into Go ${into} of type ${place.goType}`,
    conversionWords(value, { kind, goType: place.goType }),
  );
}

/** Source: apimachinery `runtime/converter.go`, fromUnstructured. */
function conversionWords(value: unknown, { kind, goType }: { kind: string; goType: string }): string {
  const from = goKindOf(value);
  if (kind === 'slice' || kind === 'map') return `cannot restore ${kind} from ${from}`;
  if (kind === 'struct') return `cannot restore struct from: ${from}`;
  // Go itself would convert a number to a string or another number; JSON must not.
  const convertible =
    (from === 'int64' || from === 'float64') && kind !== 'bool' && !(from === 'float64' && kind === 'string');
  return convertible ? `cannot convert ${from} to ${goType}` : `unrecognized type: ${kind}`;
}

function goKindOf(value: unknown): string {
  if (Array.isArray(value)) return 'slice';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int64' : 'float64';
  return typeof value === 'object' ? 'map' : typeof value === 'boolean' ? 'bool' : 'string';
}

function fieldPath(step: Step | undefined): string {
  const names: string[] = [];
  for (let at = step; at; at = at.parent)
    if (at.field)
      names.unshift(at.field.entry.i === undefined ? at.field.name : `${at.field.entry.i}.${at.field.name}`);
  return names.join('.');
}

function dotted(step: Step | undefined, last: string): string {
  const steps: (string | number)[] = [last];
  for (let at = step; at; at = at.parent) steps.unshift(at.key);
  return steps.reduce<string>(
    (path, key) => (typeof key === 'number' ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`),
    '',
  );
}
