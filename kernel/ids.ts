/** Names and ids made from a Random. Ids that guard access are made with the platform's crypto instead. */
import type { Random } from './random.ts';
import { pick } from './random.ts';

/** Kubernetes' alphabet for generated names (apimachinery `util/rand`): no vowels, nothing that reads as a digit. */
const SUFFIX = [...'bcdfghjklmnpqrstvwxz2456789'];

/** The random end of a generated name, as in `web-7d4b9-x2k8p`. */
export function nameSuffix(random: Random, length = 5): string {
  return Array.from({ length }, () => pick(random, SUFFIX)).join('');
}

/** A version 4 UUID, as in `metadata.uid`. */
export function uuid(random: Random): string {
  const hex = Array.from({ length: 32 }, () => Math.floor(random.next() * 16));
  hex[12] = 4;
  hex[16] = ((hex[16] ?? 0) & 3) | 8;
  const text = hex.map((digit) => digit.toString(16)).join('');
  return [text.slice(0, 8), text.slice(8, 12), text.slice(12, 16), text.slice(16, 20), text.slice(20)].join('-');
}
