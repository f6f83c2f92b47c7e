/** The messages whose JSON form is not an object: times, quantities, int-or-string, raw JSON. */
import { asSigned, asText, readWire } from './protobuf-wire.ts';
import type { WireField } from './protobuf-wire.ts';
import { TypeMismatch } from './schema.ts';
import type { Special } from './types.ts';

/** The JSON value of such a message; undefined when it holds Go's zero time or no quantity. */
export function readGoMessage(special: Special, bytes: Uint8Array): unknown {
  const fields = readWire(bytes);
  switch (special) {
    case 'quantity': {
      const text = textOf(fields, 1);
      return text === '' ? undefined : text;
    }
    case 'time':
    case 'microTime':
      return fields.length === 0
        ? undefined
        : timeText(numberOf(fields, 1), numberOf(fields, 2), special === 'microTime');
    case 'intOrString':
      return numberOf(fields, 1) === 1 ? textOf(fields, 3) : numberOf(fields, 2);
    case 'any': {
      const text = textOf(fields, 1);
      if (text === '') return undefined;
      try {
        const value: unknown = JSON.parse(text);
        return value;
      } catch {
        throw new TypeMismatch('raw extension does not hold JSON');
      }
    }
  }
}

/** Seconds before the year 1 or so mean Go's zero time. */
const ZERO_TIME = -62135596800;

function timeText(seconds: number, nanos: number, micro: boolean): string | undefined {
  if (seconds <= ZERO_TIME || Math.abs(seconds) > 8.64e12) return undefined;
  const whole = new Date(seconds * 1000).toISOString().slice(0, 19);
  return micro ? `${whole}.${String(Math.trunc(nanos / 1000)).padStart(6, '0')}Z` : `${whole}Z`;
}

function textOf(fields: readonly WireField[], number: number): string {
  const value = fields.findLast((field) => field.number === number)?.value;
  return value instanceof Uint8Array ? asText(value) : '';
}

function numberOf(fields: readonly WireField[], number: number): number {
  const value = fields.findLast((field) => field.number === number)?.value;
  return typeof value === 'bigint' ? asSigned(value) : 0;
}
