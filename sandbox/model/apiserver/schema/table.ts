/**
 * The shape of the generated table `tables/types.json`: facts about every built-in type, packed so that the whole fits in a few hundred
 * kilobytes. Knows how to load it once per process; `types.ts` makes the readable form that the rest works with.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

/**
 * One field.
 * - `t` its type: a scalar (`string int32 int64 bool double bytes any`), the name of another type, or either behind `[]` (list) or `{}` (map)
 * - `x` flags: `r` required, `p` pointer in Go, `o` omitempty, `z` omitzero, `d` default is the type's zero, `w` list elements wrapped in a protobuf message
 * - `n` protobuf field number; `2.1` means field 1 of the embedded message 2
 * - `g` Go's name of the type where it does not follow from `t`
 * - `i` the embedded Go structs on the way to it, which stand in decoding errors: `VolumeSource`
 * - `e` enum, `d` default, `s` patch strategy, `k` merge key, `l` list type, `lk` list map keys, `m` map type
 */
const fieldEntry = z.object({
  t: z.string(),
  x: z.string().optional(),
  n: z.string().optional(),
  g: z.string().optional(),
  i: z.string().optional(),
  e: z.array(z.string()).optional(),
  d: z.union([z.string(), z.number(), z.boolean()]).optional(),
  s: z.string().optional(),
  k: z.string().optional(),
  l: z.enum(['atomic', 'set', 'map']).optional(),
  lk: z.array(z.string()).optional(),
  m: z.enum(['atomic', 'granular']).optional(),
});

/** One type: `f` its fields, `v` its kinds as `group/version/kind`, `m` its map type, `u` its unions as OpenAPI words them. */
const typeEntry = z.object({
  f: z.record(z.string(), fieldEntry),
  v: z.array(z.string()).optional(),
  m: z.enum(['atomic', 'granular']).optional(),
  u: z.array(z.json()).optional(),
});

export const tableSchema = z.object({
  /** The release that the facts were read from. */
  version: z.string(),
  types: z.record(z.string(), typeEntry),
});

export type FieldEntry = z.infer<typeof fieldEntry>;
export type TypeEntry = z.infer<typeof typeEntry>;
export type Table = z.infer<typeof tableSchema>;

const FILE = fileURLToPath(new URL('./tables/types.json', import.meta.url));

/** Reads the committed table. Its own door check is `verify`; here it is trusted, because parsing 2,000 fields would cost start time. */
export function readTable(): Table {
  const table: Table = JSON.parse(readFileSync(FILE, 'utf8'));
  return table;
}
