import { request } from 'node:http';
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { problemSchema } from '../protocol/http.ts';
import type { TestServer } from './test-parts.fixture.ts';
import { testServer } from './test-parts.fixture.ts';

let server: TestServer;
beforeAll(async () => void (server = await testServer()));
afterAll(() => server[Symbol.asyncDispose]());

async function problem(response: Response): Promise<string> {
  return problemSchema.parse(await response.json()).code;
}

/** A request with headers that fetch would not let us set. */
function raw(path: string, headers: Record<string, string>, method = 'GET'): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port: server.serving.port, path, method, headers }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
    });
    sent.on('error', reject).end();
  });
}

const UNSAFE = [
  '/api/attempts',
  '/api/attempts/mine/check',
  '/api/attempts/mine/hints',
  '/api/attempts/mine/answers',
  '/api/attempts/mine/reset',
  '/api/attempts/mine/end',
  '/api/attempts/mine/terminals',
  '/api/attempts/mine/terminals/terminal-1/ticket',
  '/api/quiz/06/q1',
];
const SAFE = ['/api/progress', '/api/labs/why-pending/attempt', '/api/attempts/mine', '/api/attempts/mine/events'];

describe('other web pages', () => {
  it.each(UNSAFE)('cannot POST %s: a foreign or missing Origin is refused', async (path) => {
    for (const origin of [
      'https://evil.example',
      `http://localhost:${server.serving.port}`,
      'http://127.0.0.1',
      'null',
    ]) {
      const answer = await server.post(path, {}, { origin });
      expect([answer.status, await problem(answer)]).toEqual([403, 'foreign-origin']);
    }
    const missing = await raw(path, { host: `127.0.0.1:${server.serving.port}`, cookie: server.cookie }, 'POST');
    expect(missing.status).toBe(403);
  });

  it.each(SAFE)(
    'cannot read %s: Sec-Fetch-Site and Origin are looked at, and no CORS header is given',
    async (path) => {
      expect((await server.get(path, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
      expect((await server.get(path, { 'sec-fetch-site': 'same-site' })).status).toBe(403);
      const answer = await server.get(path, { origin: 'https://evil.example' });
      expect(answer.status).toBe(403);
      expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
    },
  );

  it('cannot come through a name of their own (DNS rebinding), not even for a page', async () => {
    for (const host of [
      'evil.example',
      `evil.example:${server.serving.port}`,
      '127.0.0.1',
      `127.0.0.1:1`,
      `[::1]:${server.serving.port}`,
    ]) {
      for (const path of ['/', '/api/progress', '/healthz', '/login?token=x']) {
        expect((await raw(path, { host, cookie: server.cookie })).status, `${host} ${path}`).toBe(421);
      }
    }
  });

  it('may link to a page', async () => {
    expect((await server.get('/', { 'sec-fetch-site': 'cross-site' })).status).toBe(200);
  });
});

describe('the login', () => {
  it.each([...SAFE, '/api/nothing'])('is needed for GET %s', async (path) => {
    const answer = await server.get(path, { cookie: 'drydock-login-1=x; other=y' });
    expect([answer.status, await problem(answer)]).toEqual([401, 'not-logged-in']);
  });

  it.each(UNSAFE)('is needed for POST %s', async (path) => {
    expect((await server.post(path, {}, { cookie: '' })).status).toBe(401);
  });

  it('exchanges the token once for a strict cookie, and says what to do at the second use', async () => {
    const url = server.serving.loginUrl();
    const first = await fetch(url, { redirect: 'manual' });
    expect([first.status, first.headers.get('location')]).toEqual([303, '/']);
    expect(first.headers.get('set-cookie')).toMatch(
      /^drydock-login-\d+=[\w-]{43}; HttpOnly; SameSite=Strict; Path=\/; Max-Age=\d+$/,
    );
    expect(first.headers.get('referrer-policy')).toBe('no-referrer');
    const second = await fetch(url, { headers: { accept: 'text/html' } });
    expect(second.status).toBe(403);
    expect(await second.text()).toMatch(/used before[^]*npm start/);
    expect((await fetch(`${server.serving.origin}/login`)).status).toBe(403);
  });
});

describe('ids', () => {
  it.each(['/api/attempts/theirs', '/api/attempts/theirs/events'])('of others are unknown: GET %s', async (path) => {
    expect(await problem(await server.get(path))).toBe('not-found');
  });

  it.each(UNSAFE.filter((path) => path.includes('/mine/')))('of others are unknown: POST %s', async (path) => {
    const answer = await server.post(path.replace('mine', 'theirs'), {});
    expect([answer.status, await problem(answer)]).toEqual([404, 'not-found']);
  });

  it('of terminals that are not there get no ticket', async () => {
    expect((await server.post('/api/attempts/mine/terminals/other/ticket')).status).toBe(404);
  });
});

describe('bodies', () => {
  const bad: [string, string, number, string][] = [
    ['not JSON', '{', 400, 'bad-request'],
    ['of the wrong shape', '{"lab":1}', 400, 'bad-request'],
    ['with unknown fields', '{"lab":"x","admin":true}', 400, 'bad-request'],
    ['nothing', 'null', 400, 'bad-request'],
    ['too large', JSON.stringify({ lab: 'x'.repeat(300_000) }), 413, 'body-too-large'],
  ];
  it.each(bad)('%s', async (_, body, status, code) => {
    const answer = await server.post('/api/attempts', body);
    expect([answer.status, await problem(answer)]).toEqual([status, code]);
  });

  it('must say that they are JSON', async () => {
    expect((await server.post('/api/attempts', '{"lab":"x"}', { 'content-type': 'text/plain' })).status).toBe(415);
  });

  it('and addresses and headers have a limit', async () => {
    expect((await server.get(`/${'x'.repeat(5000)}`)).status).toBe(414);
    expect((await server.get('/', { 'x-long': 'x'.repeat(20_000) })).status).toBe(431);
    expect((await server.get('/healthz')).status).toBe(200);
  });
});

describe('answers', () => {
  it('come from what was asked', async () => {
    expect((await server.post('/api/attempts', { lab: 'why-pending' })).status).toBe(202);
    expect(await (await server.get('/api/labs/why-pending/attempt')).json()).toEqual({ attempt: null });
    expect((await server.post('/api/attempts/mine/end')).status).toBe(204);
    expect(await (await server.post('/api/attempts/mine/terminals')).json()).toEqual({ id: 'terminal-1' });
    expect(await (await server.post('/api/quiz/06/q1', { choice: ['a'] })).json()).toEqual({
      correct: true,
      explanation: 'because',
    });
  });

  it('keep the words of a bug to the log', async () => {
    const answer = await server.post('/api/attempts/mine/check', {});
    expect([answer.status, await problem(answer)]).toEqual([500, 'internal']);
    expect(server.logged.join()).toContain('secret words');
    expect(server.logged.join()).not.toContain(server.cookie.split('=')[1]);
  });

  it('stream: the whole view first, then changes, until the reader goes', async () => {
    const reading = new AbortController();
    const answer = await fetch(`${server.serving.origin}/api/attempts/mine/events`, {
      headers: { cookie: server.cookie },
      signal: reading.signal,
    });
    expect(answer.headers.get('content-type')).toBe('text/event-stream');
    const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
    expect((await reader?.read())?.value).toMatch(/^event: attempt\ndata: \{"kind":"attempt".*"id":"mine".*\}\n\n$/);
    server.publish({ kind: 'live', view: { n: 1 } });
    expect((await reader?.read())?.value).toBe('event: live\ndata: {"kind":"live","view":{"n":1}}\n\n');
    expect(server.followers()).toBe(1);
    reading.abort();
    await expect.poll(() => server.followers()).toBe(0);
  });
});

describe('the course', () => {
  it('is served with a policy that allows its own inline scripts by hash', async () => {
    const page = await server.get('/');
    const hash = createHash('sha256').update('var theme = 1;').digest('base64');
    const policy = page.headers.get('content-security-policy') ?? '';
    expect(policy).toContain(`script-src 'self' 'wasm-unsafe-eval' 'sha256-${hash}';`);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(page.headers.get('x-content-type-options')).toBe('nosniff');
    const again = await server.get('/', { 'if-none-match': page.headers.get('etag') ?? '' });
    expect(again.status).toBe(304);
  });

  it('is compressed, finds folders, and has a page for what is lost', async () => {
    expect((await server.get('/lesson/')).headers.get('content-encoding')).toBe('gzip');
    const redirect = await server.get('/lesson');
    expect([redirect.status, redirect.headers.get('location')]).toEqual([301, '/lesson/']);
    expect((await server.get('/nothing')).status).toBe(404);
  });

  it.each(['/../secret', '/%2e%2e/secret', '/..%2fsecret', '/lesson/..%5c..%5csecret', '//lesson', '/%00', '/%ff'])(
    'does not leave its folder: %s',
    async (path) => {
      const answer = await raw(path, { host: `127.0.0.1:${server.serving.port}` });
      expect(answer.status).toBe(404);
      expect(answer.body).not.toContain('secret');
    },
  );
});
