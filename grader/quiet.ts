/** Knows when waiting has become pointless: nothing that a lab looks at has changed for a while, and no Pod is on its way. */
import type { Source } from './check.ts';
import { bindCheck } from './checks/registry.ts';
import { distinctSources } from './evidence.ts';
import type { Lab } from './lab/schema.ts';
import { ObjectCache } from './object-cache.ts';
import type { ClusterReader } from '../sandbox/contract.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Disposable } from '../kernel/disposable.ts';
import { DisposableStore } from '../kernel/disposable.ts';
import { readPath } from '../kernel/kube/field-path.ts';
import type { KubeObject } from '../kernel/kube/object.ts';
import { isRecord } from '../kernel/kube/object.ts';

/** Controllers act within milliseconds; this is long even for a busy machine. */
const QUIET = 4000;
/** The scheduler keeps a Pod that found no node back for up to 10 s before it tries again. */
const QUIET_WHILE_PENDING = 11_000;

export interface QuietOptions {
  readonly lab: Lab;
  readonly cluster: ClusterReader;
  readonly clock: Clock;
  /** For how long (ms) nothing had changed already. */
  readonly unchangedFor: number;
}

/** Watches from its making until it is disposed. */
export class Quiet implements Disposable {
  readonly #owned = new DisposableStore();
  readonly #caches: readonly ObjectCache[];
  readonly #clock: Clock;
  #changedAt: number;
  #complete = false;

  constructor({ lab, cluster, clock, unchangedFor }: QuietOptions) {
    this.#clock = clock;
    this.#changedAt = clock.monotonic() - unchangedFor;
    const onChange = (): void => {
      // The first lists are what is there already, not a change.
      if (this.#complete) this.#changedAt = clock.monotonic();
      this.#complete = this.#caches.every((cache) => cache.objects !== undefined);
    };
    this.#caches = sourcesOf(lab).map((source) =>
      this.#owned.add(new ObjectCache({ source, reader: cluster, clock, onChange })),
    );
  }

  /** Whether nothing more is to be expected. While the cluster does not answer, nobody can know that. */
  get settled(): boolean {
    const objects = this.#caches.map((cache) => cache.objects);
    if (!this.#complete || objects.includes(undefined)) return false;
    const pods = objects.flatMap((list) => (list ?? []).filter(({ kind }) => kind === 'Pod')).map(progressOf);
    if (pods.includes('moving')) return false;
    const needed = pods.includes('pending') ? QUIET_WHILE_PENDING : QUIET;
    return this.#clock.monotonic() - this.#changedAt >= needed;
  }

  dispose(): void {
    this.#owned.dispose();
  }
}

/** What the criteria look at, and the Pods around it. */
function sourcesOf(lab: Lab): Source[] {
  const named = lab.tasks.flatMap((task) => task.criteria.flatMap((criterion) => bindCheck(criterion.check).sources));
  const namespaces = named.flatMap(({ namespace }) => (namespace === undefined ? [] : [namespace]));
  return distinctSources([...named, ...namespaces.map((namespace) => ({ apiVersion: 'v1', kind: 'Pod', namespace }))]);
}

function progressOf(pod: KubeObject): 'moving' | 'pending' | 'still' {
  const phase = readPath(pod, 'status.phase');
  if (pod.metadata.deletionTimestamp !== undefined) return 'moving';
  if (phase === 'Succeeded' || phase === 'Failed') return 'still';
  if (readPath(pod, 'spec.nodeName') === undefined) return 'pending';
  const conditions = readPath(pod, 'status.conditions');
  const ready =
    Array.isArray(conditions) && conditions.some((c) => isRecord(c) && c.type === 'Ready' && c.status === 'True');
  return ready ? 'still' : 'moving';
}
