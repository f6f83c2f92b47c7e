/** Disturbs a cluster and takes it back: the learner's work must survive what a real cluster goes through. */
import type { ClusterHandle, ObjectRef } from '../sandbox/contract.ts';
import type { KubeObject } from '../kernel/kube/object.ts';
import { controllerOf, isRecord } from '../kernel/kube/object.ts';
import { readPath } from '../kernel/kube/field-path.ts';
import type { Clock } from '../kernel/clock.ts';
import { rfc3339, sleep } from '../kernel/clock.ts';
import { CouldNotTell } from '../kernel/errors.ts';
import type { DisturbanceSpec } from './disturbance-schema.ts';

export interface DisturbOptions {
  readonly cluster: ClusterHandle;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Takes one disturbance back; undefined when there is nothing to take back. */
export type Undo = () => Promise<void>;

/** How long a deleted Pod may take to go: the default grace period and a little. */
const GONE_WITHIN = 35_000;

export async function disturb(spec: DisturbanceSpec, options: DisturbOptions): Promise<Undo | undefined> {
  switch (spec.kind) {
    case 'delete-pods':
      return deletePods(spec, options);
    case 'cordon':
      return cordon(spec.nodes, options);
    case 'scale': {
      const replicas = readPath(await need(spec.of, options), 'spec.replicas');
      const now = typeof replicas === 'number' ? replicas : 1;
      return patchAndBack(spec.of, { spec: { replicas: Math.max(0, now + spec.by) } }, options);
    }
    case 'patch':
      return patchAndBack(spec.of, spec.patch, options);
    case 'restart': {
      const annotations = { 'kubectl.kubernetes.io/restartedAt': rfc3339(options.clock.now()) };
      await options.cluster.patch(spec.of, { spec: { template: { metadata: { annotations } } } });
      return undefined;
    }
  }
}

async function deletePods(
  spec: Extract<DisturbanceSpec, { kind: 'delete-pods' }>,
  options: DisturbOptions,
): Promise<Undo> {
  const { cluster } = options;
  const { namespace, labelSelector, count } = spec;
  const { items } = await cluster.list({ apiVersion: 'v1', kind: 'Pod', namespace, labelSelector });
  // A Pod that is on its way out already, such as one of an older template, would be no disturbance.
  const chosen = items
    .filter((pod) => pod.metadata.deletionTimestamp === undefined)
    .sort((a, b) => ((a.metadata.name ?? '') < (b.metadata.name ?? '') ? -1 : 1))
    .slice(0, count);
  for (const pod of chosen) await deleteAndWait(pod, options);
  const bare = chosen.filter((pod) => controllerOf(pod) === undefined).map(freshCopy);
  return async () => {
    if (bare.length > 0) await cluster.apply(bare);
  };
}

async function deleteAndWait(pod: KubeObject, { cluster, clock, signal }: DisturbOptions): Promise<void> {
  const ref = refOf(pod);
  const deadline = clock.monotonic() + GONE_WITHIN;
  await cluster.delete(ref);
  while ((await cluster.get(ref))?.metadata.uid === pod.metadata.uid) {
    if (clock.monotonic() > deadline) throw new CouldNotTell('pod-stays', `Pod ${ref.name} does not go away`);
    await sleep(clock, 100, signal);
  }
}

async function cordon(labelSelector: string, { cluster }: DisturbOptions): Promise<Undo> {
  const { items } = await cluster.list({ apiVersion: 'v1', kind: 'Node', labelSelector });
  const open = items.filter((node) => readPath(node, 'spec.unschedulable') !== true).map(refOf);
  for (const node of open) await cluster.patch(node, { spec: { unschedulable: true } });
  return async () => {
    for (const node of open) await cluster.patch(node, { spec: { unschedulable: null } });
  };
}

async function patchAndBack(ref: ObjectRef, patch: object, options: DisturbOptions): Promise<Undo> {
  const back = reverse(patch, await need(ref, options));
  await options.cluster.patch(ref, patch);
  return async () => {
    if (isRecord(back)) await options.cluster.patch(ref, back);
  };
}

/** The merge patch that restores what `patch` is about to change. */
export function reverse(patch: unknown, original: unknown): unknown {
  if (!isRecord(patch)) return original ?? null;
  if (!isRecord(original)) return null;
  return Object.fromEntries(Object.entries(patch).map(([key, value]) => [key, reverse(value, original[key])]));
}

async function need(ref: ObjectRef, { cluster }: DisturbOptions): Promise<KubeObject> {
  const object = await cluster.get(ref);
  if (object === undefined) throw new CouldNotTell('nothing-to-disturb', `there is no ${ref.kind} ${ref.name}`);
  return object;
}

function refOf({ apiVersion, kind, metadata }: KubeObject): ObjectRef {
  const { name = '', namespace } = metadata;
  return { apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }) };
}

/** A Pod as its author wrote it, free to be placed anew. */
function freshCopy(pod: KubeObject): KubeObject {
  const { name, namespace, labels, annotations } = pod.metadata;
  const { nodeName: _, ...spec } = isRecord(pod.spec) ? pod.spec : {};
  return { apiVersion: pod.apiVersion, kind: pod.kind, metadata: { name, namespace, labels, annotations }, spec };
}
