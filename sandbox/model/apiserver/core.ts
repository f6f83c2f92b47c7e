/** What every handler of one API server shares. */
import type { Clock } from '../../../kernel/clock.ts';
import type { Random } from '../../../kernel/random.ts';
import type { KubeletApi } from '../kubelet/kubelet-api.ts';
import type { KindIndex } from './kind-index.ts';
import type { Admission, Lookup, WriteContext } from './kind.ts';
import type { Registry } from './registry.ts';
import type { Schema } from './schema/schema.ts';
import type { TokenIssuer } from './tokens.ts';
import type { VersionFields } from './version.ts';

export interface Core {
  readonly registry: Registry;
  readonly lookup: Lookup;
  readonly kinds: KindIndex;
  readonly schema: Schema;
  readonly admission: readonly Admission[];
  readonly clock: Clock;
  readonly random: Random;
  readonly version: VersionFields;
  readonly tokens: TokenIssuer;
  /** The kubelet of a node; undefined when it is not running. */
  readonly kubelet: (node: string) => KubeletApi | undefined;
}

/** The view of the core that kinds and admission get. */
export function writeContext(core: Core, warn: (text: string) => void): WriteContext {
  return { clock: core.clock, random: core.random, lookup: core.lookup, warn };
}
