/** A port for the sandbox's API server: inside a workstation's network namespace, or on the host's loopback. */
import { spawn } from 'node:child_process';
import { createServer, Server } from 'node:net';
import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { Disposable } from '../../kernel/disposable.ts';
import { EnvironmentError } from '../../kernel/errors.ts';
import type { Sandbox } from '../contract.ts';

const LISTEN_INSIDE = fileURLToPath(new URL('listen-inside.mjs', import.meta.url));
/** Where the API server listens inside a workstation. */
export const API_PORT = 6443;

export interface Listener extends Disposable {
  readonly port: number;
}

/** Serves the sandbox's API on 127.0.0.1:6443 inside the namespaces of process `pid`, and nowhere else. */
export async function listenInside(pid: number, sandbox: Sandbox): Promise<Listener> {
  const user = process.getuid?.() === 0 ? [] : ['--user', '--preserve-credentials'];
  const args = [`--target=${pid}`, ...user, '--net', '--', process.execPath, LISTEN_INSIDE, String(API_PORT)];
  const child = spawn('nsenter', args, { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  const server = await new Promise<Server>((resolve, reject) => {
    let complaint = '';
    child.stderr?.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
    child.on('message', (_, handle) => {
      if (handle instanceof Server) resolve(handle);
    });
    child.on('error', reject);
    child.on('exit', (code) => {
      if (code !== 0)
        reject(new EnvironmentError('no-listener', `the API server's port could not be opened: ${complaint.trim()}`));
    });
  });
  return serve(server, sandbox, API_PORT);
}

/** Serves the sandbox's API on a port of the host's loopback; 0 takes a free one. */
export async function listenOnLoopback(port: number, sandbox: Sandbox): Promise<Listener> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  return serve(server, sandbox, typeof address === 'object' && address ? address.port : port);
}

function serve(server: Server, sandbox: Sandbox, port: number): Listener {
  const open = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    // A client that breaks off is its own business.
    socket.on('error', () => {});
    sandbox.connect(socket);
  });
  return {
    port,
    dispose() {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
}
