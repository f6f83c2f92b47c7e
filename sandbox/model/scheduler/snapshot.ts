/** The cluster as one scheduling attempt sees it. Plugins read nothing else, so the same code schedules and explains. */
import type { KubeObject } from '../../../kernel/kube/object.ts';
import { controllerOf } from '../../../kernel/kube/object.ts';
import type { LabelSelector } from '../../../kernel/kube/selector.ts';
import { fromMap } from '../../../kernel/kube/selector.ts';
import type {
  Node,
  PersistentVolume,
  PersistentVolumeClaim,
  Pod,
  ReplicaSet,
  Service,
  StorageClass,
} from '../../client/kinds.ts';

export interface NodeState {
  readonly name: string;
  readonly node: Node;
  /** Pods that count against the node: assigned to it and not ended. */
  readonly pods: readonly Pod[];
}

export interface Snapshot {
  readonly nodes: readonly NodeState[];
  readonly claims: readonly PersistentVolumeClaim[];
  readonly volumes: readonly PersistentVolume[];
  readonly storageClasses: readonly StorageClass[];
  readonly namespaces: readonly KubeObject[];
  /** Selectors of Services and ReplicaSets by namespace: Pods that they select are spread by default. */
  readonly selectors: (pod: Pod) => readonly LabelSelector[];
}

export interface SnapshotParts {
  readonly nodes: readonly Node[];
  readonly pods: readonly Pod[];
  readonly claims?: readonly PersistentVolumeClaim[];
  readonly volumes?: readonly PersistentVolume[];
  readonly storageClasses?: readonly StorageClass[];
  readonly namespaces?: readonly KubeObject[];
  readonly selectors?: (pod: Pod) => readonly LabelSelector[];
}

/** Sorts Pods onto their nodes; nodes in the order of their names. */
export function makeSnapshot(parts: SnapshotParts): Snapshot {
  const onNode = new Map<string, Pod[]>();
  for (const pod of parts.pods) {
    const name = pod.spec.nodeName;
    if (!name || pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed') continue;
    const there = onNode.get(name);
    if (there) there.push(pod);
    else onNode.set(name, [pod]);
  }
  const nodes = parts.nodes.map((node) => {
    const name = node.metadata.name ?? '';
    return { name, node, pods: onNode.get(name) ?? [] };
  });
  return {
    nodes: nodes.sort((a, b) => (a.name < b.name ? -1 : 1)),
    claims: parts.claims ?? [],
    volumes: parts.volumes ?? [],
    storageClasses: parts.storageClasses ?? [],
    namespaces: parts.namespaces ?? [],
    selectors: parts.selectors ?? (() => []),
  };
}

/** The claims that a Pod's volumes name, with undefined for those that are not there. */
export function claimsOf(
  pod: Pod,
  snapshot: Snapshot,
): readonly { readonly name: string; readonly claim: PersistentVolumeClaim | undefined }[] {
  return (pod.spec.volumes ?? []).flatMap(({ persistentVolumeClaim }) => {
    if (!persistentVolumeClaim) return [];
    const name = persistentVolumeClaim.claimName;
    const claim = snapshot.claims.find(
      (one) => one.metadata.namespace === pod.metadata.namespace && one.metadata.name === name,
    );
    return [{ name, claim }];
  });
}

/** The selectors by which a Pod is spread when it states no constraints: of the Services that select it and of its ReplicaSet. */
export function spreadSelectors(
  pod: Pod,
  { services, replicaSets }: { services: readonly Service[]; replicaSets: readonly ReplicaSet[] },
): readonly LabelSelector[] {
  const selecting = services.flatMap(({ metadata, spec: { selector } }) => {
    if (metadata.namespace !== pod.metadata.namespace || !selector || Object.keys(selector).length === 0) return [];
    return fromMap(selector).matches(pod.metadata.labels) ? [{ matchLabels: selector }] : [];
  });
  const owner = replicaSets.find((set) => set.metadata.uid === controllerOf(pod)?.uid);
  return owner ? [...selecting, owner.spec.selector] : selecting;
}
