/** What is seen of one Deployment and what may be done about it; the words that the files of this folder share. */
import type { Deployment, DeploymentStatus, Pod, ReplicaSet } from '../../../client/kinds.ts';

export interface DeploymentObservation {
  readonly deployment: Deployment;
  /** The ReplicaSets that it controls. */
  readonly sets: readonly ReplicaSet[];
  /** The Pods that those control. */
  readonly pods: readonly Pod[];
  readonly now: number;
}

export type DeploymentAction =
  | { readonly kind: 'create'; readonly set: ReplicaSet }
  | {
      readonly kind: 'annotate';
      readonly set: ReplicaSet;
      readonly annotations: Record<string, string>;
      readonly minReadySeconds?: number;
    }
  | {
      readonly kind: 'scale';
      readonly set: ReplicaSet;
      readonly replicas: number;
      readonly annotations: Record<string, string>;
    }
  | { readonly kind: 'remove'; readonly set: ReplicaSet }
  | { readonly kind: 'status'; readonly status: DeploymentStatus; readonly annotations?: Record<string, string> };

/** The sets of one Deployment, sorted out. */
export interface Rollout {
  readonly deployment: Deployment;
  readonly now: number;
  readonly all: readonly ReplicaSet[];
  readonly fresh: ReplicaSet | undefined;
  readonly old: readonly ReplicaSet[];
}
