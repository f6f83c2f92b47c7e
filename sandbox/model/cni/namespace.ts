/** The network namespace of one Pod: its address, loopback, hosts file and resolver, as its programs see them. */
import type { Disposable } from '../../../kernel/disposable.ts';
import { DisposableStore } from '../../../kernel/disposable.ts';
import type { Resolver } from '../dns/resolver.ts';
import type { Connection, NameAnswer, PodSocket } from '../runtime/socket.ts';
import { isAddress } from '../runtime/socket.ts';
import type { ClusterNetwork } from './network.ts';

export interface NamespaceOptions {
  readonly network: ClusterNetwork;
  readonly resolver: Resolver;
  readonly address: string;
  readonly hosts: ReadonlyMap<string, string>;
  readonly dns: PodSocket['dns'];
}

export class NetworkNamespace implements PodSocket, Disposable {
  readonly #options: NamespaceOptions;
  readonly #owned = new DisposableStore();

  constructor(options: NamespaceOptions) {
    this.#options = options;
    this.#owned.add(options.network.attach(options.address));
  }

  get address(): string {
    return this.#options.address;
  }

  get dns(): PodSocket['dns'] {
    return this.#options.dns;
  }

  listen(port: number, accept: (connection: Connection) => void): Disposable {
    return this.#options.network.listen({ address: this.address, port }, accept);
  }

  listening(port: number): boolean {
    return this.#options.network.listening({ address: this.address, port });
  }

  dial(address: string, port: number, signal: AbortSignal): Promise<Connection> {
    const own = address.startsWith('127.') || address === '0.0.0.0';
    return this.#options.network.dial(
      { address: own ? this.address : address, port },
      own ? '127.0.0.1' : this.address,
      signal,
    );
  }

  async resolve(name: string): Promise<NameAnswer | undefined> {
    if (isAddress(name)) return { name, addresses: [name] };
    const local = this.#options.hosts.get(name);
    if (local !== undefined) return { name, addresses: [local] };
    return this.#options.resolver.resolve(name, this.#options.dns);
  }

  query(name: string): NameAnswer | 'nxdomain' | 'unreachable' {
    return this.#options.resolver.query(name, this.#options.dns.nameserver);
  }

  dispose(): void {
    this.#owned.dispose();
  }
}
