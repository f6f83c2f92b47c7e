/** One OpenAPI v3 document: paths of the kinds of a group version, and every type that they reach. */
import type { Kind } from '../kind.ts';
import type { Shape } from '../schema/types.ts';
import { findType, loadedTable } from '../schema/types.ts';
import { pathsOf } from './paths.ts';
import { schemaOf } from './schemas.ts';

const META = 'io.k8s.apimachinery.pkg.apis.meta.v1.';

export function buildDocument(groupVersion: string, kinds: readonly Kind[]): object {
  const paths: Record<string, object> = {};
  for (const kind of kinds) Object.assign(paths, pathsOf(`/${groupVersion}`, kind));
  return { openapi: '3.0.0', info: documentInfo(), paths, components: { schemas: schemasOf(kinds, schemaOf) } };
}

export function documentInfo(): { title: string; version: string } {
  return { title: 'Kubernetes', version: /^v\d+\.\d+/.exec(loadedTable().version)?.[0].slice(1) ?? '' };
}

/** Every type that the kinds reach, by name, as `write` writes it. */
export function schemasOf(
  kinds: readonly Kind[],
  write: (name: string) => Record<string, unknown>,
): Record<string, Record<string, unknown>> {
  const roots = [`${META}DeleteOptions`, `${META}Patch`, `${META}Status`, `${META}WatchEvent`];
  for (const kind of kinds) {
    roots.push(kind.schema, `${kind.schema}List`);
    if (kind.scale) roots.push('io.k8s.api.autoscaling.v1.Scale');
  }
  return Object.fromEntries([...reachable(roots)].toSorted().map((name) => [name, write(name)]));
}

function reachable(roots: readonly string[]): Set<string> {
  const found = new Set<string>();
  const visit = (name: string): void => {
    const type = findType(name);
    if (!type || found.has(name)) return;
    found.add(name);
    for (const { shape, entry } of type.fields.values()) visit(typeIn(shape) ?? entry.t.replace(/^(?:\[\]|\{\})+/, ''));
  };
  for (const root of roots) visit(root);
  return found;
}

function typeIn(shape: Shape): string | undefined {
  if (shape.kind === 'list' || shape.kind === 'map') return typeIn(shape.element);
  return shape.kind === 'struct' ? shape.name : undefined;
}
