/**
 * The texts that `kubectl explain` prints. They are not ours and not committed: they are read from the type declarations of the
 * installed @kubernetes/client-node, type by type as a document needs them. Without that package explain prints no texts.
 */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

export interface Descriptions {
  readonly type: string | undefined;
  readonly fields: ReadonlyMap<string, string>;
}

let directory: string | undefined;
const known = new Map<string, Descriptions>();

/** The texts of a type such as `io.k8s.api.core.v1.Pod`; empty where the library has none. */
export function describeType(name: string): Descriptions {
  const cached = known.get(name);
  if (cached) return cached;
  const made = read(name);
  known.set(name, made);
  return made;
}

function read(name: string): Descriptions {
  directory ??= modelsDirectory();
  const file = classNames(name)
    .map((className) => join(directory ?? '', `${className}.d.ts`))
    .find((path) => existsSync(path));
  return file === undefined ? { type: undefined, fields: new Map() } : parseDeclarations(readFileSync(file, 'utf8'));
}

function modelsDirectory(): string {
  const entry = createRequire(import.meta.url).resolve('@kubernetes/client-node');
  return join(dirname(entry), 'gen', 'models');
}

/** The library names a class `V1Pod`, and `CoreV1Event` where two groups have the same kind. */
function classNames(name: string): string[] {
  const parts = name.split('.');
  const [kind = '', version = '', group = ''] = parts.toReversed();
  const short = `${capital(version)}${kind}`;
  return [`${capital(group)}${short}`, short];
}

function capital(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}

/** Reads the comment before the class and those before its fields. */
export function parseDeclarations(text: string): Descriptions {
  const fields = new Map<string, string>();
  let type: string | undefined;
  for (const [, comment = '', field] of text.matchAll(
    /\/\*\*\s*\n\s*\* ([^\n]*)\n\s*\*\/\s*\n\s*(?:export declare class \w+|'([^']+)'\??:)/g,
  )) {
    if (field === undefined) type = unescape(comment);
    else fields.set(field, unescape(comment));
  }
  return { type, fields };
}

/** The generator escapes quotes for JavaScript and writes each line break as a space. */
function unescape(text: string): string {
  return text
    .replaceAll(/\\(['"\\])/g, '$1')
    .replaceAll('*_/', '*/')
    .trim();
}
