/** Reads authored YAML under limits and says what is wrong like a compiler: file, line, column, field, what to do. */
import type { z } from 'zod';
import { isAlias, LineCounter, parseAllDocuments, visit } from 'yaml';
import type { Document } from 'yaml';
import { InputError, messageOf } from '../../kernel/errors.ts';
import { formatPath } from '../../kernel/kube/field-path.ts';

const LIMITS = { bytes: 512 * 1024, depth: 64, nodes: 15_000, aliases: 100 } as const;
const REMEDY = 'Mend the file at the place named; the fields are described in grader/lab/schema.ts.';

/** Leads to a field, such as `['tasks', 0, 'id']`. */
export type Path = readonly (string | number)[];

export interface YamlSource {
  /** As the author knows it, such as `labs/why-pending/lab.yaml`. */
  readonly file: string;
  readonly text: string;
}

/** One document that must fit a schema. Throws InputError with every problem found. */
export function readYaml<T>(source: YamlSource, schema: z.ZodType<T>): T {
  const lines = new LineCounter();
  const [document, second] = parse(source, lines);
  if (document === undefined || second !== undefined) throw problem(`${source.file}: one YAML document is expected`);
  const result = schema.safeParse(document.toJS({ maxAliasCount: LIMITS.aliases }));
  if (result.success) return result.data;
  const words = result.error.issues.map((issue) => {
    const path = issue.path.filter((part): part is string | number => typeof part !== 'symbol');
    return `${source.file}:${placeOf(document, path, lines)} ${formatPath(path) || 'the file'}: ${wordsOf(issue.message)}`;
  });
  throw problem(words.join('\n'));
}

/** `line:column` of a field, or of the first place where a text stands, in a file that could be read. */
export function placeIn(text: string, at: Path | string): string {
  const lines = new LineCounter();
  const [document] = parse({ file: '', text }, lines);
  if (document === undefined) return '1:1';
  return typeof at === 'string' ? lineAndColumn(lines, Math.max(0, text.indexOf(at))) : placeOf(document, at, lines);
}

function wordsOf(message: string): string {
  return message.endsWith('received undefined') ? 'is missing' : message;
}

/** All documents of a manifest file, unchecked; empty ones are left out. */
export function readYamlDocuments(source: YamlSource): unknown[] {
  return parse(source, new LineCounter())
    .map((document): unknown => document.toJS({ maxAliasCount: LIMITS.aliases }))
    .filter((value) => value !== null && value !== undefined);
}

function parse({ file, text }: YamlSource, lines: LineCounter): Document.Parsed[] {
  if (Buffer.byteLength(text) > LIMITS.bytes) throw problem(`${file}: larger than ${LIMITS.bytes / 1024} KB`);
  const parsed = parseSafely(file, text, lines);
  // What follows the first few is mostly made by them.
  const errors = parsed.flatMap((document) => document.errors).slice(0, 3);
  if (errors.length > 0) {
    throw problem(
      errors
        .map((e) => `${file}:${lineAndColumn(lines, e.pos[0])} ${e.message.replace(/ at line \d[^]*$/, '')}`)
        .join('\n'),
    );
  }
  for (const document of parsed) measure(document, file, lines);
  return parsed;
}

function parseSafely(file: string, text: string, lines: LineCounter): Document.Parsed[] {
  try {
    const parsed = parseAllDocuments(text, { lineCounter: lines, uniqueKeys: true });
    return Array.isArray(parsed) ? parsed : [];
  } catch (error) {
    throw problem(`${file}: ${messageOf(error)}`);
  }
}

function measure(document: Document.Parsed, file: string, lines: LineCounter): void {
  let nodes = 0;
  let aliases = 0;
  visit(document, (_key, node, path) => {
    nodes++;
    if (isAlias(node)) {
      aliases++;
      if (node.resolve(document) === undefined)
        throw problem(
          `${file}:${lineAndColumn(lines, node.range?.[0] ?? 0)} *${node.source} stands for nothing: there is no &${node.source} before it`,
        );
    }
    if (path.length > LIMITS.depth * 2 || nodes > LIMITS.nodes || aliases > LIMITS.aliases) {
      throw problem(`${file}: too deep, too large, or with too many aliases`);
    }
  });
}

/** The line and column of a field, or of the nearest parent that is there. */
function placeOf(document: Document.Parsed, path: Path, lines: LineCounter): string {
  for (let length = path.length; length >= 0; length--) {
    const node: unknown = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
    const range: unknown = typeof node === 'object' && node !== null && 'range' in node ? node.range : undefined;
    if (Array.isArray(range) && typeof range[0] === 'number') return lineAndColumn(lines, range[0]);
  }
  return '1:1';
}

function lineAndColumn(lines: LineCounter, offset: number): string {
  const { line, col } = lines.linePos(offset);
  return `${line}:${col}`;
}

function problem(message: string): InputError {
  return new InputError('bad-yaml', message, { remedy: REMEDY });
}
