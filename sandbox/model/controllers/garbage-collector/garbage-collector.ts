/**
 * Deletes what nobody owns any more, and carries foreground and orphan deletion to their end.
 *
 * R-CTRL-74 An owner counts as gone only when the API server itself says so, not when a cache lacks it.
 * R-CTRL-75 A cluster-scoped object that names a namespaced owner, or one in another namespace, gets the event
 *   `OwnerRefInvalidNamespace ownerRef [apps/v1/Deployment, namespace: , name: x, uid: y] does not exist in namespace ""`.
 */
import type { Disposable } from '../../../../kernel/disposable.ts';
import { DisposableStore } from '../../../../kernel/disposable.ts';
import { unreachable } from '../../../../kernel/errors.ts';
import type { KubeObject, OwnerReference } from '../../../../kernel/kube/object.ts';
import { keyOf } from '../../../../kernel/kube/object.ts';
import type { Change } from '../../../client/informer.ts';
import { isNotFound } from '../../../client/status.ts';
import type { CachedKind } from '../all-kinds.ts';
import { allKinds, findByGlobalKey, globalKey } from '../all-kinds.ts';
import type { ControllerContext, RunningLoop } from '../controller.ts';
import { refOf, startLoop } from '../controller.ts';
import { EventRecorder } from '../event-recorder.ts';
import type { GarbageAction, OwnerState } from './decide.ts';
import { decideGarbage, waitsForDependents } from './decide.ts';

export function startGarbageCollector(context: ControllerContext): Disposable {
  const owned = new DisposableStore();
  void allKinds(context).then((kinds) => {
    if (!owned.ended) owned.add(new GarbageCollector(context, kinds).start());
  });
  return owned;
}

class GarbageCollector {
  readonly #context: ControllerContext;
  readonly #kinds: readonly CachedKind[];
  readonly #recorder: EventRecorder;
  #loop: RunningLoop | undefined;

  constructor(context: ControllerContext, kinds: readonly CachedKind[]) {
    this.#context = context;
    this.#kinds = kinds;
    this.#recorder = new EventRecorder({ ...context, component: 'garbage-collector-controller' });
  }

  start(): Disposable {
    const loop = startLoop({
      clock: this.#context.clock,
      sources: this.#kinds.map(({ informer }) => ({ informer, keys: (change) => this.#touched(change) })),
      reconcile: (key) => this.#reconcile(key),
    });
    this.#loop = loop;
    return loop;
  }

  /** Only what may be garbage: new owner references, a deletion that waits, and those around an object that went. */
  #touched({ before, now }: Change<KubeObject>): readonly string[] {
    if (!now) {
      const { uid = '', ownerReferences = [] } = before?.metadata ?? {};
      const waiting = ownerReferences.flatMap((owner) => this.#byUid(owner.uid)).filter(waitsForDependents);
      return [...this.#dependents(uid), ...waiting].map(globalKey);
    }
    const owners = now.metadata.ownerReferences ?? [];
    const newOwners = before?.metadata.ownerReferences !== now.metadata.ownerReferences;
    const isSure = (owner: KubeObject): boolean => mayOwn(owner, now) && !waitsForDependents(owner);
    const unsure = newOwners && owners.some((owner) => !this.#byUid(owner.uid).some(isSure));
    const ending = now.metadata.deletionTimestamp !== undefined && (now.metadata.finalizers?.length ?? 0) > 0;
    const around = waitsForDependents(now) ? this.#dependents(now.metadata.uid ?? '').map(globalKey) : [];
    return [...(unsure || ending ? [globalKey(now)] : []), ...around];
  }

  #byUid(uid: string): readonly KubeObject[] {
    return this.#kinds.flatMap(({ informer }) => informer.by('uid', uid));
  }

  #dependents(uid: string): readonly KubeObject[] {
    return this.#kinds.flatMap(({ informer }) => informer.by('owner', uid));
  }

