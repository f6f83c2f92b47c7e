/** Pod addresses of one node, from its podCIDR. Knows nothing of Pods. */

/** R-NET-1: addresses go up from .2 (.1 is the bridge) and are reused only after the range is used up (host-local IPAM). */
export class AddressPool {
  readonly #prefix: string;
  readonly #used = new Set<number>();
  #next = 2;

  /** `cidr`: a /24 such as `10.244.1.0/24`. */
  constructor(cidr: string) {
    this.#prefix = cidr.replace(/\.\d+\/\d+$/, '.');
  }

  /** Undefined when the range is exhausted. */
  take(): string | undefined {
    for (let tries = 0; tries < 253; tries++) {
      const host = this.#next;
      this.#next = host >= 254 ? 2 : host + 1;
      if (this.#used.has(host)) continue;
      this.#used.add(host);
      return `${this.#prefix}${host}`;
    }
    return undefined;
  }

  /** Marks an address that a Pod has already; false when it is not of this range or taken. */
  reserve(address: string): boolean {
    const host = this.#hostOf(address);
    if (host === undefined || this.#used.has(host)) return false;
    this.#used.add(host);
    if (host >= this.#next) this.#next = host >= 254 ? 2 : host + 1;
    return true;
  }

  release(address: string): void {
    const host = this.#hostOf(address);
    if (host !== undefined) this.#used.delete(host);
  }

  #hostOf(address: string): number | undefined {
    return address.startsWith(this.#prefix) ? Number(address.slice(this.#prefix.length)) : undefined;
  }
}
