/** A table type as an OpenAPI v3 schema, with the description texts of the installed client library. */
import { typeNamed } from '../schema/types.ts';
import type { Field, StructType } from '../schema/types.ts';
import { loadedTable } from '../schema/types.ts';
import { describeType } from './descriptions.ts';

type Json = Record<string, unknown>;

const META = 'io.k8s.apimachinery.pkg.apis.meta.v1.';

/** Types without fields, whose JSON form is not an object of fields. */
const FORMS: Readonly<Record<string, Json>> = {
  'io.k8s.apimachinery.pkg.api.resource.Quantity': { oneOf: [{ type: 'string' }, { type: 'number' }] },
  'io.k8s.apimachinery.pkg.util.intstr.IntOrString': {
    format: 'int-or-string',
    oneOf: [{ type: 'integer' }, { type: 'string' }],
  },
  [`${META}Time`]: { type: 'string', format: 'date-time' },
  [`${META}MicroTime`]: { type: 'string', format: 'date-time' },
  'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSON': {},
  'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrArray': {},
  'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrBool': {},
  'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrStringArray': {},
};

/** Scalars as OpenAPI writes them. */
const SCALARS: Readonly<Record<string, Json>> = {
  string: { type: 'string' },
  bytes: { type: 'string', format: 'byte' },
  bool: { type: 'boolean' },
  int32: { type: 'integer', format: 'int32' },
  int64: { type: 'integer', format: 'int64' },
  double: { type: 'number', format: 'double' },
  any: { type: 'object' },
};

const ZEROS: Readonly<Record<string, unknown>> = { string: '', bool: false, int32: 0, int64: 0, double: 0 };

export function schemaOf(name: string): Json {
  const type = typeNamed(name);
  const texts = describeType(name);
  const described = texts.type === undefined ? {} : { description: texts.type };
  const form = FORMS[name];
  if (form) return { ...described, ...form };
  const fields = [...type.fields.values()];
  const required = fields.filter((field) => field.required).map((field) => field.name);
  return {
    ...described,
    type: 'object',
    ...(required.length > 0 ? { required } : {}),
    ...(fields.length > 0
      ? {
          properties: Object.fromEntries(
            fields.map((field) => [field.name, property(field, texts.fields.get(field.name))]),
          ),
        }
      : {}),
    ...extensions(type),
  };
}

function extensions(type: StructType): Json {
  const entry = loadedTable().types[type.name];
  const kinds = (entry?.v ?? []).map((text) => {
    const [group = '', version = '', kind = ''] = text.split('/');
    return { group, kind, version };
  });
  return {
    ...(kinds.length > 0 ? { 'x-kubernetes-group-version-kind': kinds } : {}),
    ...(entry?.m ? { 'x-kubernetes-map-type': entry.m } : {}),
    ...(entry?.u ? { 'x-kubernetes-unions': entry.u } : {}),
  };
}

function property(field: Field, text: string | undefined): Json {
  const { entry } = field;
  const description = withEnum(text ?? stead(entry.t), entry.e);
  const zero = (entry.x ?? '').includes('d');
  const fallback = entry.d ?? (zero ? zeroOf(entry.t) : undefined);
  return {
    ...(description === undefined ? {} : { description }),
    // A reference may not stand beside other keywords, hence the allOf.
    ...(isReference(entry.t) ? { allOf: [reference(entry.t)] } : typeSchema(entry.t)),
    ...(fallback === undefined ? {} : { default: fallback }),
    ...(entry.e ? { enum: entry.e } : {}),
    ...(entry.lk ? { 'x-kubernetes-list-map-keys': entry.lk } : {}),
    ...(entry.l ? { 'x-kubernetes-list-type': entry.l } : {}),
    ...(entry.m ? { 'x-kubernetes-map-type': entry.m } : {}),
    ...(entry.k ? { 'x-kubernetes-patch-merge-key': entry.k } : {}),
    ...(entry.s ? { 'x-kubernetes-patch-strategy': entry.s } : {}),
  };
}

/** The client library has no text for fields that refer to a type. Ours says no more than is known. */
function stead(type: string): string | undefined {
  return isReference(type) && !FORMS[type]
    ? `Holds the fields of ${type.slice(type.lastIndexOf('.') + 1)}.`
    : undefined;
}

/** The API server appends the allowed values to the text; the client library leaves them out. */
function withEnum(text: string | undefined, values: readonly string[] | undefined): string | undefined {
  if (!values) return text;
  const list = `Possible enum values:\n${values.map((value) => ` - \`${JSON.stringify(value)}\``).join('\n')}`;
  return text === undefined ? list : `${text}\n\n${list}`;
}

function typeSchema(type: string): Json {
  if (type.startsWith('[]')) return { type: 'array', items: elementSchema(type.slice(2)) };
  if (type.startsWith('{}')) return { type: 'object', additionalProperties: elementSchema(type.slice(2)) };
  return SCALARS[type] ?? reference(type);
}

function elementSchema(type: string): Json {
  if (!isReference(type)) return type in ZEROS ? { ...typeSchema(type), default: ZEROS[type] } : typeSchema(type);
  return FORMS[type] ? reference(type) : { allOf: [reference(type)], default: {} };
}

function isReference(type: string): boolean {
  return type.includes('.') && !type.startsWith('[]') && !type.startsWith('{}');
}

function reference(type: string): Json {
  return { $ref: `#/components/schemas/${type}` };
}

function zeroOf(type: string): unknown {
  return isReference(type) ? {} : ZEROS[type];
}