  async #reconcile(key: string): Promise<undefined> {
    const object = findByGlobalKey(this.#kinds, key);
    if (!object) return undefined;
    const references = object.metadata.ownerReferences ?? [];
    const owners = await Promise.all(
      references.map(async (reference) => ({ reference, state: await this.#stateOf(object, reference) })),
    );
    const dependents = this.#dependents(object.metadata.uid ?? '');
    await this.#carryOut(object, decideGarbage({ object, owners, dependents }));
    return undefined;
  }

  async #stateOf(object: KubeObject, reference: OwnerReference): Promise<OwnerState> {
    const [cached] = this.#byUid(reference.uid);
    const { namespace } = object.metadata;
    if (cached && mayOwn(cached, object)) {
      return waitsForDependents(cached) ? 'waiting' : 'there';
    }
    const served = await this.#context.client.discovery.find(reference.apiVersion, reference.kind);
    if (!served) return 'unknown';
    if (cached || (served.namespaced && namespace === undefined)) {
      this.#warn(object, reference);
      return served.namespaced && namespace === undefined ? 'unknown' : 'absent';
    }
    const owner = await this.#context.client.get({
      ...reference,
      namespace: served.namespaced ? namespace : undefined,
    });
    if (!owner || owner.metadata.uid !== reference.uid) return 'absent';
    return waitsForDependents(owner) ? 'waiting' : 'there';
  }

  #warn(object: KubeObject, { apiVersion, kind, name, uid }: OwnerReference): void {
    const { namespace = '' } = object.metadata;
    const owner = `[${apiVersion}/${kind}, namespace: ${namespace}, name: ${name}, uid: ${uid}]`;
    const message = `ownerRef ${owner} does not exist in namespace ${JSON.stringify(namespace)}`;
    this.#recorder.record(object, { type: 'Warning', reason: 'OwnerRefInvalidNamespace', message });
  }

  async #carryOut(object: KubeObject, action: GarbageAction): Promise<void> {
    const { client } = this.#context;
    const { uid } = object.metadata;
    switch (action.kind) {
      case 'none':
        return;
      case 'delete':
        await client.deleteWith(refOf(object), { propagationPolicy: action.policy, preconditions: { uid } });
        return;
      case 'drop-owners':
        return this.#dropOwners(object, action.uids);
      case 'drop-finalizer': {
        const finalizers = object.metadata.finalizers?.filter((one) => one !== action.finalizer) ?? [];
        return this.#patch(object, { finalizers: finalizers.length > 0 ? finalizers : null });
      }
      case 'look-at':
        for (const dependent of action.objects) this.#loop?.add(globalKey(dependent));
        return;
      case 'orphan':
        for (const dependent of action.objects) await this.#dropOwners(dependent, [uid ?? '']);
        await this.#shown(action.objects, uid ?? '');
        this.#loop?.add(globalKey(object));
        return;
      default:
        return unreachable(action);
    }
  }

  async #dropOwners(object: KubeObject, uids: readonly string[]): Promise<void> {
    const left = object.metadata.ownerReferences?.filter((owner) => !uids.includes(owner.uid)) ?? [];
    await this.#patch(object, { ownerReferences: left.length > 0 ? left : null });
  }

  /** Conditional on the version seen: finalizers and owners are whole lists, and others change them too. */
  async #patch(object: KubeObject, fields: object): Promise<void> {
    const { uid, resourceVersion } = object.metadata;
    try {
      await this.#context.client.patch(refOf(object), { metadata: { uid, resourceVersion, ...fields } });
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }

  /** Waits until the caches no longer show the objects as dependents. */
  async #shown(objects: readonly KubeObject[], uid: string): Promise<void> {
    for (const object of objects) {
      const informer = this.#kinds.find(
        ({ served }) => served.kind === object.kind && served.apiVersion === object.apiVersion,
      )?.informer;
      await informer?.until(() => !informer.by('owner', uid).some((one) => keyOf(one) === keyOf(object)));
    }
  }
}

/** An owner is in the same namespace, or in none. */
function mayOwn({ metadata: { namespace } }: KubeObject, object: KubeObject): boolean {
  return namespace === undefined || namespace === object.metadata.namespace;
}
