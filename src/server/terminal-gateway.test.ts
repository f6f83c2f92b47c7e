import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { z } from 'zod';
import { decodeServerFrame, encodeClientFrame } from '../protocol/terminal.ts';
import type { ServerFrame } from '../protocol/terminal.ts';
import type { TestServer } from './test-parts.fixture.ts';
import { testServer } from './test-parts.fixture.ts';

let server: TestServer;
beforeAll(async () => void (server = await testServer()));
afterAll(() => server[Symbol.asyncDispose]());

async function ticket(): Promise<string> {
  const answer = await server.post('/api/attempts/mine/terminals/terminal-1/ticket');
  return z.object({ ticket: z.string() }).parse(await answer.json()).ticket;
}

interface Attempted {
  readonly ticket?: string;
  readonly attempt?: string;
  readonly headers?: Record<string, string>;
}

function socket(options: Attempted = {}): WebSocket {
  const path = `/api/attempts/${options.attempt ?? 'mine'}/terminals/socket?ticket=${options.ticket ?? ''}`;
  return new WebSocket(`ws://127.0.0.1:${server.serving.port}${path}`, {
    headers: { cookie: server.cookie, origin: server.serving.origin, ...options.headers },
  });
}

/** The status with which an upgrade was refused; 101 when it was not. */
function outcome(ws: WebSocket): Promise<number> {
  return new Promise((resolve) => {
    ws.on('error', () => {});
    ws.once('unexpected-response', (_, response) => resolve(response.statusCode ?? 0));
    ws.once('open', () => (ws.close(), resolve(101)));
  });
}

const opened = (ws: WebSocket): Promise<void> => new Promise((resolve) => ws.once('open', () => resolve()));
const closed = (ws: WebSocket): Promise<[number, string]> =>
  new Promise((resolve) => ws.once('close', (code, reason) => resolve([code, reason.toString()])));
const frame = (ws: WebSocket): Promise<ServerFrame> =>
  new Promise((resolve) => ws.once('message', (bytes: Buffer) => resolve(decodeServerFrame(bytes))));
const hello = encodeClientFrame({ kind: 'hello', since: 0, cols: 90, rows: 20 });

describe('an upgrade is refused', () => {
  it.each<[string, number, Record<string, string>]>([
    ['from a foreign Origin', 403, { origin: 'https://evil.example' }],
    ['from the same host on another port', 403, { origin: 'http://127.0.0.1:1' }],
    ['from a foreign site by Sec-Fetch-Site', 403, { 'sec-fetch-site': 'cross-site' }],
    ['for a foreign Host', 421, { host: 'evil.example' }],
    ['without a login', 401, { cookie: '' }],
  ])('%s', async (_, status, headers) => {
    const good = await ticket();
    expect(await outcome(socket({ ticket: good, headers }))).toBe(status);
    expect(server.terminal.viewers.size).toBe(0);
  });

  it('without a ticket, with a made-up one, with one of another attempt, and with one that was used', async () => {
    expect(await outcome(socket())).toBe(403);
    expect(await outcome(socket({ ticket: 'x'.repeat(43) }))).toBe(403);
    expect(await outcome(socket({ ticket: await ticket(), attempt: 'theirs' }))).toBe(403);
    const once = await ticket();
    expect(await outcome(socket({ ticket: once }))).toBe(101);
    expect(await outcome(socket({ ticket: once }))).toBe(403);
  });
});

describe('a terminal', () => {
  it('is shown, takes input and a size, and is left when the socket closes', async () => {
    const ws = socket({ ticket: await ticket() });
    await opened(ws);
    ws.send(hello);
    expect(await frame(ws)).toMatchObject({ kind: 'replay', cols: 80, rows: 24 });
    ws.send(encodeClientFrame({ kind: 'input', bytes: new TextEncoder().encode('ls\r') }));
    const echo = await frame(ws);
    expect(echo.kind === 'output' && Buffer.from(echo.bytes).toString()).toBe('ls\r');
    ws.send(encodeClientFrame({ kind: 'resize', cols: 120, rows: 40 }));
    await expect.poll(() => server.terminal.sizes.slice(-2)).toEqual(['90x20', '120x40']);
    const gone = closed(ws);
    ws.close();
    await gone;
    await expect.poll(() => server.terminal.viewers.size).toBe(0);
  });

  it.each<[string, Buffer | string, number]>([
    ['text', 'hello', 1008],
    ['an unknown kind', Buffer.from('?rest'), 1008],
    ['nothing', Buffer.alloc(0), 1008],
    ['a short hello', Buffer.from('h123'), 1008],
    ['input before hello', Buffer.from('ils'), 1008],
    ['a size out of bounds', Buffer.from([...Buffer.from('h'), 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 0, 24]), 1008],
    ['more than 64 KB', Buffer.alloc(64 * 1024 + 1, 'i'), 1009],
  ])('closes on %s, and only that socket', async (_, bytes, code) => {
    const ws = socket({ ticket: await ticket() });
    await opened(ws);
    const end = closed(ws);
    ws.send(bytes);
    expect((await end)[0]).toBe(code);
    expect((await server.get('/healthz')).status).toBe(200);
  });

  it('closes with 1009 when the shell takes no more input', async () => {
    const ws = socket({ ticket: await ticket() });
    await opened(ws);
    ws.send(hello);
    const end = closed(ws);
    ws.send(Buffer.from('ifull'));
    expect(await end).toEqual([1009, 'the shell does not read its input']);
  });

  it('takes input at a limited rate without losing any', async () => {
    const ws = socket({ ticket: await ticket() });
    await opened(ws);
    ws.send(hello);
    const before = server.terminal.received;
    const chunk = Buffer.concat([Buffer.from('i'), Buffer.alloc(60_000, 'x')]);
    for (let i = 0; i < 25; i++) ws.send(chunk);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(server.terminal.received - before).toBeLessThan(1_400_000);
    await expect.poll(() => server.terminal.received - before, { timeout: 10_000 }).toBe(1_500_000);
    ws.terminate();
  });
});
