/** Durations as authors write them: `500ms`, `20s`, `2m`. */
import { z } from 'zod';

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000 };

/** Parses to milliseconds; at most five minutes, because nobody waits longer for a grade. */
export const durationSchema = z
  .string()
  .regex(/^\d{1,6}(ms|s|m)$/, 'a duration is a whole number and ms, s or m, such as 20s')
  .transform((text) => Number.parseInt(text, 10) * (UNITS[text.replace(/^\d+/, '')] ?? 1))
  .refine((ms) => ms <= 300_000, 'at most 5m');
