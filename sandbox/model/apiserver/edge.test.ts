import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isRecord } from '../../../kernel/kube/object.ts';
import type { Transport } from '../../client/transport.ts';
import { makeClientCertificate } from './certificates.ts';
import type { Asked, Answered } from './edge-for-test.ts';
import { TestEdge } from './edge-for-test.ts';
import type { Pki } from './pki.ts';
import { makePki } from './pki.ts';
import { configMap, IN_DEFAULT, pod } from './server-for-test.ts';

let edge: TestEdge;
let inside: Transport;
let pki: Pki;
const ask = (path: string, asked?: Asked): Promise<Answered> => edge.ask(path, asked);

beforeAll(async () => {
  edge = await TestEdge.start();
  ({ inside, pki } = edge);
  await inside.request({ method: 'POST', path: `${IN_DEFAULT}/configmaps`, body: configMap('a') });
});
afterAll(() => edge.stop());

describe('who is asking', () => {
  const ME = '/apis/authentication.k8s.io/v1/selfsubjectreviews';
  const whoAmI = async (asked: Asked): Promise<unknown> =>
    (await ask(ME, { ...asked, method: 'POST', body: '{}' })).json['status'];

  test('R-AUTH-1 a client certificate names the user and the groups', async () => {
    const subject = { commonName: 'jane', organizations: ['dev', 'ops'] };
    const login = makeClientCertificate(pki.authority, { subject, now: Date.now() });
    expect(await whoAmI({ login })).toMatchObject({
      userInfo: { username: 'jane', groups: ['dev', 'ops', 'system:authenticated'] },
    });
  });

  test('R-AUTH-3 a certificate of another authority and a bad token are 401', async () => {
    const stranger = makePki({ nodes: [], now: Date.now() }).administrator;
    expect(await ask('/api/v1/namespaces', { login: stranger })).toMatchObject({
      status: 401,
      json: { message: 'Unauthorized' },
    });
    expect(await ask('/version', { login: 'none', headers: { authorization: 'Bearer x' } })).toMatchObject({
      status: 401,
    });
  });

  test('R-AUTH-2 a token stands for its account, until the Pod that it is bound to is gone', async () => {
    await inside.request({ method: 'POST', path: `${IN_DEFAULT}/pods`, body: pod('p') });
    const spec = { boundObjectRef: { apiVersion: 'v1', kind: 'Pod', name: 'p' } };
    const path = `${IN_DEFAULT}/serviceaccounts/default/token`;
    const issued = await ask(path, { method: 'POST', body: JSON.stringify({ spec }) });
    const token = isRecord(issued.json['status']) ? String(issued.json['status']['token']) : '';
    const headers = { authorization: `Bearer ${token}` };
    expect(await whoAmI({ login: 'none', headers })).toMatchObject({
      userInfo: {
        username: 'system:serviceaccount:default:default',
        groups: ['system:serviceaccounts', 'system:serviceaccounts:default', 'system:authenticated'],
      },
    });
    await inside.request({ method: 'DELETE', path: `${IN_DEFAULT}/pods/p` });
    expect(await ask('/version', { login: 'none', headers })).toMatchObject({ status: 401 });
    expect((await ask(path, { method: 'POST', body: '{"spec":{"expirationSeconds":10}}' })).json['message']).toContain(
      'may not specify a duration less than 10 minutes',
    );
  });

  test("R-API-1 without credentials there is health and version, and RBAC's words for the rest", async () => {
    const anonymous = { login: 'none' } as const;
    for (const path of ['/healthz', '/livez/ping', '/readyz?verbose', '/version'])
      expect((await ask(path, anonymous)).status).toBe(200);
    expect((await ask('/api', anonymous)).json['message']).toBe(
      'forbidden: User "system:anonymous" cannot get path "/api"',
    );
    expect((await ask(`${IN_DEFAULT}/pods?watch=true`, anonymous)).json['message']).toBe(
      'pods is forbidden: User "system:anonymous" cannot watch resource "pods" in API group "" in the namespace "default"',
    );
    expect((await ask('/apis/apps/v1/deployments', anonymous)).json['message']).toBe(
      'deployments.apps is forbidden: User "system:anonymous" cannot list resource "deployments" in API group "apps" at the cluster scope',
    );
  });
});

