/** HTTP/1.1 over a Connection: just enough for the servers and clients that run in containers. Bodies are read whole. */
import { concat, decode, encode } from './pipe.ts';
import type { Connection } from './socket.ts';

export interface HttpRequest {
  readonly method: string;
  /** Path with query, as sent. */
  readonly target: string;
  readonly version: string;
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Uint8Array;
}

export interface HttpResponse {
  readonly status: number;
  readonly reason: string;
  /** The header lines as received, in order. */
  readonly lines: readonly string[];
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Uint8Array;
}

const MAX_HEAD = 64 * 1024;
const MAX_BODY = 16 * 1024 * 1024;
const REASONS: Readonly<Record<number, string>> = {
  200: 'OK',
  201: 'Created',
  204: 'No Content',
  301: 'Moved Permanently',
  302: 'Found',
  304: 'Not Modified',
  400: 'Bad Request',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Not Allowed',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
};

export function reasonOf(status: number): string {
  return REASONS[status] ?? 'Unknown';
}

/** Reads messages off one connection; keeps what belongs to the next. */
class MessageReader {
  readonly #connection: Connection;
  #held: Uint8Array = new Uint8Array();

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** The head's lines; undefined when the peer closed before one. */
  async head(signal?: AbortSignal): Promise<string[] | undefined> {
    for (;;) {
      const end = Buffer.from(this.#held.buffer, this.#held.byteOffset, this.#held.length).indexOf('\r\n\r\n');
      if (end >= 0) {
        const text = decode(this.#held.subarray(0, end));
        this.#held = this.#held.subarray(end + 4);
        return text.split('\r\n');
      }
      if (this.#held.length > MAX_HEAD || !(await this.#more(signal))) return undefined;
    }
  }

  async body(length: number | undefined, signal?: AbortSignal): Promise<Uint8Array> {
    const wanted = Math.min(length ?? MAX_BODY, MAX_BODY);
    while (this.#held.length < wanted && (await this.#more(signal)));
    const body = this.#held.subarray(0, wanted);
    this.#held = this.#held.subarray(body.length);
    return body;
  }

  async #more(signal: AbortSignal | undefined): Promise<boolean> {
    const chunk = await this.#connection.read(signal);
    if (!chunk) return false;
    this.#held = this.#held.length === 0 ? chunk : concat([this.#held, chunk]);
    return true;
  }
}

function headers(lines: readonly string[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const line of lines) {
    const at = line.indexOf(':');
    if (at > 0) found.set(line.slice(0, at).toLowerCase(), line.slice(at + 1).trim());
  }
  return found;
}

export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

/** Answers requests on a connection until either side closes. A throwing handler answers 500. */
export async function serveHttp(
  connection: Connection,
  handle: (request: HttpRequest) => Promise<Reply> | Reply,
): Promise<void> {
  const reader = new MessageReader(connection);
  for (;;) {
    const lines = await reader.head();
    if (!lines) break;
    const [method = '', target = '', version = ''] = (lines[0] ?? '').split(' ');
    if (!/^HTTP\/1\.[01]$/.test(version) || !/^[A-Z]+$/.test(method)) {
      connection.write(replyBytes({ status: 400, body: '' }, 'GET', false));
      break;
    }
    const map = headers(lines.slice(1));
    const body = await reader.body(Number(map.get('content-length') ?? 0));
    const keep = version === 'HTTP/1.1' && map.get('connection')?.toLowerCase() !== 'close';
    let reply: Reply;
    try {
      reply = await handle({ method, target, version, headers: map, body });
    } catch {
      reply = { status: 500, body: '' };
    }
    connection.write(replyBytes(reply, method, keep));
    if (!keep) break;
  }
  connection.end();
}

function replyBytes(reply: Reply, method: string, keep: boolean): Uint8Array {
  const body = typeof reply.body === 'string' ? encode(reply.body) : reply.body;
  const all = { ...reply.headers, 'Content-Length': String(body.length), Connection: keep ? 'keep-alive' : 'close' };
  const head = Object.entries(all)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('');
  const start = encode(`HTTP/1.1 ${reply.status} ${reasonOf(reply.status)}\r\n${head}\r\n`);
  return method === 'HEAD' ? start : concat([start, body]);
}

export interface ClientRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
}

/** Sends one request and reads the answer. Rejects with Error `empty reply` or `not HTTP`. */
export async function askHttp(
  connection: Connection,
  request: ClientRequest,
  signal?: AbortSignal,
): Promise<HttpResponse> {
  const body = request.body ?? new Uint8Array();
  const length: Record<string, string> = body.length > 0 ? { 'Content-Length': String(body.length) } : {};
  const lines = Object.entries({ ...request.headers, ...length }).map(([name, value]) => `${name}: ${value}\r\n`);
  connection.write(concat([encode(`${request.method} ${request.target} HTTP/1.1\r\n${lines.join('')}\r\n`), body]));
  const reader = new MessageReader(connection);
  const head = await reader.head(signal);
  if (!head) throw new Error('empty reply');
  const start = /^HTTP\/1\.[01] (\d{3}) ?(.*)$/.exec(head[0] ?? '');
  if (!start) throw new Error('not HTTP');
  const map = headers(head.slice(1));
  const status = Number(start[1]);
  const bodyless = request.method === 'HEAD' || status === 204 || status === 304;
  const size = map.get('content-length');
  const content = bodyless
    ? new Uint8Array()
    : await reader.body(size === undefined ? undefined : Number(size), signal);
  return { status, reason: start[2] ?? '', lines: head, headers: map, body: content };
}

/** RFC 1123 date, as in the Date header. */
export function httpDate(ms: number): string {
  return new Date(ms).toUTCString();
}
