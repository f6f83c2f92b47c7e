/**
 * An OpenAPI v2 document in protobuf, which kubectl 1.27 and 1.28 need for apply, create and explain.
 * Field numbers: google/gnostic `openapiv2/OpenAPIv2.proto`. Keys that no client reads here (examples, XML, limits) are left out.
 */
import { bool, delimited, encodeMessage, message, text } from './protobuf-message.ts';
import type { MessageField, MessageType, Writer } from './protobuf-message.ts';

/** The document's bytes. */
export function encodeOpenApiV2(document: object): Uint8Array {
  return encodeMessage(DOCUMENT, document);
}

/** `Any`: whatever it is, as YAML; JSON is YAML. */
const any: Writer = (value) => delimited(2, Buffer.from(`${JSON.stringify(value)}\n`));

/** A pair of a map's key and value, both numbered as in gnostic's `Named…` messages. */
function named(value: Writer): Writer {
  return (pair) => {
    if (!Array.isArray(pair)) return undefined;
    const [key, content]: readonly unknown[] = pair;
    return Buffer.concat([delimited(1, Buffer.from(String(key))), delimited(2, value(content) ?? new Uint8Array())]);
  };
}

/** A JSON object as a message of named pairs under one field number. */
function mapOf(number: number, value: Writer): Writer {
  const pair = named(value);
  return (map) =>
    typeof map === 'object' && map !== null
      ? Buffer.concat(Object.entries(map).map((entry) => delimited(number, pair(entry) ?? new Uint8Array())))
      : undefined;
}

/** One of several messages, wrapped under its number. */
function oneOf(choose: (value: object) => { number: number; write: Writer }): Writer {
  return (value) => {
    if (typeof value !== 'object' || value === null) return undefined;
    const { number, write } = choose(value);
    return delimited(number, write(value) ?? new Uint8Array());
  };
}

function typeOf(fields: Readonly<Record<string, MessageField>>, extensions?: number): MessageType {
  const known = new Map(Object.entries(fields));
  return extensions === undefined
    ? { fields: known }
    : { fields: known, extensions: { number: extensions, write: named(any), repeated: true } };
}

const one = (number: number, write: Writer): MessageField => ({ number, write });
const many = (number: number, write: Writer): MessageField => ({ number, write, repeated: true });

const schema = message(() => SCHEMA);
const wrapped = (number: number): Writer => {
  return (value) => delimited(number, schema(value) ?? new Uint8Array());
};

const SCHEMA: MessageType = typeOf(
  {
    $ref: one(1, text),
    format: one(2, text),
    description: one(4, text),
    default: one(5, any),
    required: many(19, text),
    enum: many(20, any),
    // AdditionalPropertiesItem, TypeItem and ItemsItem hold the value as their first field.
    additionalProperties: one(21, wrapped(1)),
    type: one(22, (value) => delimited(1, Buffer.from(String(value)))),
    items: one(23, wrapped(1)),
    properties: one(25, mapOf(1, schema)),
  },
  31,
);

const BODY_PARAMETER = typeOf({
  name: one(2, text),
  in: one(3, text),
  required: one(4, bool),
  schema: one(5, schema),
});

const QUERY_PARAMETER = typeOf({
  in: one(2, text),
  name: one(4, text),
  type: one(6, text),
  uniqueItems: one(20, bool),
});

const PATH_PARAMETER = typeOf({
  required: one(1, bool),
  in: one(2, text),
  name: one(4, text),
  type: one(5, text),
  uniqueItems: one(19, bool),
});

const nonBody = oneOf((value) =>
  'in' in value && value.in === 'path'
    ? { number: 4, write: message(() => PATH_PARAMETER) }
    : { number: 3, write: message(() => QUERY_PARAMETER) },
);
const parameter = oneOf((value) =>
  'in' in value && value.in === 'body'
    ? { number: 1, write: message(() => BODY_PARAMETER) }
    : { number: 2, write: nonBody },
);
/** ParametersItem: a parameter, never a reference to one. */
const parameterItem = oneOf(() => ({ number: 1, write: parameter }));

const RESPONSE = typeOf({ description: one(1, text), schema: one(2, wrapped(1)) });
const response = oneOf(() => ({ number: 1, write: message(() => RESPONSE) }));

const OPERATION = typeOf(
  {
    tags: many(1, text),
    operationId: one(5, text),
    produces: many(6, text),
    consumes: many(7, text),
    parameters: many(8, parameterItem),
    responses: one(9, mapOf(1, response)),
    schemes: many(10, text),
  },
  13,
);
const operation = message(() => OPERATION);

const PATH_ITEM = typeOf(
  {
    get: one(2, operation),
    put: one(3, operation),
    post: one(4, operation),
    delete: one(5, operation),
    patch: one(8, operation),
    parameters: many(9, parameterItem),
  },
  10,
);

const INFO = typeOf({ title: one(1, text), version: one(2, text) });

const DOCUMENT = typeOf({
  swagger: one(1, text),
  info: one(
    2,
    message(() => INFO),
  ),
  paths: one(
    8,
    mapOf(
      2,
      message(() => PATH_ITEM),
    ),
  ),
  definitions: one(9, mapOf(1, schema)),
});
