/** What most rows of the grid have in common. */
import type { Column, Verb } from '../../kind.ts';

export const ALL_VERBS: readonly Verb[] = [
  'create',
  'delete',
  'deletecollection',
  'get',
  'list',
  'patch',
  'update',
  'watch',
];

/** String columns from their names; a trailing `*` marks one of `-o wide`. */
export function columns(...names: readonly string[]): readonly Column[] {
  return names.map((name) =>
    name.endsWith('*') ? { name: name.slice(0, -1), type: 'string', wide: true } : { name, type: 'string' },
  );
}

/** Integer columns from their names. */
export function counts(...names: readonly string[]): readonly Column[] {
  return names.map((name) => ({ name, type: 'integer' }));
}
