/** The Transport to a real API server: HTTPS for requests and watches, a WebSocket (v5.channel.k8s.io) for exec. */
import { once } from 'node:events';
import { Agent, request as httpsRequest } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { createInterface } from 'node:readline';
import { WebSocket } from 'ws';
import { z } from 'zod';
import { CouldNotTell, messageOf } from '../../kernel/errors.ts';
import type { Disposable } from '../../kernel/disposable.ts';
import type { KubeObject, WatchEvent } from '../../kernel/kube/object.ts';
import type { Credentials } from './credentials.ts';
import { StatusError } from './status.ts';
import type { ApiRequest, ProcessIo, Transport } from './transport.ts';

const BODY_LIMIT = 64 * 1024 * 1024;
const REQUEST_MS = 30_000;
const CHANNEL = { stdin: 0, stdout: 1, stderr: 2, error: 3, close: 255 } as const;

const statusSchema = z.looseObject({
  status: z.string().optional(),
  code: z.int().optional(),
  reason: z.string().default(''),
  message: z.string().default(''),
  details: z
    .looseObject({
      causes: z.array(z.looseObject({ reason: z.string().optional(), message: z.string().optional() })).optional(),
    })
    .default({}),
});
const eventSchema = z.object({
  type: z.enum(['ADDED', 'MODIFIED', 'DELETED', 'BOOKMARK', 'ERROR']),
  object: z.custom<KubeObject>(),
});

export class HttpsTransport implements Transport, Disposable {
  readonly #credentials: Credentials;
  readonly #agent: Agent;

  constructor(credentials: Credentials) {
    this.#credentials = credentials;
    this.#agent = new Agent({ keepAlive: true, ...this.#tls() });
  }

  async request(request: ApiRequest): Promise<unknown> {
    const body = await textOf(await this.#send(request, AbortSignal.timeout(REQUEST_MS)));
    return JSON.parse(body);
  }

  async text(request: ApiRequest, signal: AbortSignal): Promise<string> {
    return textOf(await this.#send(request, signal));
  }

  async watch(request: ApiRequest, signal: AbortSignal): Promise<AsyncIterable<WatchEvent>> {
    const query = { ...request.query, watch: 'true' };
    return eventsOf(await this.#send({ ...request, query }, signal));
  }

  exec(request: ApiRequest, io: ProcessIo): Promise<number> {
    const url = this.#url(request);
    url.protocol = 'wss:';
    const socket = new WebSocket(url, 'v5.channel.k8s.io', { headers: this.#headers(), ...this.#tls() });
    return new Promise((resolve, reject) => {
      const abort = (): void => socket.terminate();
      io.signal.addEventListener('abort', abort, { once: true });
      socket.on('open', () => void pump(io, socket).catch(abort));
      socket.on('message', (frame: Buffer) => {
        const rest = frame.subarray(1);
        if (frame[0] === CHANNEL.stdout) io.stdout(rest);
        else if (frame[0] === CHANNEL.stderr) io.stderr(rest);
        else if (frame[0] === CHANNEL.error) settle(() => exitCodeOf(rest.toString('utf8')), resolve, reject);
      });
      socket.on(
        'unexpected-response',
        (_, response) =>
          void textOf(response).then(() => reject(new CouldNotTell('exec', 'exec was not accepted')), reject),
      );
      socket.on('error', (cause) =>
        reject(new CouldNotTell('exec', `the connection of exec broke: ${cause.message}`, { cause })),
      );
      socket.on('close', () => {
        io.signal.removeEventListener('abort', abort);
        reject(new CouldNotTell('exec', 'the connection of exec ended early'));
      });
    });
  }

  dispose(): void {
    this.#agent.destroy();
  }

  async #send(request: ApiRequest, signal: AbortSignal): Promise<IncomingMessage> {
    const body = request.body === undefined ? undefined : JSON.stringify(request.body);
    // Node sends the body of a DELETE without any length, unless it is told; a server takes that for a broken request.
    const type =
      body === undefined
        ? {}
        : {
            'content-type': request.contentType ?? 'application/json',
            'content-length': String(Buffer.byteLength(body)),
          };
    const options = {
      method: request.method,
      agent: this.#agent,
      headers: { ...this.#headers(), accept: 'application/json', ...type },
      signal,
    };
    const sent = httpsRequest(this.#url(request), options);
    sent.end(body);
    let response: IncomingMessage;
    try {
      [response] = (await once(sent, 'response')) as [IncomingMessage];
    } catch (cause) {
      throw new CouldNotTell(
        'unreachable',
        `the cluster at ${this.#credentials.server.origin} does not answer: ${messageOf(cause)}`,
        { cause },
      );
    }
    if ((response.statusCode ?? 500) < 300) return response;
    return textOf(response).then((text) => Promise.reject(statusError(response.statusCode ?? 500, text)));
  }

  #url({ path, query, command = [] }: ApiRequest): URL {
    const { server } = this.#credentials;
    const url = new URL(server.pathname.replace(/\/$/, '') + path, server);
    for (const [name, value] of Object.entries(query ?? {})) url.searchParams.append(name, value);
    for (const word of command) url.searchParams.append('command', word);
    return url;
  }

  #headers(): Record<string, string> {
    return {
      'user-agent': 'drydock',
      ...(this.#credentials.token ? { authorization: `Bearer ${this.#credentials.token}` } : {}),
    };
  }

  #tls(): { ca?: string; cert?: string; key?: string; servername?: string; rejectUnauthorized: boolean } {
    const { ca, cert, key, serverName, verify } = this.#credentials;
    return {
      rejectUnauthorized: verify,
      ...(ca ? { ca } : {}),
      ...(cert ? { cert } : {}),
      ...(key ? { key } : {}),
      ...(serverName ? { servername: serverName } : {}),
    };
  }
}

async function textOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > BODY_LIMIT) throw new CouldNotTell('too-large', 'an answer of the cluster is too large to be read');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

async function* eventsOf(response: IncomingMessage): AsyncIterable<WatchEvent> {
  for await (const line of createInterface({ input: response }))
    if (line !== '') yield eventSchema.parse(JSON.parse(line));
}

function statusError(code: number, text: string): StatusError {
  try {
    const { reason, message, details } = statusSchema.parse(JSON.parse(text));
    return new StatusError(code, reason, message, details);
  } catch {
    return new StatusError(code, '', text.trim().slice(0, 500) || `the server answered ${code}`);
  }
}

/** The error channel says how the process ended (`meta/v1.Status`; a cause ExitCode for a command that failed). */
function exitCodeOf(text: string): number {
  const { status, reason, message, code, details } = statusSchema.parse(JSON.parse(text));
  if (status === 'Success') return 0;
  const exit = details.causes?.find((cause) => cause.reason === 'ExitCode')?.message;
  if (reason === 'NonZeroExitCode' && exit !== undefined) return Number(exit);
  throw new StatusError(code ?? 500, reason, message, details);
}

function settle(make: () => number, resolve: (code: number) => void, reject: (error: unknown) => void): void {
  try {
    resolve(make());
  } catch (error) {
    reject(error);
  }
}

async function pump(io: ProcessIo, socket: WebSocket): Promise<void> {
  if (!io.stdin) return;
  for await (const chunk of io.stdin) socket.send(Buffer.concat([Buffer.from([CHANNEL.stdin]), chunk]));
  socket.send(Buffer.from([CHANNEL.close, CHANNEL.stdin]));
}
