/** The table in the form that decoding, defaulting and merging walk: types with fields with shapes. Built type by type on first use. */
import { goNameOf } from './go-names.ts';
import type { FieldEntry, Table } from './table.ts';
import { readTable } from './table.ts';

export type Scalar = 'string' | 'int32' | 'int64' | 'bool' | 'double' | 'bytes';
/** Types that encode themselves, by rules of their own. */
export type Special = 'any' | 'quantity' | 'time' | 'microTime' | 'intOrString';

export type Shape =
  | { readonly kind: 'scalar'; readonly scalar: Scalar }
  | { readonly kind: 'special'; readonly special: Special }
  | { readonly kind: 'struct'; readonly name: string }
  | { readonly kind: 'list'; readonly element: Shape }
  | { readonly kind: 'map'; readonly element: Shape };

export interface Field {
  readonly name: string;
  readonly shape: Shape;
  readonly required: boolean;
  /** A Go pointer: zero and absent are told apart. */
  readonly pointer: boolean;
  readonly omitempty: boolean;
  readonly omitzero: boolean;
  /** Go's name of the field's type, as decoding errors print it. */
  readonly goType: string;
  /** Numbers on the way to the field in protobuf; more than one where Go embeds a struct. Empty: not sent. */
  readonly numbers: readonly number[];
  /** Each element of the list travels in a message of its own. */
  readonly wrapped: boolean;
  readonly default: string | number | boolean | undefined;
  readonly patchStrategy: string;
  readonly mergeKey: string;
  readonly entry: FieldEntry;
}

export interface StructType {
  readonly name: string;
  /** The last part of the name, as Go and `kubectl explain` say it. */
  readonly shortName: string;
  readonly fields: ReadonlyMap<string, Field>;
  /** Server-side apply owns the whole or nothing. */
  readonly atomic: boolean;
  /** Fields that Go writes even when nobody set them. */
  readonly always: readonly Field[];
}

const SPECIALS: Readonly<Record<string, Special>> = {
  'io.k8s.apimachinery.pkg.api.resource.Quantity': 'quantity',
  'io.k8s.apimachinery.pkg.apis.meta.v1.Time': 'time',
  'io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime': 'microTime',
  'io.k8s.apimachinery.pkg.util.intstr.IntOrString': 'intOrString',
  'io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1': 'any',
  'io.k8s.apimachinery.pkg.runtime.RawExtension': 'any',
  'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSON': 'any',
  'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrArray': 'any',
  'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrBool': 'any',
  'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrStringArray': 'any',
};

let table: Table | undefined;
const types = new Map<string, StructType>();

/** The committed table, read on first use and shared by all clusters of the process. */
export function loadedTable(): Table {
  table ??= readTable();
  return table;
}

/** The type of that name, or undefined when the table has none. */
export function findType(name: string): StructType | undefined {
  const known = types.get(name);
  if (known) return known;
  const entry = loadedTable().types[name];
  if (!entry) return undefined;
  const fields = new Map<string, Field>();
  for (const [field, packed] of Object.entries(entry.f)) fields.set(field, unpack(field, packed));
  const built: StructType = {
    name,
    shortName: name.slice(name.lastIndexOf('.') + 1),
    fields,
    atomic: entry.m === 'atomic',
    always: [...fields.values()].filter(isAlwaysWritten),
  };
  types.set(name, built);
  return built;
}

/** The type of that name. A name that is not in the table is a bug of ours. */
export function typeNamed(name: string): StructType {
  const found = findType(name);
  if (!found) throw new Error(`no type ${name} in the schema table`);
  return found;
}

/** `apps/v1/Deployment` (core: `/v1/Pod`) → type name. */
export function typeOfKind(group: string, version: string, kind: string): string | undefined {
  kindNames ??= indexKinds();
  return kindNames.get(`${group}/${version}/${kind}`);
}

let kindNames: ReadonlyMap<string, string> | undefined;

function indexKinds(): Map<string, string> {
  const names = new Map<string, string>();
  for (const [name, { v }] of Object.entries(loadedTable().types)) for (const kind of v ?? []) names.set(kind, name);
  return names;
}

function unpack(name: string, entry: FieldEntry): Field {
  const flags = entry.x ?? '';
  return {
    name,
    shape: shapeOf(entry.t),
    required: flags.includes('r'),
    pointer: flags.includes('p'),
    omitempty: flags.includes('o'),
    omitzero: flags.includes('z'),
    goType: entry.g ?? goNameOf(entry.t),
    numbers: entry.n === undefined ? [] : entry.n.split('.').map(Number),
    wrapped: flags.includes('w'),
    default: entry.d,
    patchStrategy: (entry.s ?? '').split(',').find((strategy) => strategy !== 'retainKeys') ?? '',
    mergeKey: entry.k ?? '',
    entry,
  };
}

/** Reads a table type such as `[]io.k8s.api.core.v1.Container`. */
export function shapeOf(type: string): Shape {
  if (type.startsWith('[]')) return { kind: 'list', element: shapeOf(type.slice(2)) };
  if (type.startsWith('{}')) return { kind: 'map', element: shapeOf(type.slice(2)) };
  const special = type === 'any' ? 'any' : SPECIALS[type];
  if (special) return { kind: 'special', special };
  switch (type) {
    case 'string':
    case 'int32':
    case 'int64':
    case 'bool':
    case 'double':
    case 'bytes':
      return { kind: 'scalar', scalar: type };
    default:
      return { kind: 'struct', name: type };
  }
}

/** Go writes structs whatever their tags, and other values unless `omitempty`; lists and maps would be null, which we leave out. */
function isAlwaysWritten(field: Field): boolean {
  if (field.pointer || field.omitzero) return false;
  switch (field.shape.kind) {
    case 'struct':
      return true;
    case 'scalar':
      return !field.omitempty && field.shape.scalar !== 'bytes';
    case 'special':
      return field.shape.special === 'time' || field.shape.special === 'microTime';
    default:
      return false;
  }
}
