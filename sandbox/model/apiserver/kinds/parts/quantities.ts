/** Quantities as the server writes them back. Source: apimachinery `Quantity.CanonicalizeBytes`: `1000m` → `1`, `1.5Gi` → `1536Mi`, `1000` → `1k`. */
import { parseQuantity } from '../../../../../kernel/kube/quantity.ts';
import type { Fields } from './reading.ts';
import { fields } from './reading.ts';

const NANO = 1_000_000_000n;
const BINARY = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
const DECIMAL: Readonly<Record<number, string>> = {
  [-9]: 'n',
  [-6]: 'u',
  [-3]: 'm',
  0: '',
  3: 'k',
  6: 'M',
  9: 'G',
  12: 'T',
  15: 'P',
  18: 'E',
};

/** The canonical text of one quantity. Throws InputError when it is none. */
export function canonicalQuantity(given: string | number): string {
  const source = String(given);
  const amount = parseQuantity(source);
  if (amount === 0n) return '0';
  const small = amount > -1024n * NANO && amount < 1024n * NANO;
  if (source.endsWith('i') && !small) return binary(amount);
  const [mantissa, exponent] = decimal(amount);
  if (/[eE]/.test(source.slice(0, -1))) return exponent === 0 ? String(mantissa) : `${mantissa}e${exponent}`;
  return `${mantissa}${DECIMAL[exponent] ?? ''}`;
}

function binary(amount: bigint): string {
  let whole = (amount + NANO - 1n) / NANO;
  let power = 0;
  while (power < BINARY.length - 1 && whole % 1024n === 0n) {
    whole /= 1024n;
    power++;
  }
  return `${whole}${BINARY[power] ?? ''}`;
}

/** Mantissa and the exponent of ten, a multiple of three. */
function decimal(amount: bigint): readonly [bigint, number] {
  let mantissa = amount;
  let exponent = -9;
  while (exponent < 18 && mantissa % 1000n === 0n) {
    mantissa /= 1000n;
    exponent += 3;
  }
  return [mantissa, exponent];
}

/** Every quantity of a resource list in canonical form; the same map when all are. */
export function canonicalQuantities(list: unknown): Fields {
  const given = fields(list);
  const entries = Object.entries(given).map(([name, value]): readonly [string, unknown] => [name, canonical(value)]);
  return entries.every(([name, value]) => given[name] === value) ? given : Object.fromEntries(entries);
}

/** `limits` and `requests` of a resources struct in canonical form; what is absent stays absent. */
export function canonicalResources(value: unknown): Fields {
  const resources = fields(value);
  const result: Record<string, unknown> = { ...resources };
  for (const key of ['limits', 'requests'])
    if (resources[key] !== undefined) result[key] = canonicalQuantities(resources[key]);
  return result;
}

/** Leaves alone what is no quantity: decoding has refused it, or a template is not parsed yet. */
function canonical(value: unknown): unknown {
  return typeof value === 'string' || typeof value === 'number' ? canonicalQuantity(value) : value;
}
