/**
 * The Pod network of a cluster: who listens where, and what becomes of a dialled address. Services come in through a
 * forwarding function; the network knows nothing of the API.
 * R-NET-2: nobody listens on a living address → refused; no such Pod address → no route to host after 3 s; elsewhere → timeout.
 */
import type { Clock } from '../../../kernel/clock.ts';
import { sleep } from '../../../kernel/clock.ts';
import type { Disposable } from '../../../kernel/disposable.ts';
import { disposable } from '../../../kernel/disposable.ts';
import type { Connection } from '../runtime/socket.ts';
import { NetError } from '../runtime/socket.ts';
import { connectionPair } from './connection.ts';

export type Accept = (connection: Connection) => void;

export interface Target {
  readonly address: string;
  readonly port: number;
}

/** What a Service address is turned into: a backend, a refusal, or undefined for an address that is no Service's. */
export type Forward = (to: Target, from: string) => Target | 'refused' | undefined;

const NO_ROUTE_MS = 3_000;
const TIMEOUT_MS = 127_000;

export class ClusterNetwork {
  readonly #clock: Clock;
  readonly #listeners = new Map<string, Accept>();
  /** Living addresses: Pods' and nodes'. */
  readonly #addresses = new Map<string, number>();
  forward: Forward = () => undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Makes an address exist. Several owners may hold it (host-network Pods hold their node's). */
  attach(address: string): Disposable {
    this.#addresses.set(address, (this.#addresses.get(address) ?? 0) + 1);
    return disposable(() => {
      const left = (this.#addresses.get(address) ?? 1) - 1;
      if (left > 0) this.#addresses.set(address, left);
      else this.#addresses.delete(address);
    });
  }

  listening({ address, port }: Target): boolean {
    return this.#listeners.has(`${address}:${port}`);
  }

  /** Throws NetError EADDRINUSE. */
  listen({ address, port }: Target, accept: Accept): Disposable {
    const key = `${address}:${port}`;
    if (this.#listeners.has(key)) throw new NetError('EADDRINUSE');
    this.#listeners.set(key, accept);
    return disposable(() => this.#listeners.delete(key));
  }

  async dial(to: Target, from: string, signal?: AbortSignal): Promise<Connection> {
    const forwarded = this.forward(to, from);
    if (forwarded === 'refused') throw new NetError('ECONNREFUSED');
    const target = forwarded ?? to;
    const accept = this.#listeners.get(`${target.address}:${target.port}`);
    if (accept) {
      const { client, server } = connectionPair(from, to.address);
      accept(server);
      return client;
    }
    if (this.#addresses.has(target.address)) throw new NetError('ECONNREFUSED');
    const local = target.address.startsWith('10.244.');
    await sleep(this.#clock, local ? NO_ROUTE_MS : TIMEOUT_MS, signal).catch(() => new Promise<never>(() => {}));
    throw new NetError(local ? 'EHOSTUNREACH' : 'ETIMEDOUT');
  }
}
