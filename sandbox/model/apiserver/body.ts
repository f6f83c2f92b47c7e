/**
 * Reads request bodies: JSON, YAML or protobuf bytes, or values from within the process; then the strict decoding that
 * drops, or refuses, what the kind does not know. Source of the texts: apiserver `endpoints/handlers/{create,rest}.go`.
 */
import { parse as parseYaml } from 'yaml';
import type { KubeObject } from '../../../kernel/kube/object.ts';
import { isRecord } from '../../../kernel/kube/object.ts';
import { messageOf } from '../../../kernel/errors.ts';
import type { Core } from './core.ts';
import { badRequest, invalidOptions, tooLargeBody, unsupportedMediaType } from './errors.ts';
import { groupVersion } from './kind-index.ts';
import type { Kind } from './kind.ts';
import type { Body, ServerRequest } from './request.ts';
import { parseJson } from './schema/index.ts';
import { TypeMismatch } from './schema/schema.ts';

const PROTOBUF = 'application/vnd.kubernetes.protobuf';
export const ACCEPTED_BODIES = ['application/json', 'application/yaml', PROTOBUF];

/** The YAML parser's time grows with the square of a hostile text, and everybody would wait: 64 KiB take under a second. */
const LARGEST_YAML = 64 * 1024;

export type FieldValidation = 'Strict' | 'Warn' | 'Ignore';

export interface ParsedBody {
  readonly value: unknown;
  /** `duplicate field "data.a"`, as read. */
  readonly duplicates: readonly string[];
}

/** The body as a JSON value; undefined when there is none. Throws StatusError 400, 413 and 415. */
export function parseBody(core: Core, body: Body, expected: string): ParsedBody {
  if (body.kind === 'none') return { value: undefined, duplicates: [] };
  if (body.kind === 'value') return { value: body.value, duplicates: [] };
  if (body.bytes.length === 0) return { value: undefined, duplicates: [] };
  const unreadable = (why: string): Error =>
    badRequest(
      `the object provided is unrecognized (must be of type ${expected}): couldn't get version/kind; json parse error: ${why}`,
    );
  switch (mediaType(body.contentType)) {
    case '':
    case 'application/json':
    case '*/*':
      return parseText(body.bytes, unreadable);
    case 'application/yaml':
      return parseYamlText(Buffer.from(body.bytes).toString('utf8'), unreadable);
    case PROTOBUF:
      try {
        return { value: core.schema.decodeProtobuf(body.bytes), duplicates: [] };
      } catch (error) {
        if (error instanceof TypeMismatch) throw badRequest(error.message);
        throw error;
      }
    default:
      throw unsupportedMediaType(ACCEPTED_BODIES);
  }
}

/** kubectl says YAML and sends JSON. Only what is no JSON pays for a YAML parser. */
function parseYamlText(text: string, unreadable: (why: string) => Error): ParsedBody {
  try {
    return { value: parseJson(text).value, duplicates: [] };
  } catch {
    if (text.length > LARGEST_YAML) throw tooLargeBody(LARGEST_YAML);
  }
  try {
    return { value: parseYaml(text, { prettyErrors: false }), duplicates: [] };
  } catch (error) {
    throw unreadable(messageOf(error));
  }
}

function parseText(bytes: Uint8Array, unreadable: (why: string) => Error): ParsedBody {
  const text = Buffer.from(bytes).toString('utf8');
  try {
    return parseJson(text);
  } catch (error) {
    throw unreadable(`${messageOf(error)} (${text})`);
  }
}

function notAnObject(value: unknown): string {
  if (value === undefined) return 'unexpected end of JSON input (<empty>)';
  return `json: cannot unmarshal ${Array.isArray(value) ? 'array' : typeof value} into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }`;
}

/** A content type without its parameters, in lower case. */
export function mediaType(contentType: string): string {
  return (contentType.split(';')[0] ?? '').trim().toLowerCase();
}

