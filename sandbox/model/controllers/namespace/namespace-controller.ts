/**
 * Empties a namespace that is being deleted, then lets it go.
 *
 * R-CTRL-43 All objects in it are deleted in the background; with nothing left `spec.finalizers` is emptied through `/finalize`
 *   (kubernetes namespace/deletion). What goes late (Pods with grace, finalizers) is waited for.
 */
import { rfc3339 } from '../../../../kernel/clock.ts';
import type { Disposable } from '../../../../kernel/disposable.ts';
import { DisposableStore } from '../../../../kernel/disposable.ts';
import { messageOf } from '../../../../kernel/errors.ts';
import type { KubeObject } from '../../../../kernel/kube/object.ts';
import { jsonEqual } from '../../../../kernel/kube/object.ts';
import type { Change } from '../../../client/informer.ts';
import type { Namespace } from '../../../client/kinds.ts';
import { isConflict, isNotFound } from '../../../client/status.ts';
import type { CachedKind } from '../all-kinds.ts';
import { allKinds } from '../all-kinds.ts';
import type { ControllerContext } from '../controller.ts';
import { ownKey, refOf, source, startLoop } from '../controller.ts';
import { deletionConditions } from './decide.ts';

export function startNamespaceController(context: ControllerContext): Disposable {
  const owned = new DisposableStore();
  const { informers, clock } = context;
  const isEnding = (name: string): boolean =>
    informers.namespaces().get(name)?.metadata.deletionTimestamp !== undefined;
  const homes = ({ before, now }: Change<KubeObject>): readonly string[] => {
    const home = (now ?? before)?.metadata.namespace;
    return home !== undefined && isEnding(home) ? [home] : [];
  };
  void allKinds(context).then((kinds) => {
    if (owned.ended) return;
    const inside = kinds.filter(({ served }) => served.namespaced);
    const contents = inside.map(({ informer }) => ({ informer, keys: homes }));
    const sources = [source(informers.namespaces(), ownKey), ...contents];
    owned.add(startLoop({ clock, sources, reconcile: (key) => reconcile(context, inside, key) }));
  });
  return owned;
}

async function reconcile(context: ControllerContext, kinds: readonly CachedKind[], name: string): Promise<undefined> {
  const { client, clock, informers } = context;
  const namespace = informers.namespaces().get(name);
  if (!namespace || namespace.metadata.deletionTimestamp === undefined || !namespace.spec?.finalizers?.length)
    return undefined;
  const failures: string[] = [];
  for (const object of kinds.flatMap(({ informer }) => informer.by('namespace', name))) {
    if (object.metadata.deletionTimestamp !== undefined) continue;
    await client
      .deleteWith(refOf(object), { propagationPolicy: 'Background' })
      .catch((error: unknown) => failures.push(messageOf(error)));
  }
  await client.request({ method: 'DELETE', path: `/api/v1/namespaces/${name}/events` });
  const remaining = await Promise.all(
    kinds.map(async (kind) => ({ resource: resourceOf(kind), objects: await itemsOf(context, kind, name) })),
  );
  const time = rfc3339(clock.now());
  const conditions = deletionConditions({ remaining, failures, before: namespace.status?.conditions ?? [], time });
  const empty = remaining.every(({ objects }) => objects.length === 0);
  const current = jsonEqual(conditions, namespace.status?.conditions ?? [])
    ? namespace
    : await write(context, namespace, { ...namespace.status, conditions });
  if (empty && current) await finalize(context, current);
  return undefined;
}

/** Asked of the server, for a cache may not yet show what was just made. */
async function itemsOf(
  { client }: ControllerContext,
  { served }: CachedKind,
  namespace: string,
): Promise<readonly KubeObject[]> {
  return (await client.list({ apiVersion: served.apiVersion, kind: served.kind, namespace })).items;
}

function resourceOf({ served }: CachedKind): string {
  const group = served.apiVersion.includes('/') ? served.apiVersion.split('/')[0] : '';
  return `${served.resource}.${group}`;
}

async function write(
  { client }: ControllerContext,
  namespace: Namespace,
  status: object,
): Promise<KubeObject | undefined> {
  try {
    return await client.updateStatus({ ...namespace, status });
  } catch (error) {
    // The change that beat us brings this namespace round again.
    if (isConflict(error) || isNotFound(error)) return undefined;
    throw error;
  }
}

async function finalize({ client }: ControllerContext, namespace: KubeObject): Promise<void> {
  try {
    await client.update({ ...namespace, spec: { finalizers: [] } }, 'finalize');
  } catch (error) {
    if (!isNotFound(error) && !isConflict(error)) throw error;
  }
}
