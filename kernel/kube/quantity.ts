/** Kubernetes quantities such as `500m`, `1Gi`, `1e3`, exact as integers of nano-units. Source: apimachinery `resource.Quantity`. */
import { InputError } from '../errors.ts';

const NANO = 1_000_000_000n;
const FACTORS: Record<string, bigint> = {
  n: 1n,
  u: 1_000n,
  m: 1_000_000n,
  '': NANO,
  k: NANO * 10n ** 3n,
  M: NANO * 10n ** 6n,
  G: NANO * 10n ** 9n,
  T: NANO * 10n ** 12n,
  P: NANO * 10n ** 15n,
  E: NANO * 10n ** 18n,
  Ki: NANO << 10n,
  Mi: NANO << 20n,
  Gi: NANO << 30n,
  Ti: NANO << 40n,
  Pi: NANO << 50n,
  Ei: NANO << 60n,
};
const SHAPE = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+)|(n|u|m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei))?$/;

/** The text upstream answers with when a quantity cannot be read. */
export const QUANTITY_ERROR =
  "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

/** The amount in nano-units (1 = 1e-9), rounded up like upstream. Throws InputError. */
export function parseQuantity(text: string | number): bigint {
  const match = SHAPE.exec(String(text));
  const [, sign = '', whole = '', fraction = '', exponent, suffix = ''] = match ?? [];
  if (!match || (whole === '' && fraction === '')) throw new InputError('bad-quantity', QUANTITY_ERROR);
  let factor = FACTORS[suffix] ?? NANO;
  let divisor = 10n ** BigInt(fraction.length);
  const power = Number(exponent ?? 0);
  if (power >= 0) factor *= 10n ** BigInt(power);
  else divisor *= 10n ** BigInt(-power);
  const scaled = BigInt(whole + fraction) * factor;
  const rounded = (scaled + divisor - 1n) / divisor;
  return sign === '-' ? -rounded : rounded;
}

/** Thousandths, rounded up: CPU is compared in these. */
export function milli(text: string | number): number {
  const n = parseQuantity(text);
  return Number((n + (n > 0n ? 999_999n : 0n)) / 1_000_000n);
}

/** Whole units, rounded up: bytes and counts are compared in these. */
export function units(text: string | number): number {
  const n = parseQuantity(text);
  return Number((n + (n > 0n ? NANO - 1n : 0n)) / NANO);
}

export function compareQuantities(a: string | number, b: string | number): number {
  const difference = parseQuantity(a) - parseQuantity(b);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** Canonical text of milli-units, as upstream prints CPU: `500m`, `2`. */
export function formatMilli(amount: number): string {
  return amount % 1000 === 0 ? String(amount / 1000) : `${amount}m`;
}

/** Canonical text of bytes with the largest binary suffix that divides it: `1Gi`, `1536Mi`, `1500`. */
export function formatBytes(amount: number): string {
  const suffixes = ['Ei', 'Pi', 'Ti', 'Gi', 'Mi', 'Ki'];
  for (const [i, suffix] of suffixes.entries()) {
    const size = 2 ** (10 * (6 - i));
    if (amount >= size && amount % size === 0) return `${amount / size}${suffix}`;
  }
  return String(amount);
}
