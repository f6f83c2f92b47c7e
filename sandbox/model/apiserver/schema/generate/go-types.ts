/** Reads Go struct declarations of Kubernetes' API packages: JSON names, pointer-ness, omitempty and protobuf numbers. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

export interface GoField {
  /** Empty for an inlined struct. */
  readonly json: string;
  /** Absent where the field is not sent in protobuf. */
  readonly number: string | undefined;
  readonly pointer: boolean;
  readonly omitempty: boolean;
  readonly omitzero: boolean;
  /** As Go's reflection names it, without the pointer: `v1.PullPolicy`. */
  readonly type: string;
  /** Where an inlined struct stands: folder and name. */
  readonly inlined: { readonly folder: string; readonly name: string } | undefined;
}

export interface GoPackage {
  readonly structs: ReadonlyMap<string, readonly GoField[]>;
  /** `type Verbs []string`: name → element. */
  readonly lists: ReadonlyMap<string, string>;
}

const BUILT_IN = /^(string|bool|int|int8|int16|int32|int64|uint8|uint16|uint32|uint64|byte|float64|any)$/;

/** Reads all Go files of one folder. `root` is the directory that holds `k8s.io`. */
export function readGoPackage(root: string, folder: string): GoPackage {
  const structs = new Map<string, GoField[]>();
  const lists = new Map<string, string>();
  for (const file of readdirSync(join(root, folder))) {
    if (!file.endsWith('.go') || /_test\.go$|^zz_|^generated|_swagger_doc/.test(file)) continue;
    const text = readFileSync(join(root, folder, file), 'utf8');
    const imports = importsOf(text);
    for (const [, name = '', body = ''] of text.matchAll(/^type (\w+) struct \{\n([\s\S]*?)^\}/gm)) {
      structs.set(name, fieldsOf(body, { folder, imports }));
    }
    for (const [, name = '', element = ''] of text.matchAll(/^type (\w+) \[\](\w+)$/gm)) lists.set(name, element);
  }
  return { structs, lists };
}

function importsOf(text: string): Map<string, string> {
  const imports = new Map<string, string>();
  for (const [, alias, path = ''] of text.matchAll(/^\s*(?:import\s+)?(\w+)?\s*"(k8s\.io\/[^"]+)"/gm))
    imports.set(alias ?? basename(path), path);
  return imports;
}

interface Origin {
  readonly folder: string;
  readonly imports: ReadonlyMap<string, string>;
}

function fieldsOf(body: string, origin: Origin): GoField[] {
  const fields: GoField[] = [];
  for (const [, , type = '', tags = ''] of body.matchAll(/^\s*(?:(\w+)\s+)?(\*?[\w.[\]*]+)\s+`([^`]*)`/gm)) {
    const [json = '', ...options] = /json:"([^"]*)"/.exec(tags)?.[1]?.split(',') ?? ['-'];
    if (json === '-') continue;
    const inline = json === '';
    const bare = type.replace(/^\*/, '');
    fields.push({
      json,
      number: /protobuf:"\w+,(\d+),/.exec(tags)?.[1],
      pointer: type.startsWith('*'),
      omitempty: options.includes('omitempty'),
      omitzero: options.includes('omitzero'),
      type: reflectName(bare, origin),
      inlined: inline ? placeOf(bare, origin) : undefined,
    });
  }
  return fields;
}

function placeOf(type: string, origin: Origin): { folder: string; name: string } {
  const [left = '', right] = type.split('.');
  return right === undefined
    ? { folder: origin.folder, name: left }
    : { folder: origin.imports.get(left) ?? left, name: right };
}

function reflectName(type: string, origin: Origin): string {
  const list = /^(\[\]|map\[\w+\]|\*)(.*)$/.exec(type);
  if (list)
    return `${(list[1] ?? '').replace(/\[(\w*)\]/, (_, key: string) => `[${key === '' || BUILT_IN.test(key) ? key : reflectName(key, origin)}]`)}${reflectName(list[2] ?? '', origin)}`;
  if (type === 'byte') return 'uint8';
  if (BUILT_IN.test(type)) return type;
  const { folder, name } = placeOf(type, origin);
  return `${basename(folder)}.${name}`;
}
