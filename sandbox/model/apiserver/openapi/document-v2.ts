/**
 * The one OpenAPI v2 document of all kinds, made from the parts of the v3 documents: references without `allOf`, bodies as
 * parameters, answers without media types. Source of the differences: kube-openapi `builder` beside `builder3`.
 */
import { isRecord } from '../../../../kernel/kube/object.ts';
import type { Kind } from '../kind.ts';
import { documentInfo, schemasOf } from './document.ts';
import { pathsOf } from './paths.ts';
import { schemaOf } from './schemas.ts';

type Json = Record<string, unknown>;

const METHODS = ['get', 'put', 'post', 'delete', 'patch'];

/** `groupVersionPath` names the root of a kind's paths: `api/v1`, `apis/apps/v1`. */
export function buildDocumentV2(kinds: readonly Kind[], groupVersionPath: (kind: Kind) => string): object {
  const paths: Json = {};
  for (const kind of kinds)
    for (const [path, item] of Object.entries(pathsOf(`/${groupVersionPath(kind)}`, kind)))
      paths[path] = pathItem(item);
  return {
    swagger: '2.0',
    info: documentInfo(),
    paths,
    definitions: schemasOf(kinds, (name) => schemaV2(schemaOf(name))),
  };
}

function pathItem(item: Json): Json {
  const operations = METHODS.flatMap((method) => {
    const found = item[method];
    return isRecord(found) ? [[method, operationV2(found)]] : [];
  });
  return { ...Object.fromEntries(operations), parameters: parametersV2(item['parameters']) };
}

function operationV2({ requestBody, responses, parameters, ...rest }: Json): Json {
  const body = isRecord(requestBody) ? mediaOf(requestBody) : undefined;
  const bodyParameter = body ? [{ name: 'body', in: 'body', required: true, schema: schemaV2(body.schema) }] : [];
  return {
    ...rest,
    consumes: body?.media ?? ['*/*'],
    produces: isRecord(responses) && isRecord(responses['200']) ? mediaOf(responses['200']).media : [],
    schemes: ['https'],
    parameters: [...bodyParameter, ...parametersV2(parameters)],
    responses: isRecord(responses)
      ? Object.fromEntries(Object.entries(responses).map(([code, answer]) => [code, responseV2(answer)]))
      : {},
  };
}

function responseV2(answer: unknown): Json {
  if (!isRecord(answer)) return {};
  const { description } = answer;
  return 'content' in answer ? { description, schema: schemaV2(mediaOf(answer).schema) } : { description };
}

/** The media types of a v3 content, and the schema that they share. */
function mediaOf({ content }: Json): { media: string[]; schema: Json } {
  const entries = isRecord(content) ? Object.entries(content) : [];
  const first = entries[0]?.[1];
  return {
    media: entries.map(([name]) => name),
    schema: isRecord(first) && isRecord(first['schema']) ? first['schema'] : {},
  };
}

/** In v2 the type of a path or query parameter stands beside its name. */
function parametersV2(parameters: unknown): Json[] {
  if (!Array.isArray(parameters)) return [];
  return parameters.filter(isRecord).map(({ schema, ...rest }) => ({ ...rest, ...(isRecord(schema) ? schema : {}) }));
}

/** A reference stands beside its description; a choice of types is a string; there are no defaults. */
function schemaV2(schema: Json): Json {
  const { allOf, oneOf, properties, items, additionalProperties, $ref, default: _default, ...rest } = schema;
  const target = Array.isArray(allOf) && isRecord(allOf[0]) ? allOf[0]['$ref'] : $ref;
  if (typeof target === 'string') return { ...rest, $ref: target.replace('#/components/schemas/', '#/definitions/') };
  return {
    ...rest,
    ...(oneOf === undefined ? {} : { type: 'string' }),
    ...(isRecord(properties)
      ? {
          properties: Object.fromEntries(
            Object.entries(properties).map(([name, property]) => [name, isRecord(property) ? schemaV2(property) : {}]),
          ),
        }
      : {}),
    ...(isRecord(items) ? { items: schemaV2(items) } : {}),
    ...(isRecord(additionalProperties) ? { additionalProperties: schemaV2(additionalProperties) } : {}),
  };
}
