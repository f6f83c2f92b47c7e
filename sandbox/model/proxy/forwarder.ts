/** kube-proxy: keeps the rules current from the API and picks backends. One table serves all nodes. */
import type { Disposable } from '../../../kernel/disposable.ts';
import { DisposableStore } from '../../../kernel/disposable.ts';
import { keyOf } from '../../../kernel/kube/object.ts';
import type { Random } from '../../../kernel/random.ts';
import { pick } from '../../../kernel/random.ts';
import type { Informer } from '../../client/informer.ts';
import type { Target } from '../cni/network.ts';
import type { Rule, RuleTable } from './rules.ts';
import { buildRules } from './rules.ts';
import type { EndpointSlice, Service } from './service.ts';

export interface ForwarderOptions {
  readonly services: Informer<Service>;
  /** Indexed as `service` by `namespace/name` of the Service. */
  readonly slices: Informer<EndpointSlice>;
  readonly nodeAddresses: ReadonlySet<string>;
  readonly random: Random;
}

export class Forwarder implements Disposable {
  readonly #options: ForwarderOptions;
  readonly #owned = new DisposableStore();
  readonly #sticky = new Map<string, Target>();
  #table: RuleTable | undefined;

  constructor(options: ForwarderOptions) {
    this.#options = options;
    // Built when next asked: a burst of changes costs one build.
    const stale = (): void => void (this.#table = undefined);
    this.#owned.add(options.services.onChange(stale));
    this.#owned.add(options.slices.onChange(stale));
  }

  get rules(): RuleTable {
    const { services, slices } = this.#options;
    return (this.#table ??= buildRules(services.list(), (service) => slices.by('service', keyOf(service))));
  }

  /** A backend for a Service's address, a refusal, or undefined when it is no Service's. */
  forward(to: Target, from: string, protocol = 'TCP'): Target | 'refused' | undefined {
    const key = this.#options.nodeAddresses.has(to.address)
      ? `*:${to.port}/${protocol}`
      : `${to.address}:${to.port}/${protocol}`;
    const rule = this.rules.get(key);
    if (!rule) return undefined;
    if (rule.backends.length === 0) return 'refused';
    return rule.clientIPAffinity ? this.#stick(rule, `${from} ${key}`) : pick(this.#options.random, rule.backends);
  }

  /** R-NET-5: with ClientIP affinity a client keeps its backend while that is one. */
  #stick(rule: Rule, key: string): Target {
    const before = this.#sticky.get(key);
    if (before && rule.backends.some(({ address, port }) => address === before.address && port === before.port))
      return before;
    const chosen = pick(this.#options.random, rule.backends);
    if (this.#sticky.size > 1000) this.#sticky.clear();
    this.#sticky.set(key, chosen);
    return chosen;
  }

  dispose(): void {
    this.#owned.dispose();
  }
}
