/** The v2 document, and its protobuf form read back with the wire reader of request bodies. */
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { kinds } from '../kinds/index.ts';
import { asText, readWire } from '../schema/protobuf-wire.ts';
import { openApiV2 } from './index.ts';

const schemaShape = z.record(z.string(), z.json());
const documentShape = z.object({
  swagger: z.literal('2.0'),
  paths: z.record(z.string(), z.record(z.string(), z.json())),
  definitions: z.record(z.string(), schemaShape),
});
const document = documentShape.parse(JSON.parse(Buffer.from(openApiV2(kinds, 'json').body).toString()));

/** The values of one field, by its number. */
const fields = (bytes: Uint8Array, ...path: readonly number[]): Uint8Array[] =>
  path.reduce<Uint8Array[]>(
    (messages, number) =>
      messages.flatMap((message) =>
        readWire(message).flatMap((field) =>
          field.number === number && field.value instanceof Uint8Array ? [field.value] : [],
        ),
      ),
    [bytes],
  );
const texts = (bytes: Uint8Array, ...path: readonly number[]): string[] => fields(bytes, ...path).map(asText);
const entry = (pairs: readonly Uint8Array[], name: string): Uint8Array => {
  const pair = pairs.find((candidate) => texts(candidate, 1)[0] === name);
  if (!pair) throw new Error(`no ${name}`);
  return fields(pair, 2)[0] ?? new Uint8Array();
};

describe('OpenAPI v2 in JSON', () => {
  it('refers only to definitions that it holds, and to none of v3', () => {
    const named = JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g);
    const targets = [...named].map((match) => match[1] ?? '');
    expect(targets.length).toBeGreaterThan(100);
    expect(targets.filter((target) => !document.definitions[target.replace('#/definitions/', '')])).toEqual([]);
  });

  it('writes choices as strings and leaves defaults out, as upstream does', () => {
    expect(document.definitions['io.k8s.apimachinery.pkg.util.intstr.IntOrString']).toMatchObject({
      type: 'string',
      format: 'int-or-string',
    });
    expect(JSON.stringify(document.definitions)).not.toMatch(/"(oneOf|allOf)":|"default":\{\}/);
  });
});

describe('OpenAPI v2 in protobuf', () => {
  const { body } = openApiV2(kinds, 'protobuf');

  it('holds every path and definition of the JSON form', () => {
    expect(texts(body, 1)).toEqual(['2.0']);
    expect(texts(body, 8, 2, 1)).toEqual(Object.keys(document.paths));
    expect(texts(body, 9, 1, 1)).toEqual(Object.keys(document.definitions));
  });

  it('gives a patch its group-version-kind and its query parameters', () => {
    const patch = fields(entry(fields(body, 8, 2), '/apis/apps/v1/namespaces/{namespace}/deployments/{name}'), 8)[0];
    if (!patch) throw new Error('no patch');
    expect(JSON.parse(texts(entry(fields(patch, 13), 'x-kubernetes-group-version-kind'), 2)[0] ?? '')).toEqual({
      group: 'apps',
      version: 'v1',
      kind: 'Deployment',
    });
    // ParametersItem.parameter, Parameter.non_body_parameter, NonBodyParameter.query_parameter_sub_schema, its name.
    expect(texts(patch, 8, 1, 2, 3, 4)).toEqual(['dryRun', 'fieldManager', 'fieldValidation', 'force']);
    expect(texts(patch, 7)).toContain('application/strategic-merge-patch+json');
  });

  it('gives a definition its types, keys and required fields', () => {
    const definitions = fields(body, 9, 1);
    const spec = entry(definitions, 'io.k8s.api.core.v1.PodSpec');
    expect(texts(spec, 19)).toEqual(['containers']);
    expect(texts(spec, 22, 1)).toEqual(['object']);
    const containers = entry(fields(spec, 25, 1), 'containers');
    expect(texts(containers, 22, 1)).toEqual(['array']);
    expect(texts(containers, 23, 1, 1)).toEqual(['#/definitions/io.k8s.api.core.v1.Container']);
    expect(texts(entry(fields(containers, 31), 'x-kubernetes-patch-merge-key'), 2)).toEqual(['"name"\n']);
    const selector = entry(fields(spec, 25, 1), 'nodeSelector');
    expect(texts(selector, 21, 1, 22, 1)).toEqual(['string']);
    expect(texts(entry(definitions, 'io.k8s.api.core.v1.Pod'), 31, 1)).toEqual(['x-kubernetes-group-version-kind']);
  });

  it('is made once', () => {
    expect(openApiV2(kinds, 'protobuf')).toBe(openApiV2(kinds, 'protobuf'));
  });
});
