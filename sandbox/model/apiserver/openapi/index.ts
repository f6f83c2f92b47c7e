/**
 * OpenAPI for kubectl: v3 with its index and one document for each group version, v2 as one document of all. Made on first use,
 * once per process and set of kinds.
 */
import { createHash } from 'node:crypto';
import type { Kind } from '../kind.ts';
import { buildDocumentV2 } from './document-v2.ts';
import { buildDocument } from './document.ts';
import { encodeOpenApiV2 } from './gnostic.ts';

export interface OpenApiDocument<Body extends string | Uint8Array = string> {
  readonly body: Body;
  /** SHA-512 in upper-case hex, as upstream; without quotes. */
  readonly etag: string;
}

interface Made {
  readonly served: readonly Kind[];
  readonly document: OpenApiDocument;
}

/** By the first kind of the group version: clusters share their kinds, so they share the documents; other sets of kinds get their own. */
const documents = new WeakMap<Kind, Made[]>();

/** The answer to `/openapi/v3`: the path of each document with its hash, by which kubectl caches it. */
export function openApiIndex(kinds: readonly Kind[]): OpenApiDocument {
  const paths: Record<string, { serverRelativeURL: string }> = {};
  for (const groupVersion of [...new Set(kinds.map(groupVersionPath))].toSorted()) {
    const found = openApiDocument(groupVersion, kinds);
    if (found) paths[groupVersion] = { serverRelativeURL: `/openapi/v3/${groupVersion}?hash=${found.etag}` };
  }
  return withTag({ paths });
}

/** The document of `api/v1` or `apis/apps/v1`; undefined when no kind lives there. */
export function openApiDocument(groupVersion: string, kinds: readonly Kind[]): OpenApiDocument | undefined {
  const served = kinds.filter((kind) => groupVersionPath(kind) === groupVersion);
  const [first] = served;
  if (!first) return undefined;
  const made = documents.get(first) ?? [];
  const known = made.find(
    (candidate) => candidate.served.length === served.length && candidate.served.every((kind, i) => kind === served[i]),
  );
  if (known) return known.document;
  const document = withTag(buildDocument(groupVersion, served));
  documents.set(first, [...made, { served, document }]);
  return document;
}

/** The v2 document, kept as bytes of one of its two forms; only few old clients ask for it. */
const documentsV2 = {
  json: new WeakMap<readonly Kind[], OpenApiDocument<Uint8Array>>(),
  protobuf: new WeakMap<readonly Kind[], OpenApiDocument<Uint8Array>>(),
};

/** The answer to `/openapi/v2`, for this very list of kinds. */
export function openApiV2(kinds: readonly Kind[], form: 'json' | 'protobuf'): OpenApiDocument<Uint8Array> {
  const known = documentsV2[form].get(kinds);
  if (known) return known;
  const content = buildDocumentV2(kinds, groupVersionPath);
  const body = form === 'json' ? Buffer.from(JSON.stringify(content)) : encodeOpenApiV2(content);
  const document = { body, etag: etagOf(body) };
  documentsV2[form].set(kinds, document);
  return document;
}

function groupVersionPath({ group, version }: Kind): string {
  return group === '' ? `api/${version}` : `apis/${group}/${version}`;
}

function withTag(content: object): OpenApiDocument {
  const body = JSON.stringify(content);
  return { body, etag: etagOf(body) };
}

function etagOf(body: string | Uint8Array): string {
  return createHash('sha512').update(body).digest('hex').toUpperCase();
}
