/**
 * Keeps as many Pods as each ReplicaSet asks for.
 *
 * R-CTRL-15 Pods are made in batches of 1, 2, 4, … until one fails (slow start; kube replicaset.slowStartBatch).
 * R-CTRL-16 Events `SuccessfulCreate Created pod: x`, `SuccessfulDelete Deleted pod: x`, `FailedCreate Error creating: …` (controller.RealPodControl).
 */
import { rfc3339 } from '../../../../kernel/clock.ts';
import type { Disposable } from '../../../../kernel/disposable.ts';
import { messageOf } from '../../../../kernel/errors.ts';
import type { KubeObject } from '../../../../kernel/kube/object.ts';
import { jsonEqual, keyOf } from '../../../../kernel/kube/object.ts';
import { fromLabelSelector } from '../../../../kernel/kube/selector.ts';
import type { Change } from '../../../client/informer.ts';
import type { Condition, Pod, ReplicaSet } from '../../../client/kinds.ts';
import type { ControllerContext } from '../controller.ts';
import { controllerReference, ownerKeys, ownKey, refOf, source, startLoop } from '../controller.ts';
import { EventRecorder } from '../event-recorder.ts';
import type { ReplicaSetPlan } from './decide.ts';
import { decideReplicaSet, failureCondition } from './decide.ts';

export function startReplicaSetController(context: ControllerContext): Disposable {
  const controller = new ReplicaSetController(context);
  const { informers, clock } = context;
  return startLoop({
    clock,
    sources: [source(informers.replicaSets(), ownKey), source(informers.pods(), (change) => controller.setsOf(change))],
    reconcile: (key) => controller.reconcile(key),
  });
}

