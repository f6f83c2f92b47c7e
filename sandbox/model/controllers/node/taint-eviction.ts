/**
 * Removes Pods from nodes whose NoExecute taints they do not tolerate. Source: kubernetes tainteviction.
 *
 * R-CTRL-82 A Pod that lacks a toleration goes at once; one that tolerates for `tolerationSeconds` goes when the shortest is over,
 *   counted from the taint's timeAdded; the Pod gets the condition DisruptionTarget DeletionByTaintManager and the event
 *   `TaintManagerEviction Marking for deletion Pod ns/p`.
 */
import { rfc3339 } from '../../../../kernel/clock.ts';
import type { Disposable } from '../../../../kernel/disposable.ts';
import { keyOf } from '../../../../kernel/kube/object.ts';
import type { Node, Pod, Taint } from '../../../client/kinds.ts';
import { isPodTerminal } from '../../../client/kinds.ts';
import { tolerates } from '../../../client/toleration.ts';
import type { ControllerContext } from '../controller.ts';
import { ownKey, refOf, source, startLoop } from '../controller.ts';
import { EventRecorder } from '../event-recorder.ts';

export function startTaintEviction(context: ControllerContext): Disposable {
  const { informers, clock } = context;
  const recorder = new EventRecorder({ ...context, component: 'taint-eviction-controller' });
  const podsOn = (node: Node | undefined): readonly string[] =>
    informers
      .pods()
      .list()
      .filter((pod) => pod.spec.nodeName === node?.metadata.name)
      .map(keyOf);
  return startLoop({
    clock,
    sources: [
      source(informers.pods(), ({ before, now }) =>
        now?.spec.nodeName !== before?.spec.nodeName ? ownKey({ before, now }) : [],
      ),
      source(informers.nodes(), ({ before, now }) => (before?.spec.taints === now?.spec.taints ? [] : podsOn(now))),
    ],
    reconcile: async (key) => {
      const pod = informers.pods().get(key);
      const node = informers.nodes().get(pod?.spec.nodeName ?? '');
      if (!pod || !node || pod.metadata.deletionTimestamp !== undefined || isPodTerminal(pod)) return undefined;
      const wait = evictionWait(pod, node.spec.taints ?? [], clock.now());
      if (wait !== 0) return wait;
      await evict(context, recorder, pod);
      return undefined;
    },
  });
}

/** Milliseconds until the Pod must go; 0 for now, undefined for never. */
export function evictionWait(pod: Pod, taints: readonly Taint[], now: number): number | undefined {
  const waits = taints
    .filter((taint) => taint.effect === 'NoExecute')
    .map((taint) => {
      const matching = (pod.spec.tolerations ?? []).filter((toleration) => tolerates([toleration], taint));
      if (matching.length === 0) return 0;
      const seconds = matching.map((toleration) => toleration.tolerationSeconds ?? Number.POSITIVE_INFINITY);
      const since = taint.timeAdded === undefined ? now : Date.parse(taint.timeAdded);
      return Math.max(0, since + Math.min(...seconds) * 1000 - now);
    });
  const shortest = Math.min(...waits);
  return Number.isFinite(shortest) ? shortest : undefined;
}

async function evict({ client, clock }: ControllerContext, recorder: EventRecorder, pod: Pod): Promise<void> {
  const { namespace, name, uid, generation } = pod.metadata;
  recorder.record(pod, {
    type: 'Normal',
    reason: 'TaintManagerEviction',
    message: `Marking for deletion Pod ${namespace}/${name}`,
  });
  const condition = {
    type: 'DisruptionTarget',
    status: 'True',
    reason: 'DeletionByTaintManager',
    message: 'Taint manager: deleting due to NoExecute taint',
    lastTransitionTime: rfc3339(clock.now()),
    observedGeneration: generation,
  };
  await client.patchWith(refOf(pod), {
    patch: { metadata: { uid }, status: { conditions: [condition] } },
    type: 'strategic',
    subresource: 'status',
  });
  await client.deleteWith(refOf(pod), { preconditions: { uid } });
}
