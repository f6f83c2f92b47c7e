/** The protobuf wire format: splits a message into numbered fields. Knows nothing of types. */
import { TypeMismatch } from './schema.ts';

export interface WireField {
  readonly number: number;
  /** A varint, or the bytes of a length-delimited, 64-bit or 32-bit field. */
  readonly value: bigint | Uint8Array;
}

/** All fields in order. Throws TypeMismatch when the bytes end too early or hold groups, which Kubernetes never sends. */
export function readWire(bytes: Uint8Array): WireField[] {
  const fields: WireField[] = [];
  let at = 0;
  const varint = (): bigint => {
    let result = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = bytes[at];
      if (byte === undefined) throw new TypeMismatch('unexpected EOF');
      at += 1;
      result |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, result);
    }
    throw new TypeMismatch('proto: integer overflow');
  };
  const take = (length: number): Uint8Array => {
    if (length > bytes.length - at) throw new TypeMismatch('unexpected EOF');
    at += length;
    return bytes.subarray(at - length, at);
  };
  while (at < bytes.length) {
    const tag = Number(varint() & 0xffffffffn);
    const number = tag >>> 3;
    switch (tag & 7) {
      case 0:
        fields.push({ number, value: varint() });
        break;
      case 1:
        fields.push({ number, value: take(8) });
        break;
      case 2:
        fields.push({ number, value: take(Number(varint())) });
        break;
      case 5:
        fields.push({ number, value: take(4) });
        break;
      default:
        throw new TypeMismatch(`proto: illegal wireType ${tag & 7}`);
    }
  }
  return fields;
}

const utf8 = new TextDecoder();

export function asText(bytes: Uint8Array): string {
  return utf8.decode(bytes);
}

/** A varint as a signed number; the integers of Kubernetes' API stay below 2^53. */
export function asSigned(value: bigint): number {
  return Number(BigInt.asIntN(64, value));
}

export function asDouble(bytes: Uint8Array): number {
  return bytes.length === 8 ? new DataView(bytes.buffer, bytes.byteOffset, 8).getFloat64(0, true) : 0;
}
