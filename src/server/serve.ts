/** Listens on the loopback and joins the HTTP routes with the terminals' WebSockets. Owns the sockets; knows no driver. */
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { sleep } from '../../kernel/clock.ts';
import { EnvironmentError, messageOf } from '../../kernel/errors.ts';
import type { LoginStore } from '../storage/store.ts';
import type { AppParts } from './app.ts';
import { createApp } from './app.ts';
import { ownHosts } from './guard.ts';
import { Logins } from './login.ts';
import { terminalGateway } from './terminal-gateway.ts';
import { Tickets } from './tickets.ts';

const ADDRESS = '127.0.0.1';
/** How long open requests may take to finish when the server stops. */
const GRACE_MS = 500;

export interface ServeParts extends Omit<AppParts, 'hosts' | 'logins' | 'tickets'> {
  readonly loginStore: LoginStore;
  /** 0: any free port. */
  readonly port: number;
}

export interface Serving {
  readonly port: number;
  readonly origin: string;
  /** A fresh one-time link; earlier ones are void. */
  loginUrl(): string;
  close(): Promise<void>;
}

/** Resolves when the server answers. Throws EnvironmentError `port-in-use` or `cannot-listen`. */
export async function serve(parts: ServeParts): Promise<Serving> {
  const server = createServer({
    maxHeaderSize: 16 * 1024,
    headersTimeout: 10_000,
    requestTimeout: 30_000,
    keepAliveTimeout: 5_000,
  });
  const port = await listen(server, parts.port);
  const shared = {
    ...parts,
    hosts: ownHosts(port),
    logins: new Logins(parts.loginStore, parts.clock, port),
    tickets: new Tickets(parts.clock),
  };
  const { app, streams } = createApp(shared);
  const listener = getRequestListener(app.fetch);
  server.on('request', (request, response) => void listener(request, response));
  const gateway = terminalGateway(server, shared);
  const origin = `http://${ADDRESS}:${port}`;
  return {
    port,
    origin,
    loginUrl: () => `${origin}/login?token=${shared.logins.issueToken()}`,
    async close() {
      gateway.dispose();
      for (const stream of streams) stream.dispose();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      await Promise.race([closed, sleep(parts.clock, GRACE_MS)]);
      server.closeAllConnections();
    },
  };
}

/** Throws what `serve` would throw for a port that cannot be had, before anything was made. */
export async function portIsFree(port: number): Promise<void> {
  const server = createServer();
  await listen(server, port);
  await new Promise((resolve) => server.close(resolve));
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      reject(
        cause.code === 'EADDRINUSE'
          ? new EnvironmentError('port-in-use', `port ${port} is in use`, {
              remedy: 'Stop what uses it (perhaps another Drydock), or take another port: npm start -- --port 0',
              cause,
            })
          : new EnvironmentError('cannot-listen', `cannot listen on ${ADDRESS}:${port}: ${messageOf(cause)}`, {
              remedy: 'Take another port: npm start -- --port 0',
              cause,
            }),
      );
    });
    server.listen({ port, host: ADDRESS }, () => {
      const address: AddressInfo | string | null = server.address();
      resolve(typeof address === 'object' && address ? address.port : port);
    });
  });
}
