/** Carries out what `decide.ts` says about Deployments: makes, sizes and removes their ReplicaSets and writes their status. */
import type { Disposable } from '../../../../kernel/disposable.ts';
import { messageOf } from '../../../../kernel/errors.ts';
import { unreachable } from '../../../../kernel/errors.ts';
import type { KubeObject } from '../../../../kernel/kube/object.ts';
import { controllerOf, keyOf } from '../../../../kernel/kube/object.ts';
import { fromLabelSelector } from '../../../../kernel/kube/selector.ts';
import type { Change } from '../../../client/informer.ts';
import type { Deployment, Pod, ReplicaSet } from '../../../client/kinds.ts';
import { StatusError } from '../../../client/status.ts';
import type { ControllerContext } from '../controller.ts';
import { controllerReference, ownerKeys, ownKey, refOf, source, startLoop } from '../controller.ts';
import { EventRecorder } from '../event-recorder.ts';
import type { DeploymentAction } from './rollout.ts';
import { decideDeployment } from './decide.ts';
import { REVISION, revisionOf } from './revision.ts';
import { deploymentCondition, nextDeadline, withCondition } from './status.ts';

export function startDeploymentController(context: ControllerContext): Disposable {
  const controller = new DeploymentController(context);
  const { informers, clock } = context;
  return startLoop({
    clock,
    sources: [
      source(informers.deployments(), ownKey),
      source(informers.replicaSets(), (change) => controller.deploymentsOf(change)),
      source(informers.pods(), (change) => controller.deploymentsOfPod(change)),
    ],
    reconcile: (key) => controller.reconcile(key),
  });
}