/** The body of a create or an update as an object of the kind, decoded by the rules of `fieldValidation`. */
export function readObject(core: Core, request: ServerRequest, kind: Kind): KubeObject {
  const { value, duplicates } = parseBody(core, request.body, kind.kind);
  if (!isRecord(value)) {
    throw badRequest(
      `the object provided is unrecognized (must be of type ${kind.kind}): couldn't get version/kind; json parse error: ${notAnObject(value)}`,
    );
  }
  const apiVersion = value['apiVersion'] ?? groupVersion(kind);
  const kindName = value['kind'] ?? kind.kind;
  if (kindName !== kind.kind || apiVersion !== groupVersion(kind)) {
    throw badRequest(wrongKind(core, { kindName: String(kindName), apiVersion: String(apiVersion) }, kind));
  }
  return decodeObject(core, { request, kind, value, duplicates });
}

function wrongKind(core: Core, found: { kindName: string; apiVersion: string }, kind: Kind): string {
  const version = found.apiVersion.split('/').at(-1) ?? '';
  return `${found.kindName} in version ${JSON.stringify(version)} cannot be handled as a ${kind.kind}: ${noConversion(core, found, kind)}`;
}

/** Why a body of one kind cannot be taken as another. */
export function noConversion(core: Core, found: { kindName: string; apiVersion: string }, kind: Kind): string {
  const [group, version] = found.apiVersion.includes('/') ? found.apiVersion.split('/') : ['', found.apiVersion];
  const known = core.kinds.all.some(
    (entry) => entry.kind === found.kindName && entry.group === group && entry.version === version,
  );
  if (!known)
    return `no kind ${JSON.stringify(found.kindName)} is registered for version ${JSON.stringify(found.apiVersion)} in scheme "pkg/runtime/scheme.go:111"`;
  const internal = kind.group === '' ? 'core' : (kind.group.split('.')[0] ?? '');
  return `converting (${version}.${found.kindName}) to (${internal}.${kind.kind}): unknown conversion`;
}

export interface DecodeInput {
  readonly request: ServerRequest;
  readonly kind: Kind;
  readonly value: Record<string, unknown>;
  readonly duplicates: readonly string[];
}

/** Drops unknown fields and says so as the request wants it: refusal, warnings, or nothing. */
export function decodeObject(core: Core, { request, kind, value, duplicates }: DecodeInput): KubeObject {
  const validation = fieldValidation(request, 'CreateOptions');
  const prefix = `${kind.kind} in version ${JSON.stringify(kind.version)} cannot be handled as a ${kind.kind}: `;
  try {
    const decoded = core.schema.decode(kind.schema, value);
    const problems = [...duplicates, ...decoded.unknown.map((path) => `unknown field ${JSON.stringify(path)}`)];
    if (problems.length > 0 && validation === 'Strict') {
      throw badRequest(`${prefix}strict decoding error: ${problems.join(', ')}`);
    }
    if (validation === 'Warn') for (const problem of problems) request.warn(problem);
    return asObject(decoded.value, kind);
  } catch (error) {
    if (error instanceof TypeMismatch) throw badRequest(prefix + error.message);
    throw error;
  }
}

/** Gives a decoded value its kind's name and version, first as upstream prints them. */
export function asObject(value: Record<string, unknown>, kind: Kind): KubeObject {
  const { apiVersion: _apiVersion, kind: _kind, metadata, ...rest } = value;
  return { kind: kind.kind, apiVersion: groupVersion(kind), metadata: isRecord(metadata) ? metadata : {}, ...rest };
}

export function fieldValidation(request: ServerRequest, options: string): FieldValidation {
  const value = request.query.get('fieldValidation') ?? '';
  if (value === '') return 'Warn';
  if (value === 'Strict' || value === 'Warn' || value === 'Ignore') return value;
  throw invalidOptions(options, {
    reason: 'FieldValueNotSupported',
    message: `Unsupported value: ${JSON.stringify(value)}: supported values: "", "Ignore", "Strict", "Warn"`,
    field: 'fieldValidation',
  });
}

/** Whether nothing may be stored. Throws 422 for any value but All. */
export function isDryRun(request: ServerRequest, options: string): boolean {
  const values = request.query.getAll('dryRun').filter((value) => value !== '');
  for (const value of values) {
    if (value !== 'All') {
      throw invalidOptions(options, {
        reason: 'FieldValueNotSupported',
        message: `Unsupported value: ${JSON.stringify(values)}: supported values: "All"`,
        field: 'dryRun',
      });
    }
  }
  return values.length > 0;
}
