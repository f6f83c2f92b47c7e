/** An HTTP request as the pipeline's request. */
import type { IncomingMessage } from 'node:http';
import { StatusError } from '../../client/status.ts';
import { badRequest, tooLargeBody } from './errors.ts';
import type { Body, ServerRequest } from './request.ts';

/** Upstream's limit for a request body, in bytes. */
const LARGEST = 3 * 1024 * 1024;

export interface Received {
  readonly incoming: IncomingMessage;
  readonly signal: AbortSignal;
  warn(text: string): void;
}

/** Reads the whole body. Rejects with 400 and 413. */
export async function receive({ incoming, signal, warn }: Received): Promise<ServerRequest> {
  const url = incoming.url ?? '/';
  const mark = url.indexOf('?');
  return {
    method: incoming.method === 'HEAD' ? 'GET' : (incoming.method ?? 'GET'),
    path: mark < 0 ? url : url.slice(0, mark),
    query: new URLSearchParams(mark < 0 ? '' : url.slice(mark + 1)),
    header: (name) => {
      const value = incoming.headers[name];
      return Array.isArray(value) ? value.join(',') : value;
    },
    body: await readBody(incoming),
    signal,
    warn,
  };
}

async function readBody(incoming: IncomingMessage): Promise<Body> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of incoming) {
      const bytes = Buffer.from(chunk);
      size += bytes.length;
      if (size > LARGEST) throw tooLargeBody(LARGEST);
      chunks.push(bytes);
    }
  } catch (error) {
    if (error instanceof StatusError) throw error;
    throw badRequest('the request body ended too early');
  }
  const contentType = incoming.headers['content-type'] ?? '';
  return size === 0 && contentType === ''
    ? { kind: 'none' }
    : { kind: 'bytes', bytes: Buffer.concat(chunks), contentType };
}