class DeploymentController {
  readonly #context: ControllerContext;
  readonly #recorder: EventRecorder;

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#recorder = new EventRecorder({ ...context, component: 'deployment-controller' });
  }

  /** The owner of a ReplicaSet, or for an orphan the Deployments that select it. */
  deploymentsOf(change: Change<ReplicaSet>): readonly string[] {
    const set = change.now;
    if (!set || controllerOf(set)) return ownerKeys('Deployment')(change);
    const { labels, namespace = '' } = set.metadata;
    const all = this.#context.informers.deployments().by('namespace', namespace);
    return all.filter((one) => fromLabelSelector(one.spec.selector).matches(labels)).map(keyOf);
  }

  /** Recreate waits for the last old Pod to be gone; nothing else here looks at Pods. */
  deploymentsOfPod({ before, now }: Change<Pod>): readonly string[] {
    const owner = before && (!now || now.status?.phase !== before.status?.phase) ? controllerOf(before) : undefined;
    const sets = owner ? this.#context.informers.replicaSets().by('uid', owner.uid) : [];
    return sets.flatMap((set) => ownerKeys('Deployment')({ before: undefined, now: set }));
  }

  async reconcile(key: string): Promise<number | undefined> {
    const { informers, clock } = this.#context;
    const deployment = informers.deployments().get(key);
    if (!deployment) return undefined;
    if (await this.#claim(deployment)) return 0;
    const sets = informers.replicaSets().by('controller', deployment.metadata.uid ?? '');
    const pods = sets.flatMap((set) => informers.pods().by('controller', set.metadata.uid ?? ''));
    for (const action of decideDeployment({ deployment, sets, pods, now: clock.now() })) {
      await this.#carryOut(deployment, action);
    }
    return nextDeadline(informers.deployments().get(key) ?? deployment, clock.now());
  }

  /** Adopts matching ReplicaSets without a controller and lets go of those that match no more. Says whether any changed. */
  async #claim(deployment: Deployment): Promise<boolean> {
    const { informers } = this.#context;
    const { uid = '', namespace = '', deletionTimestamp } = deployment.metadata;
    if (deletionTimestamp !== undefined) return false;
    const selector = fromLabelSelector(deployment.spec.selector);
    const sets = informers.replicaSets();
    const orphans = sets.by('controller', `none/${namespace}`).filter((set) => selector.matches(set.metadata.labels));
    const strays = sets.by('controller', uid).filter((set) => !selector.matches(set.metadata.labels));
    for (const set of orphans)
      await this.#setOwners(set, [...(set.metadata.ownerReferences ?? []), controllerReference(deployment)]);
    for (const set of strays)
      await this.#setOwners(set, set.metadata.ownerReferences?.filter((owner) => owner.uid !== uid) ?? []);
    return orphans.length + strays.length > 0;
  }

  async #setOwners(set: ReplicaSet, owners: readonly object[]): Promise<void> {
    const patch = { metadata: { uid: set.metadata.uid, ownerReferences: owners.length > 0 ? owners : null } };
    await this.#seen(await this.#context.client.patch(refOf(set), patch));
  }

  async #carryOut(deployment: Deployment, action: DeploymentAction): Promise<void> {
    const { client, informers } = this.#context;
    switch (action.kind) {
      case 'create':
        return this.#create(deployment, action.set);
      case 'annotate': {
        const { set, annotations, minReadySeconds } = action;
        const spec = minReadySeconds === undefined ? set.spec : { ...set.spec, minReadySeconds };
        return this.#seen(await client.update({ ...set, metadata: { ...set.metadata, annotations }, spec }));
      }
      case 'scale':
        return this.#scale(deployment, action);
      case 'remove':
        await client.deleteWith(refOf(action.set), {
          propagationPolicy: 'Background',
          preconditions: { uid: action.set.metadata.uid },
        });
        return informers
          .replicaSets()
          .until(() => informers.replicaSets().get(keyOf(action.set))?.metadata.uid !== action.set.metadata.uid);
      case 'status': {
        const metadata = {
          ...deployment.metadata,
          annotations: { ...deployment.metadata.annotations, ...action.annotations },
        };
        const written = await client.updateStatus({ ...deployment, metadata, status: action.status });
        return informers.deployments().shows(written);
      }
      default:
        return unreachable(action);
    }
  }

  async #create(deployment: Deployment, set: ReplicaSet): Promise<void> {
    const { client, informers, clock } = this.#context;
    const now = clock.now();
    try {
      await this.#seen(await client.create(set));
    } catch (error) {
      if (error instanceof StatusError && error.reason === 'AlreadyExists') return this.#collided(deployment, set);
      const failed = deploymentCondition('Progressing', {
        status: 'False',
        reason: 'FailedCreate',
        message: messageOf(error),
        now,
      });
      await this.#writeCondition(deployment, failed, {});
      throw error;
    }
    if (set.spec.replicas) this.#announce(deployment, { name: set.metadata.name, from: 0, to: set.spec.replicas });
    const message = `Created new replica set "${set.metadata.name}"`;
    const created = deploymentCondition('Progressing', {
      status: 'True',
      reason: 'NewReplicaSetCreated',
      message,
      now,
    });
    const current = informers.deployments().get(keyOf(deployment)) ?? deployment;
    await this.#writeCondition(current, created, { [REVISION]: String(revisionOf(set)) });
  }

  async #writeCondition(
    deployment: Deployment,
    condition: ReturnType<typeof deploymentCondition>,
    annotations: Record<string, string>,
  ): Promise<void> {
    if (deployment.spec.progressDeadlineSeconds === undefined) return;
    const status = { ...deployment.status, conditions: withCondition(deployment.status?.conditions, condition) };
    await this.#carryOut(deployment, { kind: 'status', status, annotations });
  }

  /** Another template has the same hash: count the collision, so that the next try hashes to another name. */
  async #collided(deployment: Deployment, set: ReplicaSet): Promise<void> {
    const { client, informers } = this.#context;
    const there = await client.get(refOf(set));
    if (!there || controllerOf(there)?.uid === deployment.metadata.uid) return;
    const status = { ...deployment.status, collisionCount: (deployment.status?.collisionCount ?? 0) + 1 };
    await informers.deployments().shows(await client.updateStatus({ ...deployment, status }));
  }

  async #scale(
    deployment: Deployment,
    { set, replicas, annotations }: Extract<DeploymentAction, { kind: 'scale' }>,
  ): Promise<void> {
    const metadata = { ...set.metadata, annotations: { ...set.metadata.annotations, ...annotations } };
    await this.#seen(await this.#context.client.update({ ...set, metadata, spec: { ...set.spec, replicas } }));
    const from = set.spec.replicas ?? 0;
    if (from !== replicas) this.#announce(deployment, { name: set.metadata.name, from, to: replicas });
  }

  #announce(deployment: Deployment, { name = '', from, to }: { name?: string; from: number; to: number }): void {
    const message = `Scaled ${to > from ? 'up' : 'down'} replica set ${name} from ${from} to ${to}`;
    this.#recorder.record(deployment, { type: 'Normal', reason: 'ScalingReplicaSet', message });
  }

  async #seen(written: KubeObject): Promise<void> {
    await this.#context.informers.replicaSets().shows(written);
  }
}
