/** Paths into objects, written like Kubernetes writes them: `spec.containers[0].image`, `metadata.labels[app.io/name]`. */
import { isRecord } from './object.ts';

export type PathSegment = string | number;

/** Splits a path; a bracket holds an index or, quoted or not, a key with dots. */
export function parsePath(path: string): PathSegment[] {
  const segments: PathSegment[] = [];
  for (const match of path.matchAll(/\[(?:'([^']*)'|"([^"]*)"|(\d+)|([^\]]*))\]|([^.[\]]+)/g)) {
    const [, single, double, index, bare, plain] = match;
    if (index !== undefined) segments.push(Number(index));
    else segments.push(single ?? double ?? bare ?? plain ?? '');
  }
  return segments;
}

/** The value at a path, or undefined when any part of the way is missing. */
export function readPath(value: unknown, path: string | readonly PathSegment[]): unknown {
  let here: unknown = value;
  for (const segment of typeof path === 'string' ? parsePath(path) : path) {
    if (Array.isArray(here)) here = here[Number(segment)];
    else if (isRecord(here) && Object.hasOwn(here, segment)) here = here[segment];
    else return undefined;
  }
  return here;
}

/** A copy of the value with the field at the path set, or removed when `to` is undefined. Makes what is missing on the way. */
export function writePath(value: unknown, path: string | readonly PathSegment[], to: unknown): unknown {
  const [first, ...rest] = typeof path === 'string' ? parsePath(path) : path;
  if (first === undefined) return to;
  if (Array.isArray(value)) {
    const copy: unknown[] = [...value];
    copy[Number(first)] = writePath(copy[Number(first)], rest, to);
    return copy;
  }
  const copy: Record<string, unknown> = isRecord(value) ? { ...value } : {};
  const inner = writePath(copy[first], rest, to);
  if (inner === undefined) delete copy[first];
  else copy[first] = inner;
  return copy;
}

/** Writes a path back as text. */
export function formatPath(segments: readonly PathSegment[]): string {
  return segments
    .map((s, i) => (typeof s === 'number' ? `[${s}]` : /[.[\]]/.test(s) ? `[${s}]` : i === 0 ? s : `.${s}`))
    .join('');
}
