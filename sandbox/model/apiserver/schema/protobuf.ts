/**
 * Reads the protobuf bodies that kubectl sends: the `k8s\0` envelope and the messages of the table. Gives the JSON object that the
 * same client would have sent, so that everything behind the door knows one form. Source of the rules: wire-spec "protobuf".
 */
import type { KubeObject } from '../../../../kernel/kube/object.ts';
import { isRecord } from '../../../../kernel/kube/object.ts';
import { setField } from './own-field.ts';
import { readGoMessage } from './protobuf-values.ts';
import type { WireField } from './protobuf-wire.ts';
import { asDouble, asSigned, asText, readWire } from './protobuf-wire.ts';
import { TypeMismatch } from './schema.ts';
import type { Field, Scalar, Shape, StructType } from './types.ts';
import { typeNamed, typeOfKind } from './types.ts';

const MAGIC = [0x6b, 0x38, 0x73, 0x00];

/** Throws TypeMismatch when the bytes are not an envelope, are cut, or hold a kind that the table does not know. */
export function decodeProtobuf(body: Uint8Array): KubeObject {
  if (MAGIC.some((byte, i) => body[i] !== byte)) {
    throw new TypeMismatch('provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]');
  }
  const envelope = readWire(body.subarray(MAGIC.length));
  const { apiVersion, kind } = readTypeMeta(bytesOf(envelope, 1));
  const slash = apiVersion.indexOf('/');
  const name = typeOfKind(slash < 0 ? '' : apiVersion.slice(0, slash), apiVersion.slice(slash + 1), kind);
  if (name === undefined)
    throw new TypeMismatch(`no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)}`);
  const { apiVersion: _version, kind: _kind, metadata, ...rest } = readMessage(typeNamed(name), bytesOf(envelope, 2));
  return { kind, apiVersion, metadata: isRecord(metadata) ? metadata : {}, ...rest };
}

function readTypeMeta(bytes: Uint8Array): { apiVersion: string; kind: string } {
  const fields = readWire(bytes);
  return { apiVersion: asText(bytesOf(fields, 1)), kind: asText(bytesOf(fields, 2)) };
}

function bytesOf(fields: readonly WireField[], number: number): Uint8Array {
  const found = fields.findLast((field) => field.number === number)?.value;
  return found instanceof Uint8Array ? found : new Uint8Array();
}

/** Fields by number; a number that belongs to an embedded Go struct leads to the fields below it. */
interface Numbered {
  readonly field: Field | undefined;
  readonly inner: Map<number, Numbered> | undefined;
}

const numberings = new WeakMap<StructType, Map<number, Numbered>>();

function numbering(type: StructType): Map<number, Numbered> {
  const known = numberings.get(type);
  if (known) return known;
  const top = new Map<number, Numbered>();
  for (const field of type.fields.values()) {
    let level = top;
    for (const [i, number] of field.numbers.entries()) {
      if (i === field.numbers.length - 1) level.set(number, { field, inner: undefined });
      else {
        const there: Map<number, Numbered> = level.get(number)?.inner ?? new Map<number, Numbered>();
        level.set(number, { field: undefined, inner: there });
        level = there;
      }
    }
  }
  numberings.set(type, top);
  return top;
}

function readMessage(type: StructType, bytes: Uint8Array): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  readInto(out, numbering(type), bytes);
  return out;
}

function readInto(out: Record<string, unknown>, numbers: Map<number, Numbered>, bytes: Uint8Array): void {
  for (const { number, value } of readWire(bytes)) {
    const known = numbers.get(number);
    if (known?.inner && value instanceof Uint8Array) readInto(out, known.inner, value);
    if (!known?.field) continue; // a field of a newer client
    const { field } = known;
    const read = readField(field, value, out[field.name]);
    // Go writes every plain field; what is empty was never set by the user.
    if (read !== undefined && (field.pointer || !isZero(read))) out[field.name] = read;
  }
}

function readField(field: Field, value: WireField['value'], before: unknown): unknown {
  const { shape } = field;
  if (field.wrapped && value instanceof Uint8Array && shape.kind === 'list')
    return readWire(value).map((item) => readValue(shape.element, item.value));
  if (shape.kind === 'list') {
    const list: unknown[] = Array.isArray(before) ? before : [];
    list.push(readValue(shape.element, value));
    return list;
  }
  if (shape.kind === 'map') {
    const map: Record<string, unknown> = isRecord(before) ? before : {};
    const [key, item] = readEntry(field, shape.element, value);
    setField(map, key, item);
    return map;
  }
  return readValue(shape, value);
}

function readEntry(field: Field, shape: Shape, value: WireField['value']): [string, unknown] {
  const entry = value instanceof Uint8Array ? readWire(value) : [];
  const inner = entry.findLast((part) => part.number === 2)?.value;
  const key = asText(bytesOf(entry, 1));
  if (field.wrapped && shape.kind === 'list') {
    return [
      key,
      inner instanceof Uint8Array ? readWire(inner).map((item) => readValue(shape.element, item.value)) : [],
    ];
  }
  if (inner === undefined)
    return [key, shape.kind === 'scalar' && shape.scalar !== 'string' && shape.scalar !== 'bytes' ? 0 : ''];
  return [key, readValue(shape, inner)];
}

function readValue(shape: Shape, value: WireField['value']): unknown {
  switch (shape.kind) {
    case 'scalar':
      return readScalar(shape.scalar, value);
    case 'special':
      return value instanceof Uint8Array ? readGoMessage(shape.special, value) : undefined;
    case 'struct':
      return value instanceof Uint8Array ? readMessage(typeNamed(shape.name), value) : undefined;
    default:
      throw new TypeMismatch('proto: lists within lists are not part of the format');
  }
}

function readScalar(scalar: Scalar, value: WireField['value']): unknown {
  if (scalar === 'double') return value instanceof Uint8Array ? asDouble(value) : undefined;
  if (value instanceof Uint8Array) return scalar === 'bytes' ? Buffer.from(value).toString('base64') : asText(value);
  return scalar === 'bool' ? value !== 0n : asSigned(value);
}

function isZero(value: unknown): boolean {
  return value === '' || value === 0 || value === false || (isRecord(value) && Object.keys(value).length === 0);
}
