/**
 * Revisions, annotations and names of a Deployment's ReplicaSets. Pure. Source: kube deployment/util.
 *
 * R-CTRL-20 The new ReplicaSet is the oldest whose template equals the Deployment's, `pod-template-hash` aside.
 * R-CTRL-21 Its revision is one more than the greatest of the old ones; a rolled-back template gets a new number and keeps
 *   its former ones in `deployment.kubernetes.io/revision-history`.
 * R-CTRL-22 A ReplicaSet is named `<deployment>-<hash>`: FNV-1a of the template, in the digits 4-9 b c d f.
 */
import type { KubeObject } from '../../../../kernel/kube/object.ts';
import { isRecord, jsonEqual } from '../../../../kernel/kube/object.ts';
import { fnv1a } from '../../../../kernel/random.ts';
import type { Deployment, PodTemplate, ReplicaSet } from '../../../client/kinds.ts';
import { controllerReference } from '../controller.ts';
import { limitsOf } from './limits.ts';

export const HASH_LABEL = 'pod-template-hash';
const PREFIX = 'deployment.kubernetes.io/';
export const REVISION = `${PREFIX}revision`;
const HISTORY = `${PREFIX}revision-history`;
export const DESIRED = `${PREFIX}desired-replicas`;
const MAX = `${PREFIX}max-replicas`;
/** Annotations of the Deployment that its ReplicaSets do not take over. */
const NOT_COPIED = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  REVISION,
  HISTORY,
  DESIRED,
  MAX,
  'deprecated.deployment.rollback.to',
]);

export function byCreation(a: KubeObject, b: KubeObject): number {
  const [older, newer] = [a.metadata.creationTimestamp ?? '', b.metadata.creationTimestamp ?? ''];
  if (older !== newer) return older < newer ? -1 : 1;
  return (a.metadata.name ?? '') < (b.metadata.name ?? '') ? -1 : 1;
}

export function findNew(deployment: Deployment, sets: readonly ReplicaSet[]): ReplicaSet | undefined {
  return [...sets].sort(byCreation).find((set) => sameTemplate(set.spec.template, deployment.spec.template));
}

function sameTemplate(a: PodTemplate, b: PodTemplate): boolean {
  return jsonEqual(withoutHash(a), withoutHash(b));
}

function withoutHash(template: PodTemplate): unknown {
  const { [HASH_LABEL]: _, ...labels } = template.metadata?.labels ?? {};
  return { ...template, metadata: { ...template.metadata, creationTimestamp: undefined, labels } };
}

export function revisionOf(object: KubeObject): number {
  return Number(object.metadata.annotations?.[REVISION] ?? 0) || 0;
}

/** The revision that the new ReplicaSet should have. */
export function newRevision(old: readonly ReplicaSet[]): number {
  return Math.max(0, ...old.map(revisionOf)) + 1;
}

/** The annotations that the new ReplicaSet should have. */
export function annotationsFor(
  deployment: Deployment,
  set: KubeObject | undefined,
  revision: number,
): Record<string, string> {
  const annotations: Record<string, string> = { ...set?.metadata.annotations };
  for (const [key, value] of Object.entries(deployment.metadata.annotations ?? {})) {
    if (!NOT_COPIED.has(key)) annotations[key] = value;
  }
  const before = set ? revisionOf(set) : 0;
  if (before < revision) {
    annotations[REVISION] = String(revision);
    if (before > 0)
      annotations[HISTORY] = [annotations[HISTORY], before].filter((part) => part !== undefined).join(',');
  }
  return annotations;
}

/** What the Deployment wants of all its ReplicaSets together, written on each. */
export function sizeAnnotations(deployment: Deployment): Record<string, string> {
  const { replicas, maxSurge } = limitsOf(deployment);
  return { [DESIRED]: String(replicas), [MAX]: String(replicas + maxSurge) };
}

export function newReplicaSet(deployment: Deployment, replicas: number, revision: number): ReplicaSet {
  const { template, selector, minReadySeconds } = deployment.spec;
  const hash = templateHash(template, deployment.status?.collisionCount);
  const labels = { ...template.metadata?.labels, [HASH_LABEL]: hash };
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${deployment.metadata.name}-${hash}`,
      namespace: deployment.metadata.namespace,
      labels,
      annotations: { ...annotationsFor(deployment, undefined, revision), ...sizeAnnotations(deployment) },
      ownerReferences: [controllerReference(deployment)],
    },
    spec: {
      replicas,
      ...(minReadySeconds ? { minReadySeconds } : {}),
      selector: { ...selector, matchLabels: { ...selector.matchLabels, [HASH_LABEL]: hash } },
      template: { ...template, metadata: { ...template.metadata, labels } },
    },
  };
}

const DIGITS = '456789bcdf';

export function templateHash(template: PodTemplate, collisions = 0): string {
  const hash = fnv1a(canonical(template) + (collisions > 0 ? String(collisions) : ''));
  return [...String(hash)].map((digit) => DIGITS[Number(digit)]).join('');
}

/** JSON with sorted keys: the same template gives the same text whoever wrote it. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (!isRecord(value)) return JSON.stringify(value) ?? 'null';
  const fields = Object.keys(value)
    .sort()
    .filter((key) => value[key] !== undefined);
  return `{${fields.map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(',')}}`;
}
