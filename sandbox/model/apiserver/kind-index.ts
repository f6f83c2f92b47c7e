/** Finds rows of the grid by path, by stored name, by kind. Built once per process and shared by all clusters. */
import type { Kind } from './kind.ts';
import { resourceName } from './errors.ts';

export class KindIndex {
  readonly all: readonly Kind[];
  readonly #byPath: ReadonlyMap<string, Kind>;
  readonly #byName: ReadonlyMap<string, Kind>;
  /** `group/version` of the named groups, in discovery's order. */
  readonly groups: readonly { readonly group: string; readonly versions: readonly string[] }[];

  constructor(kinds: readonly Kind[]) {
    this.all = kinds;
    this.#byPath = new Map(kinds.map((kind) => [`${kind.group}/${kind.version}/${kind.resource}`, kind]));
    this.#byName = new Map(kinds.map((kind) => [resourceName(kind), kind]));
    const groups = new Map<string, string[]>();
    for (const { group, version } of kinds) {
      const versions = groups.get(group) ?? [];
      if (!versions.includes(version)) versions.push(version);
      groups.set(group, versions);
    }
    this.groups = [...groups].map(([group, versions]) => ({ group, versions }));
  }

  /** By path: group, version and plural. */
  find(group: string, version: string, resource: string): Kind | undefined {
    return this.#byPath.get(`${group}/${version}/${resource}`);
  }

  /** By `plural.group`, as in `replicasets.apps`. */
  named(name: string): Kind | undefined {
    return this.#byName.get(name);
  }

  of(at: { group: string; version: string }): readonly Kind[] {
    return this.all.filter(({ group, version }) => group === at.group && version === at.version);
  }

  serves(group: string, version: string): boolean {
    return this.groups.some((entry) => entry.group === group && entry.versions.includes(version));
  }
}

/** `apps/v1`, or `v1` in the core group. */
export function groupVersion({ group, version }: { group: string; version: string }): string {
  return group === '' ? version : `${group}/${version}`;
}
