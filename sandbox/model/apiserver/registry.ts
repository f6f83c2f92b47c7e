/**
 * Where objects of a kind stand in the store: `/registry/<plural>[.<group>]/[<namespace>/]<name>`. Translates between the
 * stored form and a kind's second face (`storedAs`).
 */
import type { Disposable } from '../../../kernel/disposable.ts';
import type { KubeObject } from '../../../kernel/kube/object.ts';
import type { RangeResult, Store, StoreEvent } from '../etcd/store.ts';
import { resourceName } from './errors.ts';
import type { Kind, Lookup } from './kind.ts';

export interface RangeOptions {
  readonly namespace?: string;
  /** `namespace/name` after which to start. */
  readonly after?: string;
  readonly limit?: number;
  readonly revision?: number;
}

export class Registry {
  readonly store: Store;

  constructor(store: Store) {
    this.store = store;
  }

  get(kind: Kind, name: string, namespace?: string): KubeObject | undefined {
    const stored = this.store.get(keyFor(kind, name, namespace));
    return stored && face(kind, stored);
  }

  /** Stores what must not be there yet. Throws RevisionConflict when it is. */
  create(kind: Kind, object: KubeObject): KubeObject {
    return this.#put(kind, object, '');
  }

  /** Replaces the object that has the given resourceVersion. Throws RevisionConflict. */
  replace(kind: Kind, object: KubeObject, previous: KubeObject): KubeObject {
    return this.#put(kind, object, previous.metadata.resourceVersion ?? '');
  }

  remove(kind: Kind, object: KubeObject): KubeObject {
    const { name = '', namespace } = object.metadata;
    const last = this.store.delete(keyFor(kind, name, namespace));
    return last ? face(kind, last) : object;
  }

  range(kind: Kind, options: RangeOptions = {}): RangeResult {
    const prefix = prefixFor(kind, options.namespace);
    const after = options.after === undefined ? undefined : prefixFor(kind) + options.after;
    const result = this.store.range({ prefix, after, limit: options.limit, revision: options.revision });
    if (!kind.storedAs) return result;
    return { ...result, items: result.items.map(({ key, value }) => ({ key, value: face(kind, value) })) };
  }

  watch(at: { kind: Kind; namespace?: string; after: number }, onEvent: (event: StoreEvent) => void): Disposable {
    const { kind } = at;
    const prefix = prefixFor(kind, at.namespace);
    if (!kind.storedAs) return this.store.watch(prefix, at.after, onEvent);
    return this.store.watch(prefix, at.after, (event) =>
      onEvent({
        ...event,
        value: event.value && face(kind, event.value),
        previous: event.previous && face(kind, event.previous),
      }),
    );
  }

  #put(kind: Kind, object: KubeObject, expected: string): KubeObject {
    const { name = '', namespace } = object.metadata;
    const stored = kind.storedAs ? kind.storedAs.toStored(object) : object;
    return face(kind, this.store.put(keyFor(kind, name, namespace), stored, expected));
  }
}

function face(kind: Kind, stored: KubeObject): KubeObject {
  return kind.storedAs ? kind.storedAs.fromStored(stored) : stored;
}

function prefixFor(kind: Kind, namespace?: string): string {
  const root = `/registry/${resourceName(kind.storedAs ?? kind)}/`;
  return kind.namespaced && namespace !== undefined ? `${root}${namespace}/` : root;
}

/** The store key of an object. */
export function keyFor(kind: Kind, name: string, namespace?: string): string {
  return prefixFor(kind, namespace) + name;
}

/** The `namespace/name` part of a store key. */
export function keyWithin(kind: Kind, key: string): string {
  return key.slice(prefixFor(kind).length);
}

/** Reads the store by `plural.group`, for admission and allocation. */
export function lookupOf(store: Store): Lookup {
  const root = (resource: string, namespace?: string): string =>
    `/registry/${resource}/${namespace === undefined ? '' : `${namespace}/`}`;
  return {
    get: (resource, name, namespace) => store.get(root(resource, namespace) + name),
    list: (resource, namespace) => store.range({ prefix: root(resource, namespace) }).items.map(({ value }) => value),
  };
}
