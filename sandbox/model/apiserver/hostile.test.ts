/** What is sent to break the server: it answers, or hangs up on that one client, and goes on. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TestEdge } from './edge-for-test.ts';
import { configMap, IN_DEFAULT } from './server-for-test.ts';

const MAPS = `${IN_DEFAULT}/configmaps`;
const JSON_BODY = { 'content-type': 'application/json' };
const YAML_BODY = { 'content-type': 'application/yaml' };
const PROTOBUF_BODY = { 'content-type': 'application/vnd.kubernetes.protobuf' };

let edge: TestEdge;
beforeAll(async () => void (edge = await TestEdge.start()));
afterAll(() => edge.stop());

const serves = async (): Promise<void> => expect((await edge.ask('/healthz')).status).toBe(200);
const brackets = (n: number): string => '['.repeat(n) + ']'.repeat(n);
const inside = (value: string): string =>
  `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"deep"},"data":${value}}`;

describe('bodies', () => {
  const aliases = [
    'a: &a [x,x,x,x,x,x,x,x,x]',
    ...[...'bcdefghi'].map((c, i) => `${c}: &${c} [${Array(9).fill(`*${'abcdefghi'[i]}`).join(',')}]`),
  ].join('\n');

  test.each<[string, string, Record<string, string>, RegExp]>([
    ['JSON that ends too early', '{"a":', JSON_BODY, /unexpected end of JSON input/],
    ['JSON a million deep', brackets(1_000_000), JSON_BODY, /exceeded max depth/],
    ['an object ten thousand deep', inside('{"a":'.repeat(10_000)), JSON_BODY, /exceeded max depth/],
    ['an object as deep as is read', inside(brackets(900)), JSON_BODY, /cannot unmarshal array/],
    ['YAML aliases that multiply', aliases, YAML_BODY, /alias/],
    ['YAML that is deep', '['.repeat(60_000), YAML_BODY, /couldn't get version\/kind/],
    ['YAML full of quotes', '"'.repeat(60_000), YAML_BODY, /couldn't get version\/kind/],
    ['much YAML', 'a: b\n'.repeat(100_000), YAML_BODY, /limit is 65536/],
    ['no protobuf', 'k8s\0\xff\xff\xff\xff', PROTOBUF_BODY, /./],
    ['an array', '[]', JSON_BODY, /cannot unmarshal array/],
    ['a number', '1', JSON_BODY, /cannot unmarshal number/],
  ])('%s', async (what, body, headers, words) => {
    const began = performance.now();
    const answer = await edge.ask(MAPS, { method: 'POST', headers, body });
    expect([answer.status, answer.json['kind']]).toEqual([what.startsWith('much') ? 413 : 400, 'Status']);
    expect(String(answer.json['message'])).toMatch(words);
    expect(performance.now() - began).toBeLessThan(5_000);
    await serves();
  });

  test('patches: deep, of the wrong shape, growing', async () => {
    await edge.inside.request({ method: 'POST', path: MAPS, body: configMap('patched', { data: { a: 'x' } }) });
    const patch = async (type: string, body: string): Promise<number> =>
      (
        await edge.ask(`${MAPS}/patched`, {
          method: 'PATCH',
          headers: { 'content-type': `application/${type}-patch+json` },
          body,
        })
      ).status;
    expect(await patch('merge', `{"data":${'{"a":'.repeat(20_000)}`)).toBe(400);
    expect(await patch('strategic-merge', brackets(500))).toBe(400);
    expect(await patch('json', '[{"op":"copy","from":"","path":"/data/b"}]')).toBe(422);
    const doubling = JSON.stringify(
      Array.from({ length: 40 }, (_, i) => ({ op: 'copy', from: '/data', path: `/data/${i}` })),
    );
    expect(await patch('json', doubling)).toBe(422);
    await serves();
  });

  test('a body that is larger than it says, and one that never ends', async () => {
    const tls = { ...edge.pki.administrator, ca: edge.pki.authority.certificate };
    const options = { port: edge.port, host: '127.0.0.1', ca: tls.ca, cert: tls.certificate, key: tls.key };
    for (const sent of [
      `POST ${MAPS} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}${'{'.repeat(5000)}`,
      `POST ${MAPS} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n{`,
      `POST ${MAPS} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n`,
      'GET / HTTP/9\r\n\r\n',
      '\0'.repeat(100),
    ]) {
      const socket = connectTls(options, () => socket.end(sent));
      socket.on('error', () => undefined);
      socket.resume();
      await once(socket, 'close');
    }
    await serves();
  });
});

test.each<[string, Uint8Array]>([
  ['a ClientHello cut short', Buffer.from('1603010200010001fc0303', 'hex')],
  ['a record that is too long', Buffer.from('16030affff', 'hex')],
  ['plain HTTP', Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n')],
  ['nothing', Buffer.alloc(0)],
])('TLS: %s ends that connection only', async (_, bytes) => {
  const socket = connect(edge.port, '127.0.0.1', () => socket.end(bytes));
  socket.on('error', () => undefined);
  socket.resume();
  await once(socket, 'close');
  await serves();
});

test('a watch that is not read holds a bounded number of events, then ends, and costs nobody else', async () => {
  const stalled = await edge.open(`${MAPS}?watch=true&resourceVersion=0`);
  const text = 'x'.repeat(16_000);
  const write = (n: number): Promise<unknown> =>
    edge.inside.request({
      method: n === 0 ? 'POST' : 'PUT',
      path: n === 0 ? MAPS : `${MAPS}/busy`,
      body: configMap('busy', { data: { text, n: String(n) } }),
    });
  for (let n = 0; n < 3000; n++) await write(n);
  // The kernel's socket buffers and the 1000 waiting events are all it gets; then it must start anew.
  let events = 0;
  for await (const chunk of stalled) events += String(chunk).split('\n').length - 1;
  expect(events).toBeGreaterThan(1000);
  expect(events).toBeLessThan(2999);
  await serves();
}, 30_000);
