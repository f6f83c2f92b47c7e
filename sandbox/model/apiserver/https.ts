/**
 * The TLS edge: parses requests, finds out who asks, lets the pipeline answer, writes the answer. It has no listener: the
 * owner hands it connections, so a sandbox's API can stand wherever its driver wants it.
 */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { ServerResponse as Response } from 'node:http';
import type { Server } from 'node:https';
import { createServer } from 'node:https';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import type { Disposable } from '../../../kernel/disposable.ts';
import { messageOf } from '../../../kernel/errors.ts';
import { StatusError } from '../../client/status.ts';
import { authenticate } from './authenticate.ts';
import { internalError, unauthorized } from './errors.ts';
import type { Exchange } from './http-answer.ts';
import { sendAnswer, sendError } from './http-answer.ts';
import { receive } from './http-request.ts';
import type { Pki } from './pki.ts';
import type { Answer, ServerRequest } from './request.ts';
import type { ApiServer } from './server.ts';
import { serveStream } from './streams/index.ts';

export class HttpsEdge implements Disposable {
  readonly #server: ApiServer;
  readonly #https: Server;
  readonly #sockets = new Set<Duplex>();

  constructor(server: ApiServer, { authority, server: { certificate, key } }: Pki) {
    this.#server = server;
    this.#https = createServer({
      cert: certificate,
      key,
      ca: authority.certificate,
      requestCert: true,
      rejectUnauthorized: false,
      ALPNProtocols: ['http/1.1'],
    });
    // Idle connections are closed by their client or with the sandbox: closing first would race with its next request.
    this.#https.keepAliveTimeout = 0;
    this.#https.on('request', (incoming, response) => void this.#answer(incoming, response));
    this.#https.on('upgrade', (incoming, socket, head) => void this.#upgrade(incoming, socket, head));
    this.#https.on('tlsClientError', (_error, socket) => socket.destroy());
  }

  /** Takes over a connection; it is the edge's from here on. */
  connect(socket: Duplex): void {
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    // A client that breaks off is no fault of ours.
    socket.on('error', () => socket.destroy());
    this.#https.emit('connection', socket);
  }

  /** Breaks all connections off. */
  dispose(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#sockets.clear();
    this.#https.removeAllListeners();
    this.#https.on('error', () => undefined);
  }

  async #answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const abort = new AbortController();
    response.once('close', () => abort.abort());
    response.on('error', () => abort.abort());
    const warnings: string[] = [];
    let exchange: Exchange = {
      response,
      request: undefined,
      warnings,
      auditId: incoming.headers['audit-id']?.toString() ?? randomUUID(),
    };
    try {
      const request = await receive({ incoming, signal: abort.signal, warn: (text) => void warnings.push(text) });
      exchange = { ...exchange, request };
      await sendAnswer(exchange, await this.#ask(incoming, request));
    } catch (error) {
      if (response.headersSent) response.destroy();
      else await sendError(exchange, asStatus(error));
    }
  }

  async #upgrade(incoming: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    socket.on('error', () => socket.destroy());
    const abort = new AbortController();
    socket.once('close', () => abort.abort());
    try {
      const request = receiveUpgrade(incoming, abort.signal);
      const answer = await this.#ask(incoming, request);
      if (answer.kind === 'stream') return serveStream({ request: incoming, socket, head }, answer.target);
      await this.#refuse(incoming, socket, (exchange) => sendAnswer({ ...exchange, request }, answer));
    } catch (error) {
      await this.#refuse(incoming, socket, (exchange) => sendError(exchange, asStatus(error)));
    }
  }

  /** A plain answer on a connection that was meant to be upgraded. */
  async #refuse(incoming: IncomingMessage, socket: Duplex, send: (exchange: Exchange) => Promise<void>): Promise<void> {
    if (!(socket instanceof TLSSocket)) return void socket.destroy();
    const response = new Response(incoming);
    response.shouldKeepAlive = false;
    response.assignSocket(socket);
    response.once('finish', () => socket.end());
    await send({ response, request: undefined, warnings: [], auditId: randomUUID() });
  }

  async #ask(incoming: IncomingMessage, request: ServerRequest): Promise<Answer> {
    if (!(incoming.socket instanceof TLSSocket)) throw unauthorized();
    const user = await authenticate(this.#server.core, incoming.socket, incoming.headers.authorization);
    return this.#server.handle(request, user);
  }
}

/** The request of an upgrade has no body: what follows it is the stream's. */
function receiveUpgrade(incoming: IncomingMessage, signal: AbortSignal): ServerRequest {
  const url = new URL(incoming.url ?? '/', 'https://localhost');
  return {
    method: incoming.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    header: (name) => incoming.headers[name]?.toString(),
    body: { kind: 'none' },
    signal,
    warn: () => undefined,
  };
}

function asStatus(error: unknown): StatusError {
  return error instanceof StatusError ? error : internalError(messageOf(error));
}
