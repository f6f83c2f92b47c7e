/** Joins what the API server says (OpenAPI) with what only the Go sources say (pointers, omitempty, protobuf numbers). */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { FieldEntry, Table, TypeEntry } from '../table.ts';
import { goNameOf } from '../go-names.ts';
import type { GoField, GoPackage } from './go-types.ts';
import { readGoPackage } from './go-types.ts';
import type { Definition, OpenApiFacts, Property } from './openapi-facts.ts';
import { readProtoNumbers } from './proto-numbers.ts';

interface Sources {
  readonly root: string;
  readonly packages: Map<string, GoPackage | undefined>;
  readonly complaints: string[];
}

/** Makes the table. `sourceRoot` holds the folder `k8s.io`. Complaints name types whose Go source is missing or disagrees. */
export function buildTable(facts: OpenApiFacts, sourceRoot: string): { table: Table; complaints: readonly string[] } {
  const sources: Sources = { root: sourceRoot, packages: new Map(), complaints: [] };
  const types: Record<string, TypeEntry> = {};
  for (const [name, definition] of [...facts.definitions].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    types[name] = typeEntry(name, definition, sources);
  }
  return { table: { version: facts.version, types }, complaints: sources.complaints };
}

function typeEntry(name: string, definition: Definition, sources: Sources): TypeEntry {
  const { folder, short } = placeOf(name);
  const go = goFields({ folder, name: short }, sources);
  const f: Record<string, FieldEntry> = {};
  const required = new Set(definition.required ?? []);
  for (const [field, property] of Object.entries(definition.properties ?? {})) {
    const known = go.get(field);
    if (!known && go.size > 0) sources.complaints.push(`${name}.${field}: not in the Go source`);
    f[field] = fieldEntry(property, required.has(field), known, sources);
  }
  const kinds = definition['x-kubernetes-group-version-kind'] ?? [];
  return {
    f,
    // DeleteOptions and WatchEvent belong to every group; naming them all would say nothing.
    ...(kinds.length > 0 && kinds.length < 4 ? { v: kinds.map((k) => `${k.group}/${k.version}/${k.kind}`) } : {}),
    ...(definition['x-kubernetes-map-type'] ? { m: definition['x-kubernetes-map-type'] } : {}),
    ...(definition['x-kubernetes-unions'] ? { u: definition['x-kubernetes-unions'] } : {}),
  };
}

function fieldEntry(property: Property, required: boolean, go: FlatField | undefined, sources: Sources): FieldEntry {
  const t = typeText(property);
  const given = property.default;
  const zero = given === '' || given === 0 || given === false || (typeof given === 'object' && given !== null);
  const wrapped = go !== undefined && isWrappedList(go.field.type, sources);
  const x = [
    required ? 'r' : '',
    go?.field.pointer ? 'p' : '',
    go?.field.omitempty ? 'o' : '',
    go?.field.omitzero ? 'z' : '',
    zero ? 'd' : '',
    wrapped ? 'w' : '',
  ].join('');
  return {
    t,
    ...(x === '' ? {} : { x }),
    ...(go?.number === undefined ? {} : { n: go.number }),
    ...(go === undefined || go.field.type === goNameOf(t) ? {} : { g: go.field.type }),
    // The API server reads apiVersion and kind before it decodes, so TypeMeta never shows.
    ...(go?.through === undefined || go.through === 'TypeMeta' ? {} : { i: go.through }),
    ...(property.enum ? { e: property.enum } : {}),
    ...(given === undefined || zero || typeof given === 'object' ? {} : { d: given }),
    ...(property['x-kubernetes-patch-strategy'] ? { s: property['x-kubernetes-patch-strategy'] } : {}),
    ...(property['x-kubernetes-patch-merge-key'] ? { k: property['x-kubernetes-patch-merge-key'] } : {}),
    ...(property['x-kubernetes-list-type'] ? { l: property['x-kubernetes-list-type'] } : {}),
    ...(property['x-kubernetes-list-map-keys'] ? { lk: property['x-kubernetes-list-map-keys'] } : {}),
    ...(property['x-kubernetes-map-type'] ? { m: property['x-kubernetes-map-type'] } : {}),
  };
}

function typeText(property: Property): string {
  const reference = property.$ref ?? property.allOf?.[0]?.$ref;
  if (reference) return reference.replace('#/components/schemas/', '');
  if (property.type === 'array' && property.items) return `[]${typeText(property.items)}`;
  if (property.type === 'object' && property.additionalProperties)
    return `{}${typeText(property.additionalProperties)}`;
  if (property.type === 'string') return property.format === 'byte' ? 'bytes' : 'string';
  if (property.type === 'integer') return property.format === 'int64' ? 'int64' : 'int32';
  if (property.type === 'number') return 'double';
  if (property.type === 'boolean') return 'bool';
  return 'any';
}

/** `io.k8s.api.core.v1.Pod` → `k8s.io/api/core/v1` and `Pod`. */
function placeOf(name: string): { folder: string; short: string } {
  const parts = name.split('.');
  const short = parts.pop() ?? '';
  return { folder: `k8s.io/${parts.slice(2).join('/')}`, short };
}

interface FlatField {
  readonly field: GoField;
  readonly number: string | undefined;
  /** Names of the embedded structs on the way. */
  readonly through: string | undefined;
}

function goFields(place: { folder: string; name: string }, sources: Sources): Map<string, FlatField> {
  const flat = new Map<string, FlatField>();
  const numbers = readProtoNumbers(sources.root, place.folder).get(place.name);
  for (const field of packageOf(place.folder, sources)?.structs.get(place.name) ?? []) {
    if (field.inlined) {
      for (const [name, inner] of goFields(field.inlined, sources)) {
        // An inlined struct without a tag (TypeMeta) travels in the envelope, not in the message.
        const number =
          inner.number === undefined || field.number === undefined ? undefined : `${field.number}.${inner.number}`;
        const through = [field.inlined.name, ...(inner.through === undefined ? [] : [inner.through])].join('.');
        flat.set(name, { field: inner.field, number, through });
      }
      continue;
    }
    const stated = numbers?.get(field.json);
    if (stated !== undefined && stated !== field.number)
      sources.complaints.push(`${place.name}.${field.json}: tag ${field.number}, proto ${stated}`);
    flat.set(field.json, { field, number: field.number, through: undefined });
  }
  return flat;
}

function packageOf(folder: string, sources: Sources): GoPackage | undefined {
  if (!sources.packages.has(folder)) {
    const there = existsSync(join(sources.root, folder));
    if (!there) sources.complaints.push(`${folder}: source missing, its types carry no protobuf numbers`);
    sources.packages.set(folder, there ? readGoPackage(sources.root, folder) : undefined);
  }
  return sources.packages.get(folder);
}

/** Named list types such as `ExtraValue` are messages of their own in protobuf. */
function isWrappedList(type: string, sources: Sources): boolean {
  const name = /\.(\w+)$/.exec(type)?.[1];
  if (name !== 'ExtraValue' && name !== 'Verbs') return false;
  return [...sources.packages.values()].some((found) => found?.lists.has(name));
}
