/** Values that encode themselves in Go: quantities, times, int-or-string, base64. Each returns the value as Go would write it again. */
import { QUANTITY_ERROR, parseQuantity } from '../../../../kernel/kube/quantity.ts';
import { TypeMismatch } from './schema.ts';

/** What encoding/json calls a JSON value in its errors. */
export function jsonWord(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  switch (typeof value) {
    case 'string':
      return 'string';
    case 'number':
      return 'number';
    case 'boolean':
      return 'bool';
    default:
      return 'object';
  }
}

const QUANTITY = /^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$/;
const BINARY = /(?:Ki|Mi|Gi|Ti|Pi|Ei)$/;
const DECIMAL_SUFFIXES = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'];
const BINARY_SUFFIXES = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
const NANO = 1_000_000_000n;

/** A quantity in upstream's canonical form: `1024Mi` → `1Gi`, `0.5` → `500m`. Source: apimachinery `resource.Quantity.String`. */
export function canonicalQuantity(value: string | number): string {
  const text = String(value).trim();
  if (/^[1-9][0-9]{0,2}(?:m|Mi|Gi|Ki)?$/.test(text)) return text;
  if (!QUANTITY.test(text)) throw new TypeMismatch(QUANTITY_ERROR);
  let nano: bigint;
  try {
    nano = parseQuantity(text);
  } catch {
    throw new TypeMismatch("unable to parse quantity's suffix");
  }
  if (nano === 0n) return '0';
  if (BINARY.test(text) && (nano >= 1024n * NANO || nano <= -1024n * NANO)) return binaryText(nano);
  const exponent = /[0-9][eE]([-+]?[0-9]+)$/.exec(text) !== null;
  let power = 0;
  let mantissa = nano;
  while (mantissa % 1000n === 0n && power < DECIMAL_SUFFIXES.length - 1) {
    mantissa /= 1000n;
    power += 1;
  }
  const suffix = DECIMAL_SUFFIXES[power] ?? '';
  return exponent && power !== 3 ? `${mantissa}e${(power - 3) * 3}` : `${mantissa}${suffix}`;
}

function binaryText(nano: bigint): string {
  // Fractions of a unit round up, as upstream does for binary suffixes.
  let mantissa = nano / NANO + (nano % NANO > 0n ? 1n : 0n);
  let power = 0;
  while (mantissa % 1024n === 0n && power < BINARY_SUFFIXES.length - 1) {
    mantissa /= 1024n;
    power += 1;
  }
  return `${mantissa}${BINARY_SUFFIXES[power] ?? ''}`;
}

const FRACTION = /^\.\d+/;
const ZONE = /^(?:Z|[+-]\d\d:\d\d)$/;
/** Go's layout in pieces, each with how the value must start. */
const LAYOUT: readonly (readonly [string, RegExp])[] = [
  ['2006', /^\d{4}/],
  ['-', /^-/],
  ['01', /^\d\d/],
  ['-', /^-/],
  ['02', /^\d\d/],
  ['T', /^T/],
  ['15', /^\d\d/],
  [':', /^:/],
  ['04', /^\d\d/],
  [':', /^:/],
  ['05', /^\d\d/],
];

/** `metav1.Time` in UTC with whole seconds, or `metav1.MicroTime` with six decimals. */
export function canonicalTime(text: string, micro: boolean): string {
  const layout = micro ? '2006-01-02T15:04:05.000000Z07:00' : '2006-01-02T15:04:05Z07:00';
  const refused = (rest: string, piece: string): TypeMismatch =>
    new TypeMismatch(
      `parsing time ${JSON.stringify(text)} as ${JSON.stringify(layout)}: cannot parse ${JSON.stringify(rest)} as ${JSON.stringify(piece)}`,
    );
  let rest = text;
  for (const [piece, start] of LAYOUT) {
    const found = start.exec(rest);
    if (!found) throw refused(rest, piece);
    rest = rest.slice(found[0].length);
  }
  const fraction = FRACTION.exec(rest)?.[0] ?? '.';
  if (fraction !== '.') rest = rest.slice(fraction.length);
  if (!ZONE.test(rest)) throw refused(rest, 'Z07:00');
  const ms = Date.parse(text);
  if (Number.isNaN(ms))
    throw new TypeMismatch(`parsing time ${JSON.stringify(text)}: ${outOfRange(text)} out of range`);
  const seconds = new Date(ms).toISOString().slice(0, 19);
  return micro ? `${seconds}.${fraction.slice(1, 7).padEnd(6, '0')}Z` : `${seconds}Z`;
}

function outOfRange(text: string): string {
  const limits: readonly (readonly [string, number, number])[] = [
    ['month', 5, 12],
    ['day', 8, 31],
    ['hour', 11, 23],
    ['minute', 14, 59],
    ['second', 17, 59],
  ];
  return limits.find(([, at, most]) => Number(text.slice(at, at + 2)) > most)?.[0] ?? 'day';
}

/** Checks base64 like Go's decoder, which says where it stumbled. */
export function checkBase64(text: string): void {
  const bad = /[^A-Za-z0-9+/=\r\n]/.exec(text);
  const bare = text.replace(/[\r\n]/g, '');
  const padding = /=+$/.exec(bare)?.[0].length ?? 0;
  const early = bare.slice(0, bare.length - padding).indexOf('=');
  const at = bad
    ? bad.index
    : early >= 0
      ? early
      : padding > 2
        ? bare.length - padding + 2
        : bare.length % 4 !== 0
          ? bare.length - (bare.length % 4)
          : -1;
  if (at >= 0) throw new TypeMismatch(`illegal base64 data at input byte ${at}`);
}