class ReplicaSetController {
  readonly #context: ControllerContext;
  readonly #recorder: EventRecorder;

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#recorder = new EventRecorder({ ...context, component: 'replicaset-controller' });
  }

  /** The ReplicaSets that a change of a Pod concerns: its owners, and for an orphan those that select it. */
  setsOf(change: Change<Pod>): readonly string[] {
    const owners = ownerKeys('ReplicaSet')(change);
    const pod = change.now;
    if (!pod || pod.metadata.ownerReferences?.some((owner) => owner.controller)) return owners;
    const namespace = pod.metadata.namespace ?? '';
    const matching = this.#context.informers
      .replicaSets()
      .by('namespace', namespace)
      .filter((set) => fromLabelSelector(set.spec.selector).matches(pod.metadata.labels));
    return [...owners, ...matching.map(keyOf)];
  }

  async reconcile(key: string): Promise<number | undefined> {
    const { informers, clock } = this.#context;
    const replicaSet = informers.replicaSets().get(key);
    if (!replicaSet) return undefined;
    const { uid = '', namespace = '' } = replicaSet.metadata;
    const pods = informers.pods();
    const plan = decideReplicaSet({
      replicaSet,
      pods: [...pods.by('controller', uid), ...pods.by('controller', `none/${namespace}`)],
      now: clock.now(),
    });
    await this.#claim(replicaSet, plan);
    // With Pods just adopted, how many are missing is known only at the next look.
    const failure = plan.adopt.length > 0 ? undefined : await this.#manage(replicaSet, plan);
    await this.#writeStatus(replicaSet, plan, failure);
    if (failure) throw failure.error;
    return plan.again;
  }

  async #claim(replicaSet: ReplicaSet, plan: ReplicaSetPlan): Promise<void> {
    const { client, informers } = this.#context;
    for (const pod of plan.adopt) {
      const patch = {
        metadata: {
          uid: pod.metadata.uid,
          ownerReferences: [...(pod.metadata.ownerReferences ?? []), controllerReference(replicaSet)],
        },
      };
      await informers.pods().shows(await client.patch(refOf(pod), patch));
    }
    for (const pod of plan.release) {
      const others = pod.metadata.ownerReferences?.filter((owner) => owner.uid !== replicaSet.metadata.uid) ?? [];
      const patch = { metadata: { uid: pod.metadata.uid, ownerReferences: others.length > 0 ? others : null } };
      await informers.pods().shows(await client.patch(refOf(pod), patch));
    }
  }

  async #manage(
    replicaSet: ReplicaSet,
    plan: ReplicaSetPlan,
  ): Promise<{ condition: Condition; error: unknown } | undefined> {
    try {
      await this.#createPods(replicaSet, plan.create);
    } catch (error) {
      return { error, condition: failureCondition('FailedCreate', messageOf(error), this.#time()) };
    }
    try {
      await Promise.all(plan.remove.map((pod) => this.#deletePod(replicaSet, pod)));
    } catch (error) {
      return { error, condition: failureCondition('FailedDelete', messageOf(error), this.#time()) };
    }
    return undefined;
  }

  async #createPods(replicaSet: ReplicaSet, count: number): Promise<void> {
    let left = count;
    for (let batch = 1; left > 0; batch *= 2) {
      const size = Math.min(batch, left);
      const made = await Promise.allSettled(Array.from({ length: size }, () => this.#createPod(replicaSet)));
      const failed = made.find((result) => result.status === 'rejected');
      if (failed) throw failed.reason;
      left -= size;
    }
  }

  async #createPod(replicaSet: ReplicaSet): Promise<void> {
    const { client, informers } = this.#context;
    try {
      const pod = await client.create(podFrom(replicaSet));
      this.#recorder.record(replicaSet, {
        type: 'Normal',
        reason: 'SuccessfulCreate',
        message: `Created pod: ${pod.metadata.name}`,
      });
      await informers.pods().shows(pod);
    } catch (error) {
      this.#recorder.record(replicaSet, {
        type: 'Warning',
        reason: 'FailedCreate',
        message: `Error creating: ${messageOf(error)}`,
      });
      throw error;
    }
  }

  async #deletePod(replicaSet: ReplicaSet, pod: Pod): Promise<void> {
    const { client, informers } = this.#context;
    const { uid, name } = pod.metadata;
    const pods = informers.pods();
    if (!(await client.deleteWith(refOf(pod), { preconditions: { uid } }))) return;
    this.#recorder.record(replicaSet, { type: 'Normal', reason: 'SuccessfulDelete', message: `Deleted pod: ${name}` });
    await pods.until(() => {
      const known = pods.get(keyOf(pod));
      return known?.metadata.uid !== uid || known?.metadata.deletionTimestamp !== undefined;
    });
  }

  async #writeStatus(
    replicaSet: ReplicaSet,
    plan: ReplicaSetPlan,
    failure: { condition: Condition } | undefined,
  ): Promise<void> {
    const { client, informers } = this.#context;
    const kept = (plan.status.conditions ?? []).filter((condition) => condition.type !== 'ReplicaFailure');
    const before = plan.status.conditions?.find((condition) => condition.type === 'ReplicaFailure');
    // The first failure stands until it is over: each write calls this controller again, past any back-off.
    const conditions = failure ? [...kept, before ?? failure.condition] : kept;
    const { conditions: _, ...counts } = plan.status;
    const status = conditions.length > 0 ? { ...counts, conditions } : counts;
    if (jsonEqual(status, replicaSet.status ?? {})) return;
    const written = await client.updateStatus({ ...replicaSet, status });
    await informers.replicaSets().shows(written);
  }

  #time(): string {
    return rfc3339(this.#context.clock.now());
  }
}

function podFrom(replicaSet: ReplicaSet): KubeObject {
  const { metadata, spec } = replicaSet.spec.template;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      generateName: `${replicaSet.metadata.name}-`,
      namespace: replicaSet.metadata.namespace,
      labels: metadata?.labels,
      annotations: metadata?.annotations,
      finalizers: metadata?.finalizers,
      ownerReferences: [controllerReference(replicaSet)],
    },
    spec,
  };
}
