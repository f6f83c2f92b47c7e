import { describe, expect, test } from 'vitest';
import { KindIndex } from './kind-index.ts';
import { kinds } from './kinds/index.ts';
import { answerOpenApiV2 } from './openapi-route.ts';
import type { Answer, ServerRequest } from './request.ts';

const index = new KindIndex(kinds);
const asked = (accept: string | undefined): Answer => {
  const request: ServerRequest = {
    method: 'GET',
    path: '/openapi/v2',
    query: new URLSearchParams(),
    header: (name) => (name === 'accept' ? accept : undefined),
    body: { kind: 'none' },
    signal: new AbortController().signal,
    warn: () => {},
  };
  return answerOpenApiV2(index, request);
};

describe('R-API-7 /openapi/v2', () => {
  const protobuf = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf';

  test.each([
    ['application/com.github.proto-openapi.spec.v2@v1.0+protobuf', protobuf],
    [protobuf, protobuf],
    ['application/json', 'application/json'],
    ['*/*', 'application/json'],
    [undefined, 'application/json'],
    [`text/html, ${protobuf};q=0.5`, protobuf],
  ])('Accept %s is answered with %s', (accept, contentType) => {
    expect(asked(accept)).toMatchObject({ kind: 'document', contentType });
  });

  test('another type is not acceptable', () => {
    expect(asked('text/html')).toMatchObject({ kind: 'text', status: 406 });
  });
});
