/** What programs know of the network: addresses, names, listening, dialling. The cluster's network stands behind it. */
import type { Disposable } from '../../../kernel/disposable.ts';
import type { Source } from './pipe.ts';

/** One end of a TCP connection. */
export interface Connection extends Source {
  readonly remoteAddress: string;
  write(chunk: Uint8Array): void;
  /** Half-closes: the other end reads to the end. */
  end(): void;
  /** Closes both ways. */
  close(): void;
}

export type NetCode = 'ECONNREFUSED' | 'ETIMEDOUT' | 'EHOSTUNREACH' | 'EADDRINUSE';

const WORDS: Record<NetCode, string> = {
  ECONNREFUSED: 'Connection refused',
  ETIMEDOUT: 'Connection timed out',
  EHOSTUNREACH: 'No route to host',
  EADDRINUSE: 'Address already in use',
};

export class NetError extends Error {
  readonly code: NetCode;
  constructor(code: NetCode) {
    super(WORDS[code]);
    this.code = code;
  }
}

export interface NameAnswer {
  /** The name that was found, after the search list and aliases. */
  readonly name: string;
  readonly addresses: readonly string[];
}

/** The network namespace of a Pod, shared by its containers. */
export interface PodSocket {
  readonly address: string;
  /** Throws NetError EADDRINUSE. */
  listen(port: number, accept: (connection: Connection) => void): Disposable;
  listening(port: number): boolean;
  /** Rejects with NetError. Gives up for good when `signal` aborts. */
  dial(address: string, port: number, signal: AbortSignal): Promise<Connection>;
  /** By /etc/hosts, then DNS with the search list; undefined when no such name is known. */
  resolve(name: string): Promise<NameAnswer | undefined>;
  readonly dns: { readonly nameserver: string; readonly search: readonly string[]; readonly ndots: number };
  /** One question to the nameserver; `unreachable` when nobody answers there. */
  query(name: string): NameAnswer | 'nxdomain' | 'unreachable';
}

export function isAddress(text: string): boolean {
  return /^\d{1,3}(\.\d{1,3}){3}$/.test(text);
}
