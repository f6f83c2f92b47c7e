/**
 * The resolver of a Pod: the search list and ndots of its resolv.conf over cluster DNS.
 * R-NET-7: a name with fewer dots than ndots is tried with each search domain first, then as it is; others the other way round.
 * R-NET-8: names are answered only while the nameserver's address has a ready backend.
 */
import type { NameAnswer } from '../runtime/socket.ts';
import type { Zone } from './records.ts';
import { lookUp } from './records.ts';

export interface ResolverOptions {
  readonly zone: Zone;
  /** Whether someone answers at a nameserver's address. */
  readonly answers: (nameserver: string) => boolean;
}

export interface ResolvConf {
  readonly nameserver: string;
  readonly search: readonly string[];
  readonly ndots: number;
}

export class Resolver {
  readonly #options: ResolverOptions;

  constructor(options: ResolverOptions) {
    this.#options = options;
  }

  resolve(name: string, conf: ResolvConf): NameAnswer | undefined {
    for (const candidate of candidates(name, conf)) {
      const answer = this.query(candidate, conf.nameserver);
      if (answer !== 'nxdomain' && answer !== 'unreachable') return answer;
    }
    return undefined;
  }

  /** One absolute name; aliases inside the cluster are followed. */
  query(name: string, nameserver: string): NameAnswer | 'nxdomain' | 'unreachable' {
    if (!this.#options.answers(nameserver)) return 'unreachable';
    let target = name;
    for (let hops = 0; hops < 8; hops++) {
      const answer = lookUp(target, this.#options.zone);
      if (!answer) return 'nxdomain';
      if (answer.kind === 'addresses') return { name: target.replace(/\.$/, ''), addresses: answer.addresses };
      target = answer.target;
    }
    return 'nxdomain';
  }
}

/** The absolute names to try, in order. */
export function candidates(name: string, { search, ndots }: ResolvConf): string[] {
  if (name.endsWith('.')) return [name.slice(0, -1)];
  const searched = search.map((domain) => `${name}.${domain}`);
  return name.split('.').length - 1 >= ndots ? [name, ...searched] : [...searched, name];
}
