/**
 * Removes Pods whose node is gone. Source: kubernetes podgc gcOrphaned.
 *
 * R-CTRL-83 A Pod assigned to a node that has been missing for 40 s, and that the API server does not know either, is deleted
 *   without grace.
 */
import type { Disposable } from '../../../../kernel/disposable.ts';
import { keyOf } from '../../../../kernel/kube/object.ts';
import type { Pod } from '../../../client/kinds.ts';
import type { ControllerContext } from '../controller.ts';
import { ownKey, refOf, source, startLoop } from '../controller.ts';

const QUARANTINE = 40_000;

export function startPodGc(context: ControllerContext): Disposable {
  const { client, informers, clock } = context;
  const missingSince = new Map<string, number>();
  const isLost = (pod: Pod | undefined): boolean => !!pod?.spec.nodeName && !informers.nodes().get(pod.spec.nodeName);
  return startLoop({
    clock,
    sources: [
      source(informers.pods(), ({ before, now }) => (isLost(now) ? ownKey({ before, now }) : [])),
      source(informers.nodes(), ({ before, now }) => {
        if (now) missingSince.delete(now.metadata.name ?? '');
        return now
          ? []
          : informers
              .pods()
              .list()
              .filter((pod) => pod.spec.nodeName === before?.metadata.name)
              .map(keyOf);
      }),
    ],
    reconcile: async (key) => {
      const pod = informers.pods().get(key);
      const node = pod?.spec.nodeName;
      if (!pod || !node || !isLost(pod)) return undefined;
      const since = missingSince.get(node) ?? clock.monotonic();
      missingSince.set(node, since);
      const left = since + QUARANTINE - clock.monotonic();
      if (left > 0) return left;
      if (await client.get({ apiVersion: 'v1', kind: 'Node', name: node })) return undefined;
      await client.deleteWith(refOf(pod), { gracePeriodSeconds: 0, preconditions: { uid: pod.metadata.uid } });
      return undefined;
    },
  });
}
