/** File paths in fields. Source: kubernetes `validatePathNoBacksteps`, `validateLocalDescendingPath`. */
import type { Invalid } from '../kind.ts';
import { invalid } from './causes.ts';

/** No `..` among the parts. */
export function noBacksteps(field: string, path: string): readonly Invalid[] {
  return path.split('/').includes('..') ? [invalid(field, path, "must not contain '..'")] : [];
}

export function absolutePath(field: string, path: string): readonly Invalid[] {
  return path.startsWith('/') ? [] : [invalid(field, path, 'must be an absolute path')];
}

/** Below some directory, and never up. */
export function descendingPath(field: string, path: string): readonly Invalid[] {
  return path.startsWith('/') ? [invalid(field, path, 'must be a relative path')] : noBacksteps(field, path);
}

/** A file below a volume's root, which keeps names that start with two dots for itself. */
export function volumeFilePath(field: string, path: string): readonly Invalid[] {
  const causes = descendingPath(field, path);
  const hidden = path.startsWith('..') && !path.startsWith('../') && path !== '..';
  return hidden ? [...causes, invalid(field, path, "must not start with '..'")] : causes;
}