describe('the wire', () => {
  test('R-API-2 unknown paths are plain outside the API and a Status inside', async () => {
    for (const path of ['/foo', '/apis/nope', '/apis/nope/v1/x'])
      expect(await ask(path)).toMatchObject({ status: 404, text: '404 page not found\n' });
    for (const path of ['/api/v1/foo', '/apis/apps/v2', '/api/v1/configmaps/a']) {
      expect((await ask(path)).json).toMatchObject({
        code: 404,
        message: 'the server could not find the requested resource',
        details: {},
      });
    }
    expect((await ask(`${IN_DEFAULT}/configmaps`, { method: 'PUT' })).json).toMatchObject({ code: 405 });
  });

  test('R-API-3 discovery and OpenAPI are not sent again to whom has them', async () => {
    const accept = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json';
    for (const path of ['/api', '/apis', '/openapi/v3', '/openapi/v3/apis/apps/v1']) {
      const first = await ask(path, { headers: { accept } });
      expect(first.status).toBe(200);
      expect((await ask(path, { headers: { accept, 'if-none-match': String(first.headers.etag) } })).status).toBe(304);
    }
    expect((await ask('/apis')).json).toMatchObject({ kind: 'APIGroupList' });
  });

  test('R-API-4 a watch sends its head before its first event', async () => {
    const response = await edge.open(`${IN_DEFAULT}/secrets?watch=true`);
    expect(response.headers).toMatchObject({ 'content-type': 'application/json', 'transfer-encoding': 'chunked' });
    response.destroy();
  });

  test('R-API-4 a watch is one line an event, as a Table when asked', async () => {
    const path = `${IN_DEFAULT}/configmaps?watch=true&timeoutSeconds=1`;
    const plain = await ask(path);
    expect(plain.json).toMatchObject({ type: 'ADDED', object: { kind: 'ConfigMap', metadata: { name: 'a' } } });
    const table = await ask(path, { headers: { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' } });
    expect(table.json).toMatchObject({
      type: 'ADDED',
      object: { kind: 'Table', rows: [{ object: { kind: 'PartialObjectMetadata' } }] },
    });
  });

  test('R-API-5 lists are compact for kubectl and indented for curl; their items carry no kind', async () => {
    const compact = await ask(`${IN_DEFAULT}/configmaps`);
    expect(compact.text).toMatch(/^\{"kind":"ConfigMapList","apiVersion":"v1",.*\}\n$/);
    expect(compact.json['items']).toMatchObject([{ metadata: { name: 'a' } }]);
    expect(compact.text.match(/"kind"/g)).toHaveLength(1);
    expect((await ask(`${IN_DEFAULT}/configmaps`, { headers: { 'user-agent': 'curl/8' } })).text).toContain(
      '\n  "kind": "ConfigMapList"',
    );
  });

  test('R-API-6 warnings are headers, and a body has its limit', async () => {
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ ...configMap('w'), foo: 1 });
    const warned = await ask(`${IN_DEFAULT}/configmaps?dryRun=All`, { method: 'POST', headers, body });
    expect(warned.headers['warning']).toBe('299 - "unknown field \\"foo\\""');
    const huge = await ask(`${IN_DEFAULT}/configmaps`, {
      method: 'POST',
      headers,
      body: 'x'.repeat(3 * 1024 * 1024 + 1),
    });
    expect(huge.json).toMatchObject({ code: 413, message: 'Request entity too large: limit is 3145728' });
    const odd = await ask(`${IN_DEFAULT}/configmaps`, {
      method: 'POST',
      headers: { 'content-type': 'text/plain' },
      body,
    });
    expect(odd.json).toMatchObject({ code: 415, reason: 'UnsupportedMediaType' });
  });

  test('a stream needs an upgrade, and a Pod without a node has no log', async () => {
    await inside.request({ method: 'POST', path: `${IN_DEFAULT}/pods`, body: pod('q') });
    expect(await ask(`${IN_DEFAULT}/pods/q/log`)).toMatchObject({ status: 204, text: '' });
    expect((await ask(`${IN_DEFAULT}/pods/q/exec?command=ls`, { method: 'POST' })).json['message']).toBe(
      'pod q does not have a host assigned',
    );
    expect((await ask(`${IN_DEFAULT}/pods/q/log?container=zz`)).json['message']).toBe(
      'container zz is not valid for pod q',
    );
  });

  test('what is no TLS is cut off, and disposing breaks the rest off', async () => {
    const response = await edge.open(`${IN_DEFAULT}/pods?watch=true`);
    const closed = new Promise((resolve) => response.once('close', resolve));
    response.on('error', () => undefined);
    response.resume();
    edge.edge.dispose();
    await closed;
  });
});
