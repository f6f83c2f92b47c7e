/**
 * Gives each waiting Pod a node: one after the other, each on a fresh snapshot.
 *
 * R-SCHED-31 Only Pods of `schedulerName: default-scheduler` without a node; others stay Pending without condition or event.
 * R-SCHED-32 The node with the most points wins; equals are drawn by lot. It is bound through `pods/binding`.
 * R-SCHED-33 Events `Scheduled Successfully assigned ns/p to node` and `FailedScheduling` with the words of `message.ts`; the Pod's
 *   condition PodScheduled is False, reason Unschedulable, with the same words.
 */
import { rfc3339 } from '../../../kernel/clock.ts';
import type { Disposable } from '../../../kernel/disposable.ts';
import { DisposableStore } from '../../../kernel/disposable.ts';
import { messageOf } from '../../../kernel/errors.ts';
import { controllerOf, jsonEqual, keyOf } from '../../../kernel/kube/object.ts';
import type { LabelSelector } from '../../../kernel/kube/selector.ts';
import { pick } from '../../../kernel/random.ts';
import type { Change } from '../../client/informer.ts';
import type { Condition, Node, Pod } from '../../client/kinds.ts';
import { conditionOf, isPodTerminal } from '../../client/kinds.ts';
import { isNotFound } from '../../client/status.ts';
import type { ControllerContext } from '../controllers/controller.ts';
import { refOf } from '../controllers/controller.ts';
import { EventRecorder } from '../controllers/event-recorder.ts';
import type { Evaluation } from './evaluate.ts';
import { evaluate } from './evaluate.ts';
import { unschedulableMessage } from './message.ts';
import type { ClusterEvent } from './requeue.ts';
import { nodeEvent, podEvent } from './requeue.ts';
import type { Snapshot } from './snapshot.ts';
import { makeSnapshot, spreadSelectors } from './snapshot.ts';
import { reserveVolumes } from './volume-reservation.ts';
import { WaitingPods } from './waiting-pods.ts';

const NAME = 'default-scheduler';
const BINDINGS = { apiVersion: 'v1', kind: 'Binding', resource: 'pods', namespaced: true };

