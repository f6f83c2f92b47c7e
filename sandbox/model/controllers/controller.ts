/**
 * The loop that all controllers share: caches filled first, then each change names the keys to look at again. A controller
 * itself is a pure decision and the few calls that carry it out.
 */
import type { Clock } from '../../../kernel/clock.ts';
import type { Disposable } from '../../../kernel/disposable.ts';
import { DisposableStore } from '../../../kernel/disposable.ts';
import type { KubeObject, OwnerReference } from '../../../kernel/kube/object.ts';
import { keyOf } from '../../../kernel/kube/object.ts';
import type { Random } from '../../../kernel/random.ts';
import type { ApiClient } from '../../client/client.ts';
import type { Change, Informer } from '../../client/informer.ts';
import type { ObjectRef } from '../../contract.ts';
import type { Informers } from './informers.ts';
import { WorkQueue } from './work-queue.ts';

export interface ControllerContext {
  readonly client: ApiClient;
  readonly clock: Clock;
  readonly random: Random;
  readonly informers: Informers;
}

/** A cache to follow, and which keys a change in it concerns. */
export interface Source {
  readonly informer: Pick<Informer, 'synced' | 'onChange'>;
  readonly keys: (change: Change<KubeObject>) => readonly string[];
}

export interface Loop {
  readonly clock: Clock;
  readonly sources: readonly Source[];
  /** Brings the world closer to what is wanted; resolves with the ms after which to look again. Rejects to be called again. */
  readonly reconcile: (key: string) => Promise<number | undefined>;
  readonly workers?: number;
}

export interface RunningLoop extends Disposable {
  /** Looks at a key again. */
  add(key: string): void;
}

export function startLoop(loop: Loop): RunningLoop {
  const owned = new DisposableStore();
  const queue = owned.add(new WorkQueue({ clock: loop.clock, work: loop.reconcile, workers: loop.workers }));
  void Promise.all(loop.sources.map(({ informer }) => informer.synced)).then(() => {
    if (owned.ended) return;
    for (const { informer, keys } of loop.sources) {
      owned.add(informer.onChange((change) => keys(change).forEach((key) => queue.add(key))));
    }
  });
  return { dispose: () => owned.dispose(), add: (key) => queue.add(key) };
}

/** A Source of one kind, typed. */
export function source<T extends KubeObject>(
  informer: Informer<T>,
  keys: (change: Change<T>) => readonly string[],
): Source {
  return {
    informer: {
      synced: informer.synced,
      onChange: (listener) => informer.onChange((change) => listener(change)),
    },
    // Only ever called with this informer's own changes.
    keys: (change) => keys(change as Change<T>),
  };
}

/** The keys of the owners of one kind, before and after a change. */
export function ownerKeys(kind: string): (change: Change<KubeObject>) => readonly string[] {
  return ({ before, now }) => {
    const keys = new Set<string>();
    for (const object of [before, now]) {
      for (const owner of object?.metadata.ownerReferences ?? []) {
        if (owner.kind === kind) keys.add(`${object?.metadata.namespace ?? ''}/${owner.name}`);
      }
    }
    return [...keys];
  };
}

/** Names an object. */
export function refOf(object: KubeObject): ObjectRef {
  const { name = '', namespace } = object.metadata;
  return { apiVersion: object.apiVersion, kind: object.kind, name, namespace };
}

/** The reference that makes `owner` the controller of an object. */
export function controllerReference(owner: KubeObject): OwnerReference {
  const { name = '', uid = '' } = owner.metadata;
  return { apiVersion: owner.apiVersion, kind: owner.kind, name, uid, controller: true, blockOwnerDeletion: true };
}

/** Milliseconds between an RFC 3339 time and now; Infinity when there is none. */
export function millisecondsSince(time: string | undefined, now: number): number {
  return time === undefined ? Number.POSITIVE_INFINITY : now - Date.parse(time);
}

/** The key of the changed object itself. */
export function ownKey({ before, now }: Change<KubeObject>): readonly string[] {
  const object = now ?? before;
  return object ? [keyOf(object)] : [];
}
