/** Where two JSON values differ, field by field. */
import { isRecord, jsonEqual } from './object.ts';
import type { PathSegment } from './field-path.ts';
import { formatPath } from './field-path.ts';

export interface Difference {
  /** As `spec.replicas`. */
  readonly path: string;
  /** Undefined when the field was added. */
  readonly before: unknown;
  /** Undefined when the field was removed. */
  readonly after: unknown;
}

/** All differences, depth first, in the order of the fields of `before`, then of `after`. */
export function diff(before: unknown, after: unknown, at: readonly PathSegment[] = []): Difference[] {
  if (jsonEqual(before, after)) return [];
  if (Array.isArray(before) && Array.isArray(after)) {
    const length = Math.max(before.length, after.length);
    return Array.from({ length }, (_, i) => diff(before[i], after[i], [...at, i])).flat();
  }
  if (isRecord(before) && isRecord(after)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...keys].flatMap((key) => diff(before[key], after[key], [...at, key]));
  }
  return [{ path: formatPath(at), before, after }];
}
