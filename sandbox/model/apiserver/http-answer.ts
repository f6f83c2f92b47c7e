/** The pipeline's answers as HTTP: headers, JSON, pretty-printing, compression, watch lines. */
import type { ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { isRecord } from '../../../kernel/kube/object.ts';
import type { StatusError } from '../../client/status.ts';
import { badRequest } from './errors.ts';
import type { Answer, ServerRequest } from './request.ts';

const compress = promisify(gzip);
/** Upstream compresses bodies above this many bytes. */
const COMPRESS_ABOVE = 128 * 1024;
// Priority and fairness is not simulated; the headers are there because clients log them.
const FLOW = {
  'X-Kubernetes-Pf-Flowschema-Uid': '00000000-0000-4000-8000-000000000001',
  'X-Kubernetes-Pf-Prioritylevel-Uid': '00000000-0000-4000-8000-000000000002',
};

export interface Exchange {
  readonly response: ServerResponse;
  /** Undefined when the request could not be read at all. */
  readonly request: ServerRequest | undefined;
  readonly warnings: readonly string[];
  readonly auditId: string;
}

/** Writes a whole answer, or a stream until it ends or the client goes. */
export async function sendAnswer(exchange: Exchange, answer: Answer): Promise<void> {
  switch (answer.kind) {
    case 'value':
      return send(exchange, {
        status: answer.status,
        text: json(exchange, answer.value),
        contentType: answer.contentType ?? 'application/json',
        etag: answer.etag,
      });
    case 'text':
      return send(exchange, answer);
    case 'document':
      return send(exchange, { ...answer, status: 200, text: answer.body });
    case 'watch':
      begin(exchange, { status: 200, contentType: 'application/json' });
      return pour(exchange, lines(answer.events));
    case 'bytes':
      if (answer.chunks === undefined) {
        begin(exchange, { status: 204 });
        exchange.response.end();
        return;
      }
      begin(exchange, { status: 200, contentType: 'text/plain' });
      return pour(exchange, answer.chunks);
    case 'stream':
      return sendError(exchange, badRequest('Upgrade request required'));
  }
}

export function sendError(exchange: Exchange, error: StatusError): Promise<void> {
  if (error.details.retryAfterSeconds !== undefined)
    exchange.response.setHeader('Retry-After', String(error.details.retryAfterSeconds));
  return send(exchange, {
    status: error.code,
    text: json(exchange, error.toStatus()),
    contentType: 'application/json',
  });
}

interface Whole {
  readonly status: number;
  readonly text: string | Uint8Array;
  readonly contentType: string;
  readonly etag?: string;
}

async function send(exchange: Exchange, { status, text, contentType, etag }: Whole): Promise<void> {
  const { request, response } = exchange;
  if (etag !== undefined) {
    response.setHeader('ETag', `"${etag}"`);
    response.setHeader('Vary', 'Accept');
    if (request?.header('if-none-match') === `"${etag}"`) {
      begin(exchange, { status: 304, cache: 'public' });
      response.end();
      return;
    }
  }
  const wantsGzip = (request?.header('accept-encoding') ?? '').includes('gzip') && text.length > COMPRESS_ABOVE;
  const body = wantsGzip ? await compress(text) : Buffer.from(text);
  if (wantsGzip) response.setHeader('Content-Encoding', 'gzip');
  response.setHeader('Content-Length', body.length);
  begin(exchange, { status, contentType, cache: etag === undefined ? undefined : 'public' });
  response.end(body);
}

interface Head {
  readonly status: number;
  readonly contentType?: string;
  readonly cache?: string;
}

function begin(
  { response, warnings, auditId }: Exchange,
  { status, contentType, cache = 'no-cache, private' }: Head,
): void {
  response.setHeader('Audit-Id', auditId);
  response.setHeader('Cache-Control', cache);
  if (contentType !== undefined) response.setHeader('Content-Type', contentType);
  for (const [name, value] of Object.entries(FLOW)) response.setHeader(name, value);
  if (warnings.length > 0)
    response.setHeader(
      'Warning',
      [...new Set(warnings)].map((text) => `299 - ${JSON.stringify(text)}`),
    );
  response.writeHead(status);
  // A watch must show its head before its first event, or clients wait past their own deadlines.
  response.flushHeaders();
}

function json({ request }: Exchange, value: object): string {
  const plain =
    isRecord(value) && Array.isArray(value['items']) ? { ...value, items: value['items'].map(bare) } : value;
  return wantsPretty(request) ? `${JSON.stringify(plain, null, 2)}\n` : `${JSON.stringify(plain)}\n`;
}

/** Items of a list carry no kind and version of their own: the list says them. */
function bare(item: unknown): unknown {
  return isRecord(item) ? { ...item, kind: undefined, apiVersion: undefined } : item;
}

function wantsPretty(request: ServerRequest | undefined): boolean {
  const asked = request?.query.get('pretty');
  if (asked !== null && asked !== undefined && asked !== '') return asked === 'true' || asked === '1';
  return /^(curl|Wget|Mozilla)/.test(request?.header('user-agent') ?? '');
}

async function* lines(events: AsyncIterable<object>): AsyncGenerator<string, void, undefined> {
  for await (const event of events) yield `${JSON.stringify(event)}\n`;
}

/** Writes as fast as the client reads. */
async function pour({ response }: Exchange, chunks: AsyncIterable<string | Uint8Array>): Promise<void> {
  try {
    for await (const chunk of chunks) {
      if (response.destroyed) return;
      if (!response.write(chunk)) await drained(response);
    }
    response.end();
  } catch {
    // The head is out: all that is left is to break the connection off.
    response.destroy();
  }
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      response.off('drain', done);
      response.off('close', done);
      resolve();
    };
    response.on('drain', done);
    response.on('close', done);
  });
}
