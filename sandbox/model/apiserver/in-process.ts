/**
 * The Transport of components that live beside the API server: the same pipeline as over TLS, with values instead of bytes
 * and shared objects instead of copies.
 */
import type { WatchEvent } from '../../../kernel/kube/object.ts';
import { StatusError } from '../../client/status.ts';
import type { ApiRequest, ProcessIo, Transport } from '../../client/transport.ts';
import { badRequest, internalError } from './errors.ts';
import type { UserInfo } from './kind.ts';
import type { Answer, ServerRequest } from './request.ts';

interface Pipeline {
  handle(request: ServerRequest, user: UserInfo): Promise<Answer>;
}

const NEVER = new AbortController().signal;

export function inProcess(server: Pipeline, user: UserInfo): Transport {
  const ask = (request: ApiRequest, signal: AbortSignal): Promise<Answer> =>
    server.handle(toServer(request, signal), user);
  return {
    async request(request: ApiRequest): Promise<unknown> {
      const answer = await ask(request, NEVER);
      if (answer.kind === 'value') return answer.value;
      if (answer.kind === 'text') return textValue(answer);
      throw internalError(`${request.path} does not answer with an object`);
    },
    async watch(request: ApiRequest, signal: AbortSignal): Promise<AsyncIterable<WatchEvent>> {
      const query = { ...request.query, watch: 'true' };
      const answer = await ask({ ...request, query }, signal);
      if (answer.kind === 'watch') return answer.events;
      throw internalError(`${request.path} cannot be watched`);
    },
    async text(request: ApiRequest, signal: AbortSignal): Promise<string> {
      const answer = await ask(request, signal);
      if (answer.kind === 'text') return answer.text;
      if (answer.kind === 'value') return JSON.stringify(answer.value);
      if (answer.kind !== 'bytes') throw internalError(`${request.path} does not answer with text`);
      return answer.chunks === undefined ? '' : collect(answer.chunks);
    },
    async exec(request: ApiRequest, io: ProcessIo): Promise<number> {
      const answer = await ask(request, io.signal);
      if (answer.kind === 'stream' && answer.target.kind === 'process') return answer.target.run(io);
      throw badRequest('Upgrade request required');
    },
  };
}

function toServer({ method, path, query, command, body, contentType }: ApiRequest, signal: AbortSignal): ServerRequest {
  const search = new URLSearchParams(query);
  for (const word of command ?? []) search.append('command', word);
  return {
    method,
    path,
    query: search,
    header: () => undefined,
    body:
      body === undefined
        ? { kind: 'none' }
        : { kind: 'value', value: body, contentType: contentType ?? 'application/json' },
    signal,
    warn: () => undefined,
  };
}

function textValue({ status, text }: { status: number; text: string }): unknown {
  if (status >= 400) throw new StatusError(status, status === 404 ? 'NotFound' : '', text.trim());
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

async function collect(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of chunks) text += decoder.decode(chunk, { stream: true });
  return text + decoder.decode();
}
