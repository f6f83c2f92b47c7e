/** Real kubectl against both protocols, where kubectl is on PATH; and the wire by hand where it is not needed. */
import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ProcessIo } from '../../../client/transport.ts';
import { StatusError } from '../../../client/status.ts';
import { ByteQueue } from './byte-queue.ts';
import { serveStream } from './index.ts';
import type { StreamTarget } from './index.ts';
import { SPDY_DICTIONARY } from './spdy-dictionary.ts';

const hasKubectl = spawnSync('kubectl', ['version', '--client']).status === 0;
const POD = {
  kind: 'Pod',
  apiVersion: 'v1',
  metadata: { name: 'p', namespace: 'default', uid: 'u' },
  spec: { containers: [{ name: 'c', image: 'x', stdin: true, tty: true }] },
  status: { phase: 'Running' },
};
const RESOURCES = {
  kind: 'APIResourceList',
  apiVersion: 'v1',
  groupVersion: 'v1',
  resources: [{ name: 'pods', singularName: 'pod', namespaced: true, kind: 'Pod', verbs: ['get'], shortNames: ['po'] }],
};

let server: Server;
let kubeconfig: string;
const upgrades: string[] = [];
const sizes: string[] = [];
let refuseWebSocket = false;

beforeAll(async () => {
  server = createServer((request, response) => {
    const path = (request.url ?? '').split('?')[0];
    const answers: Record<string, unknown> = {
      '/api': { kind: 'APIVersions', versions: ['v1'] },
      '/apis': { kind: 'APIGroupList', apiVersion: 'v1', groups: [] },
      '/api/v1': RESOURCES,
      '/api/v1/namespaces/default/pods/p': POD,
    };
    const answer = answers[path ?? ''];
    response.writeHead(answer ? 200 : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer ?? new StatusError(404, 'NotFound', `no ${path}`).toStatus()));
  });
  server.on('upgrade', (request, socket, head) => {
    upgrades.push(`${request.method} ${request.headers.upgrade} ${request.headers['sec-websocket-protocol'] ?? ''}`);
    if (refuseWebSocket && request.headers.upgrade === 'websocket') {
      socket.end('HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\nconnection: close\r\n\r\n');
      return;
    }
    serveStream({ request, socket, head }, targetOf(new URL(request.url ?? '', 'http://x')));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const directory = mkdtempSync(join(tmpdir(), 'drydock-streams-'));
  kubeconfig = join(directory, 'config');
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'c', cluster: { server: `http://127.0.0.1:${port}` } }],
    users: [{ name: 'u', user: {} }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
    'current-context': 'x',
  };
  writeFileSync(kubeconfig, JSON.stringify(config));
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

function targetOf(url: URL): StreamTarget {
  const flag = (name: string): boolean => url.searchParams.get(name) === 'true';
  if (url.pathname.endsWith('/portforward')) {
    return {
      kind: 'portforward',
      connect(port) {
        if (port === 81) return Promise.reject(new Error('dial tcp4 127.0.0.1:81: connect: connection refused'));
        const incoming = new ByteQueue();
        return Promise.resolve({
          incoming,
          write: (chunk) => void incoming.push(Buffer.from(`echo:${Buffer.from(chunk).toString()}`)),
          end: () => incoming.end(),
        });
      },
    };
  }
  return {
    kind: 'process',
    tty: flag('tty'),
    stdin: flag('stdin'),
    stdout: flag('stdout'),
    stderr: flag('stderr'),
    run: (io) => program(url.searchParams.getAll('command'), io),
  };
}

async function program([name = '', ...args]: string[], io: ProcessIo): Promise<number> {
  switch (name) {
    case 'cat':
      for await (const chunk of io.stdin ?? []) io.stdout(chunk);
      return 0;
    case 'size':
      for await (const size of io.resizes ?? []) {
        sizes.push(`${size.cols}x${size.rows}`);
        io.stdout(Buffer.from(`size ${size.cols}x${size.rows}\r\n`));
        return 0;
      }
      return 1;
    case 'fail':
      io.stderr(Buffer.from('bad luck\n'));
      return Number(args[0]);
    case 'flood':
      for (let i = 0; i < 100; i += 1) io.stdout(Buffer.alloc(50_000, 'x'));
      return 0;
    case 'missing':
      throw new Error('exec: "missing": executable file not found in $PATH');
    default:
      io.stdout(Buffer.from(`${[name, ...args].join(' ')}\n`));
      return 0;
  }
}

interface Outcome {
  code: number | null;
  stdout: string;
  stderr: string;
}

function kubectl(args: string[], input = ''): Promise<Outcome> {
  return finish(spawn('kubectl', ['--kubeconfig', kubeconfig, ...args]), input);
}

function finish(child: ChildProcess, input: string): Promise<Outcome> {
  return new Promise((resolve) => {
    let stdout = '';
    let stderr = '';
    child.stdout?.on('data', (chunk: Buffer) => (stdout += chunk.toString('latin1')));
    child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.on('close', (code) => resolve({ code, stdout, stderr }));
    child.stdin?.end(input);
  });
}

describe.runIf(hasKubectl).each([
  ['WebSocket', false, 'GET websocket v5.channel.k8s.io'],
  ['SPDY/3.1', true, 'POST SPDY/3.1 '],
])('exec by kubectl over %s', (_name, refuse, expectedUpgrade) => {
  beforeAll(() => {
    refuseWebSocket = refuse;
  });

  it('prints what the command prints', async () => {
    expect(await kubectl(['exec', 'p', '--', 'echo-args', 'a b'])).toEqual({
      code: 0,
      stdout: 'echo-args a b\n',
      stderr: '',
    });
    expect(upgrades.at(-1)).toBe(expectedUpgrade);
  });

  it('carries stdin to its end, in order and whole', async () => {
    const text = Array.from({ length: 40_000 }, (_, i) => String(i)).join('\n');
    const outcome = await kubectl(['exec', '-i', 'p', '--', 'cat'], text);
    expect(outcome.code).toBe(0);
    expect(outcome.stdout === text).toBe(true);
  });

  it('carries a flood of output', async () => {
    const outcome = await kubectl(['exec', 'p', '--', 'flood']);
    expect(outcome.stdout.length).toBe(5_000_000);
  });

  it('gives the exit code and stderr', async () => {
    expect(await kubectl(['exec', 'p', '--', 'fail', '3'])).toEqual({
      code: 3,
      stdout: '',
      stderr: 'bad luck\ncommand terminated with exit code 3\n',
    });
  });

  it('reports what could not run', async () => {
    const outcome = await kubectl(['exec', 'p', '--', 'missing']);
    expect(outcome.code).toBe(1);
    expect(outcome.stderr).toContain('Internal error occurred: exec: "missing": executable file not found in $PATH');
  });

  it('tells a terminal its size', async () => {
    const command = `stty cols 91 rows 31; exec kubectl --kubeconfig ${kubeconfig} exec -it p -- size`;
    const outcome = await finish(
      spawn('script', ['-qec', command, '/dev/null'], { stdio: ['pipe', 'pipe', 'pipe'] }),
      '',
    );
    expect(outcome.stdout).toContain('size 91x31');
    expect(sizes.at(-1)).toBe('91x31');
  });
});

describe.runIf(hasKubectl).each([
  ['the WebSocket tunnel', false],
  ['SPDY/3.1', true],
])('port-forward by kubectl over %s', (_name, refuse) => {
  it('carries both ways, twice, and reports refusals', async () => {
    refuseWebSocket = refuse;
    const child = spawn('kubectl', ['--kubeconfig', kubeconfig, 'port-forward', 'p', ':80', ':81']);
    let output = '';
    let errors = '';
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    const ports = await new Promise<number[]>((resolve, reject) => {
      child.on('exit', () => reject(new Error(errors)));
      child.stdout.on('data', (chunk: Buffer) => {
        output += chunk.toString();
        const found = [...output.matchAll(/127\.0\.0\.1:(\d+) -> (\d+)/g)];
        if (found.length === 2) resolve(found.map((match) => Number(match[1])));
      });
    });
    const talk = (port: number): Promise<string> =>
      new Promise((resolve) => {
        let heard = '';
        const socket = connect(port, '127.0.0.1', () => socket.write('hi'));
        socket.on('data', (chunk) => {
          heard += chunk.toString();
          socket.end();
        });
        socket.on('error', () => resolve('reset'));
        socket.on('close', () => resolve(heard));
      });
    try {
      expect(await talk(ports[0] ?? 0)).toBe('echo:hi');
      expect(await talk(ports[0] ?? 0)).toBe('echo:hi');
      await talk(ports[1] ?? 0);
      await expect.poll(() => errors).toContain('dial tcp4 127.0.0.1:81: connect: connection refused');
      expect(upgrades.at(-1)).toBe(refuse ? 'POST SPDY/3.1 ' : 'GET websocket SPDY/3.1+portforward.k8s.io');
    } finally {
      child.removeAllListeners('exit');
      child.kill();
    }
  });
});

describe('refusals', () => {
  it.each([
    ['websocket', 'Sec-WebSocket-Protocol: nonsense\r\n'],
    ['SPDY/3.1', 'X-Stream-Protocol-Version: nonsense\r\n'],
    ['h2c', ''],
  ])('answers 400 to an upgrade to %s without a protocol that fits', async (upgrade, header) => {
    const { port } = server.address() as AddressInfo;
    refuseWebSocket = false;
    const answer = await new Promise<string>((resolve) => {
      let text = '';
      const socket = connect(port, '127.0.0.1');
      socket.write(
        `GET /api/v1/namespaces/default/pods/p/exec?command=x&stdout=true HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: ${upgrade}\r\n${header}\r\n`,
      );
      socket.on('data', (chunk) => (text += chunk.toString()));
      socket.on('close', () => resolve(text));
    });
    expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request[\s\S]*"reason":"BadRequest"/);
  });
});

it('has the dictionary of the protocol', () => {
  let a = 1;
  let b = 0;
  for (const byte of SPDY_DICTIONARY) {
    a = (a + byte) % 65521;
    b = (b + a) % 65521;
  }
  expect(((b << 16) | a) >>> 0).toBe(0xe3c6a7c2);
});
