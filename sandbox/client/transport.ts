/**
 * How a request reaches an API server: over HTTPS to a real one, or by a call to the model's. One client works on both.
 */
import type { WatchEvent } from '../../kernel/kube/object.ts';

export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path without the query, such as `/api/v1/namespaces/default/pods`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** A JSON value. Treated as immutable by both sides from here on. */
  readonly body?: unknown;
  /** The repeated query parameter `command` of an exec, in order. */
  readonly command?: readonly string[];
  /** Needed with PATCH; otherwise `application/json`. */
  readonly contentType?: string;
}

/** Bytes in and out of a process. `stdin` ends when the caller has no more. */
export interface ProcessIo {
  readonly tty: boolean;
  /** Undefined: the process gets an empty, closed standard input. */
  readonly stdin: AsyncIterable<Uint8Array> | undefined;
  readonly resizes?: AsyncIterable<{ cols: number; rows: number }>;
  stdout(chunk: Uint8Array): void;
  stderr(chunk: Uint8Array): void;
  /** Aborts when the caller is gone. */
  readonly signal: AbortSignal;
}

export interface Transport {
  /** Resolves with the JSON body of a 2xx answer; rejects with StatusError for any other. */
  request(request: ApiRequest): Promise<unknown>;
  /** A watch. Rejects with StatusError when refused; the iteration ends when the server closes or `signal` aborts. */
  watch(request: ApiRequest, signal: AbortSignal): Promise<AsyncIterable<WatchEvent>>;
  /** A text answer, such as a log. */
  text(request: ApiRequest, signal: AbortSignal): Promise<string>;
  /** Runs a command in a container and resolves with its exit code. */
  exec(request: ApiRequest, io: ProcessIo): Promise<number>;
}
