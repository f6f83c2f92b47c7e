/** `/openapi/v3`: its index and its documents; `/openapi/v2` in JSON and protobuf. Source: kube-openapi `handler`, `handler3`. */
import { notFoundText } from './not-found-text.ts';
import type { KindIndex } from './kind-index.ts';
import type { OpenApiDocument } from './openapi/index.ts';
import { openApiDocument, openApiIndex, openApiV2 } from './openapi/index.ts';
import type { Answer, ServerRequest } from './request.ts';

export function answerOpenApiIndex(index: KindIndex): Answer {
  return asAnswer(openApiIndex(index.all));
}

/** A document by `api/v1` or `apis/apps/v1`. */
export function answerOpenApi(index: KindIndex, path: string): Answer {
  const document = openApiDocument(path, index.all);
  return document ? asAnswer(document) : notFoundText();
}

const PROTOBUF_V2 = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf';
/** Clients ask for it with an `@`, which is no valid media type; the answer names it with a dot. */
const ASKS_PROTOBUF = [PROTOBUF_V2, 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf'];
const ASKS_JSON = ['application/json', 'application/*', '*/*', ''];

/** R-API-7: the v2 document in the first form that the client accepts; 406 when it accepts neither. */
export function answerOpenApiV2(index: KindIndex, request: ServerRequest): Answer {
  const accepted = (request.header('accept') ?? '').split(',').map((part) => part.split(';')[0]?.trim() ?? '');
  const chosen = accepted.find((type) => ASKS_PROTOBUF.includes(type) || ASKS_JSON.includes(type));
  if (chosen === undefined) return { kind: 'text', status: 406, text: '', contentType: 'text/plain; charset=utf-8' };
  const protobuf = ASKS_PROTOBUF.includes(chosen);
  const { body, etag } = openApiV2(index.all, protobuf ? 'protobuf' : 'json');
  return { kind: 'document', body, contentType: protobuf ? PROTOBUF_V2 : 'application/json', etag };
}

function asAnswer({ body, etag }: OpenApiDocument): Answer {
  return { kind: 'text', status: 200, text: body, contentType: 'application/json', etag };
}
