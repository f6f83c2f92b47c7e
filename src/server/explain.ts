/** Gives a scheduler the objects of a live view in the shapes it wants. Knows no scheduler: the composition root brings one. */
import type { KubeObject } from '../../kernel/kube/object.ts';
import type {
  Node,
  PersistentVolume,
  PersistentVolumeClaim,
  Pod,
  ReplicaSet,
  Service,
  StorageClass,
} from '../../sandbox/client/kinds.ts';
import type { Explain, ScheduleExplanation, Snapshot } from '../attempt/live/scheduling.ts';

interface Kinds {
  readonly Pod: Pod;
  readonly Node: Node;
  readonly Namespace: KubeObject;
  readonly PersistentVolume: PersistentVolume;
  readonly PersistentVolumeClaim: PersistentVolumeClaim;
  readonly StorageClass: StorageClass;
  readonly Service: Service;
  readonly ReplicaSet: ReplicaSet;
}

export interface ClusterParts {
  readonly nodes: readonly Node[];
  readonly pods: readonly Pod[];
  readonly claims: readonly PersistentVolumeClaim[];
  readonly volumes: readonly PersistentVolume[];
  readonly storageClasses: readonly StorageClass[];
  readonly namespaces: readonly KubeObject[];
  readonly services: readonly Service[];
  readonly replicaSets: readonly ReplicaSet[];
}

/** `ask`: a scheduler's answer about a Pod in a cluster of these parts. */
export function explainWith(ask: (pod: Pod, parts: ClusterParts) => ScheduleExplanation): Explain {
  return (asked, objects) => {
    const pods = typed(objects, 'Pod');
    const pod = pods.find(({ metadata }) => metadata.uid === asked.metadata.uid);
    if (!pod) return undefined;
    return ask(pod, {
      pods,
      nodes: typed(objects, 'Node'),
      claims: typed(objects, 'PersistentVolumeClaim'),
      volumes: typed(objects, 'PersistentVolume'),
      storageClasses: typed(objects, 'StorageClass'),
      namespaces: typed(objects, 'Namespace'),
      services: typed(objects, 'Service'),
      replicaSets: typed(objects, 'ReplicaSet'),
    });
  };
}

/** The API server has checked each object against its kind's schema, which is what these types say. */
function typed<K extends keyof Kinds>(objects: Snapshot, kind: K): readonly Kinds[K][] {
  return (objects[kind] ?? []) as unknown as readonly Kinds[K][];
}