export class Scheduler implements Disposable {
  readonly #context: ControllerContext;
  readonly #recorder: EventRecorder;
  readonly #owned = new DisposableStore();
  readonly #waiting: WaitingPods;
  /** Pods with a node chosen that the cache does not show yet. */
  readonly #assumed = new Map<string, Pod>();
  #working = false;

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#recorder = new EventRecorder({ ...context, component: NAME });
    this.#waiting = this.#owned.add(new WaitingPods(context.clock, () => this.#wake()));
    void this.#start();
  }

  dispose(): void {
    this.#owned.dispose();
  }

  async #start(): Promise<void> {
    const { informers } = this.#context;
    const volumes = [informers.claims(), informers.volumes(), informers.storageClasses()] as const;
    const others = [informers.services(), informers.replicaSets(), informers.namespaces()] as const;
    await Promise.all([informers.pods(), informers.nodes(), ...volumes, ...others].map((informer) => informer.synced));
    if (this.#owned.ended) return;
    this.#owned.add(informers.pods().onChange((change) => this.#podChanged(change)));
    this.#owned.add(informers.nodes().onChange((change) => this.#heard(nodeEvent(change))));
    for (const informer of volumes) this.#owned.add(informer.onChange(() => this.#heard('volume')));
  }

  #heard(event: ClusterEvent | undefined): void {
    if (event) this.#waiting.heard(event);
  }

  #podChanged(change: Change<Pod>): void {
    const pod = change.now ?? change.before;
    if (!pod) return;
    const key = keyOf(pod);
    if (change.now?.spec.nodeName || !change.now) this.#assumed.delete(key);
    if (change.now && isWaitingForUs(change.now)) {
      if (!this.#assumed.has(key)) this.#waiting.put(change.now, isNews(change));
    } else {
      this.#waiting.remove(key);
    }
    this.#heard(podEvent(change));
  }

  #wake(): void {
    if (this.#working || this.#owned.ended) return;
    this.#working = true;
    // One microtask later, so that a burst of new Pods is sorted by priority first.
    void Promise.resolve().then(() => this.#work());
  }

  async #work(): Promise<void> {
    for (let pod = this.#waiting.next(); pod && !this.#owned.ended; pod = this.#waiting.next()) await this.#try(pod);
    this.#working = false;
  }

  async #try(pod: Pod): Promise<void> {
    const snapshot = this.#snapshot();
    const evaluation = evaluate(pod, snapshot);
    const node = this.#best(evaluation);
    if (!node) return this.#fail(pod, evaluation);
    this.#assumed.set(keyOf(pod), { ...pod, spec: { ...pod.spec, nodeName: node.metadata.name } });
    // Waiting for volumes must not hold up the Pods behind.
    void this.#bind(pod, node, snapshot);
  }

  #best({ refusal, nodes }: Evaluation): Node | undefined {
    const feasible = refusal ? [] : nodes.filter((node) => node.refusal === undefined);
    if (feasible.length === 0) return undefined;
    const most = Math.max(...feasible.map((node) => node.total));
    return pick(
      this.#context.random,
      feasible.filter((node) => node.total === most),
    ).state.node;
  }

  async #bind(pod: Pod, node: Node, snapshot: Snapshot): Promise<void> {
    const { client, informers } = this.#context;
    const { name = '', namespace, uid } = pod.metadata;
    const target = { apiVersion: 'v1', kind: 'Node', name: node.metadata.name };
    const binding = { apiVersion: 'v1', kind: 'Binding', metadata: { name, namespace, uid }, target };
    try {
      await reserveVolumes(pod, node, { client, claims: informers.claims(), snapshot });
      if (this.#owned.ended) return;
      await client.createIn(BINDINGS, binding, { name, path: 'binding' });
      const message = `Successfully assigned ${namespace}/${name} to ${node.metadata.name}`;
      this.#recorder.record(pod, { type: 'Normal', reason: 'Scheduled', message });
    } catch (error) {
      this.#assumed.delete(keyOf(pod));
      if (isNotFound(error) || this.#owned.ended) return;
      this.#recorder.record(pod, { type: 'Warning', reason: 'FailedScheduling', message: messageOf(error) });
      this.#waiting.refused(pod, new Set());
    }
  }

  async #fail(pod: Pod, evaluation: Evaluation): Promise<void> {
    const { refusal, nodes } = evaluation;
    // A gated Pod gets its condition from the API server and no event.
    if (refusal?.plugin === 'SchedulingGates') return this.#waiting.gated(pod);
    const refusals = refusal ? [refusal] : nodes.flatMap((node) => (node.refusal ? [node.refusal] : []));
    this.#waiting.refused(pod, new Set(nodes.length === 0 ? ['NodeName'] : refusals.map((one) => one.plugin)));
    const message = unschedulableMessage(evaluation, pod.spec.preemptionPolicy);
    this.#recorder.record(pod, { type: 'Warning', reason: 'FailedScheduling', message });
    await this.#writeCondition(pod, message).catch(() => undefined);
  }

  async #writeCondition(pod: Pod, message: string): Promise<void> {
    const conditions = pod.status?.conditions ?? [];
    const before = conditionOf(conditions, 'PodScheduled');
    const now = rfc3339(this.#context.clock.now());
    const next: Condition = {
      type: 'PodScheduled',
      status: 'False',
      lastProbeTime: null,
      lastTransitionTime: before?.status === 'False' ? before.lastTransitionTime : now,
      reason: 'Unschedulable',
      message,
      observedGeneration: pod.metadata.generation,
    };
    if (before && jsonEqual(before, next)) return;
    const patch = { metadata: { uid: pod.metadata.uid }, status: { conditions: [next] } };
    await this.#context.client.patchWith(refOf(pod), { patch, type: 'strategic', subresource: 'status' });
  }

  #snapshot(): Snapshot {
    const { informers } = this.#context;
    const pods = informers.pods().list();
    const assumed = [...this.#assumed.values()].filter((pod) => !informers.pods().get(keyOf(pod))?.spec.nodeName);
    return makeSnapshot({
      nodes: informers.nodes().list(),
      pods: [...pods, ...assumed],
      claims: informers.claims().list(),
      volumes: informers.volumes().list(),
      storageClasses: informers.storageClasses().list(),
      namespaces: informers.namespaces().list(),
      selectors: (pod) => this.#selectors(pod),
    });
  }

  #selectors(pod: Pod): readonly LabelSelector[] {
    const { informers } = this.#context;
    return spreadSelectors(pod, {
      services: informers.services().by('namespace', pod.metadata.namespace ?? ''),
      replicaSets: informers.replicaSets().by('uid', controllerOf(pod)?.uid ?? ''),
    });
  }
}

function isWaitingForUs(pod: Pod): boolean {
  return (
    !pod.spec.nodeName &&
    (pod.spec.schedulerName ?? NAME) === NAME &&
    pod.metadata.deletionTimestamp === undefined &&
    !isPodTerminal(pod)
  );
}

/** Whether the Pod itself changed in a way that may make it schedulable: gates, tolerations, labels. */
function isNews({ before, now }: Change<Pod>): boolean {
  return !before || !jsonEqual(before.spec, now?.spec) || !jsonEqual(before.metadata.labels, now?.metadata.labels);
}
