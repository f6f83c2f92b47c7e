/** One request and its answer as the pipeline sees them, whether they came over TLS or by a call within the process. */
import type { WatchEvent } from '../../../kernel/kube/object.ts';
import type { Kind, UserInfo } from './kind.ts';
import type { StreamTarget } from './streams/index.ts';

/** A body: bytes that must still be parsed, or a value from a caller in this process. */
export type Body =
  | { readonly kind: 'none' }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array; readonly contentType: string }
  | { readonly kind: 'value'; readonly value: unknown; readonly contentType: string };

export interface ServerRequest {
  readonly method: string;
  /** Decoded by segment later; without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** By lower-case name. */
  readonly header: (name: string) => string | undefined;
  readonly body: Body;
  /** Aborts when the caller is gone. */
  readonly signal: AbortSignal;
  /** Hears of each `Warning:` for the client. */
  warn(text: string): void;
}

/** What a watch yields: events, whose objects may be Tables. */
export type WatchStream = AsyncIterable<WatchEvent>;

export type Answer =
  /** A JSON value. */
  | {
      readonly kind: 'value';
      readonly status: number;
      readonly value: object;
      readonly contentType?: string;
      readonly etag?: string;
    }
  | {
      readonly kind: 'text';
      readonly status: number;
      readonly text: string;
      readonly contentType: string;
      readonly etag?: string;
    }
  /** Bytes made beforehand; shared, so never changed. */
  | { readonly kind: 'document'; readonly body: Uint8Array; readonly contentType: string; readonly etag: string }
  | { readonly kind: 'watch'; readonly events: WatchStream }
  /** A log; undefined chunks: 204. */
  | { readonly kind: 'bytes'; readonly chunks: AsyncIterable<Uint8Array> | undefined }
  /** exec, attach, port-forward: the edge upgrades the connection. */
  | { readonly kind: 'stream'; readonly target: StreamTarget };

/** A request for objects of one kind. */
export interface Call {
  readonly request: ServerRequest;
  readonly user: UserInfo;
  readonly kind: Kind;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  readonly subresource: string | undefined;
}

export function ok(value: object, status = 200): Answer {
  return { kind: 'value', status, value };
}
