/** Caches of every kind that can be listed, watched and deleted, Events aside: the garbage collector and namespace deletion need them. */
import type { KubeObject } from '../../../kernel/kube/object.ts';
import { keyOf } from '../../../kernel/kube/object.ts';
import type { Informer } from '../../client/informer.ts';
import type { ServedKind } from '../../client/discovery.ts';
import type { ControllerContext } from './controller.ts';

export interface CachedKind {
  readonly served: ServedKind;
  readonly informer: Informer;
}

/** Resolves when all the caches are filled. */
export async function allKinds({ client, informers }: ControllerContext): Promise<readonly CachedKind[]> {
  const served = await client.discovery.all();
  const kept = served.filter(
    ({ kind, verbs }) => kind !== 'Event' && ['list', 'watch', 'delete'].every((verb) => verbs.includes(verb)),
  );
  const kinds = kept.map((one) => ({ served: one, informer: informers.of(one.apiVersion, one.kind) }));
  await Promise.all(kinds.map(({ informer }) => informer.synced));
  return kinds;
}

/** Names an object among all kinds. */
export function globalKey(object: KubeObject): string {
  return `${object.apiVersion}|${object.kind}|${keyOf(object)}`;
}

export function findByGlobalKey(kinds: readonly CachedKind[], key: string): KubeObject | undefined {
  const [apiVersion, kind, name = ''] = key.split('|');
  return kinds.find(({ served }) => served.apiVersion === apiVersion && served.kind === kind)?.informer.get(name);
}
