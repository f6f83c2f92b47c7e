/** The WebSocket channels as other clients than kubectl use them: v4, port-forward by channel pairs, and clients that vanish. */
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { ByteQueue } from './byte-queue.ts';
import { serveStream } from './index.ts';
import type { StreamTarget } from './index.ts';

let server: Server;
let target: StreamTarget;

beforeAll(async () => {
  server = createServer();
  server.on('upgrade', (request, socket, head) => serveStream({ request, socket, head }, target));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

interface Client {
  readonly ws: WebSocket;
  /** Text received on a channel so far; of port-forward channels without the two bytes of the port. */
  heard(channel: number): string;
  readonly closed: Promise<number>;
}

async function open(query: string, protocols: string[]): Promise<Client> {
  const { port } = server.address() as AddressInfo;
  const ws = new WebSocket(`ws://127.0.0.1:${port}/exec?${query}`, protocols);
  const chunks: Buffer[] = [];
  ws.on('message', (message: Buffer) => chunks.push(message));
  const closed = new Promise<number>((resolve) => ws.on('close', resolve));
  await new Promise((resolve, reject) => {
    ws.on('open', resolve);
    ws.on('error', reject);
  });
  const heard = (channel: number): string =>
    chunks
      .filter((chunk) => chunk[0] === channel)
      .map((chunk) => chunk.subarray(1).toString('latin1'))
      .join('');
  return { ws, heard, closed };
}

const process = (
  run: (io: Parameters<Extract<StreamTarget, { kind: 'process' }>['run']>[0]) => Promise<number>,
): StreamTarget => ({ kind: 'process', tty: false, stdin: true, stdout: true, stderr: true, run });

it('speaks v4 and ends with the exit status on channel 3', async () => {
  target = process((io) => {
    io.stdout(Buffer.from('out'));
    io.stderr(Buffer.from('err'));
    return Promise.resolve(7);
  });
  const client = await open('', ['v4.channel.k8s.io']);
  expect(await client.closed).toBe(1000);
  expect(client.ws.protocol).toBe('v4.channel.k8s.io');
  expect([client.heard(1), client.heard(2)]).toEqual(['out', 'err']);
  expect(JSON.parse(client.heard(3))).toMatchObject({
    status: 'Failure',
    reason: 'NonZeroExitCode',
    details: { causes: [{ reason: 'ExitCode', message: '7' }] },
  });
});

it('tells the process when the client is gone', async () => {
  const ended = new Promise<string>((resolve) => {
    target = process(async (io) => {
      let text = '';
      for await (const chunk of io.stdin ?? []) text += Buffer.from(chunk).toString();
      resolve(`${text} ${io.signal.aborted}`);
      return 0;
    });
  });
  const client = await open('', ['v5.channel.k8s.io']);
  client.ws.send(Buffer.from('\0half'));
  await new Promise((resolve) => client.ws.ping(resolve));
  client.ws.close();
  expect(await ended).toBe('half true');
});

it('ignores messages that make no sense', async () => {
  target = process(async (io) => {
    for await (const chunk of io.stdin ?? []) io.stdout(chunk);
    return 0;
  });
  const client = await open('', ['v5.channel.k8s.io']);
  for (const message of [Buffer.alloc(0), Buffer.of(4, 123), Buffer.of(9, 1, 2), Buffer.of(255), Buffer.of(255, 9)])
    client.ws.send(message);
  client.ws.send(Buffer.from('\0still here'));
  client.ws.send(Buffer.of(255, 0));
  expect(await client.closed).toBe(1000);
  expect(client.heard(1)).toBe('still here');
});

it('forwards ports by channel pairs', async () => {
  target = {
    kind: 'portforward',
    connect(port) {
      if (port !== 80) return Promise.reject(new Error(`nothing listens on ${port}`));
      const incoming = new ByteQueue();
      return Promise.resolve({ incoming, write: (chunk) => void incoming.push(chunk), end: () => incoming.end() });
    },
  };
  const one = await open('ports=80', ['v4.channel.k8s.io']);
  one.ws.send(Buffer.from('\0ping'));
  await expect.poll(() => one.heard(0)).toBe('P\0ping');
  expect(one.heard(1)).toBe('P\0');
  one.ws.close();
  const other = await open('ports=81', ['v4.channel.k8s.io']);
  await other.closed;
  expect(other.heard(1)).toBe('Q\0nothing listens on 81');
});
