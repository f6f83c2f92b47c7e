/**
 * What the API server must know of one kind. The folder `kinds/` is a grid: one file a kind, each exporting one `Kind`;
 * what all kinds share stands in the generic handlers. Upstream calls this a registry strategy.
 */
import type { Clock } from '../../../kernel/clock.ts';
import type { Random } from '../../../kernel/random.ts';
import type { KubeObject } from '../../../kernel/kube/object.ts';
import type { StatusCause } from '../../client/status.ts';

/** A table column; `wide` ones show with `-o wide` alone (priority 1). */
export interface Column {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'boolean';
  readonly wide?: boolean;
}

export type Cell = string | number | boolean;

export type Verb = 'create' | 'delete' | 'deletecollection' | 'get' | 'list' | 'patch' | 'update' | 'watch';

/** Reads other objects while one is being written: admission and allocation need them. */
export interface Lookup {
  get(resource: string, name: string, namespace?: string): KubeObject | undefined;
  list(resource: string, namespace?: string): readonly KubeObject[];
}

export interface WriteContext {
  readonly clock: Clock;
  readonly random: Random;
  /** `resource` is `plural.group`, or the plural alone for the core group, as in `replicasets.apps`. */
  readonly lookup: Lookup;
  /** Warnings that the client prints: `Warning: text`. */
  warn(text: string): void;
}

/** One cause of a 422. Make them with the functions in `validation.ts`. */
export type Invalid = StatusCause;

export interface Kind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** The plural, as in the path. */
  readonly resource: string;
  readonly singular: string;
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  readonly namespaced: boolean;
  readonly verbs: readonly Verb[];
  /** The type in the schema registry, such as `io.k8s.api.core.v1.Pod`. */
  readonly schema: string;
  /** Whether `metadata.generation` counts changes of the spec. */
  readonly generation: boolean;
  /** Whether it also counts changes of annotations (Deployment). */
  readonly generationSeesAnnotations?: boolean;
  /** Whether `/status` exists: then status is dropped from main writes, and all but status from status writes. */
  readonly status: boolean;
  /** Whether a create keeps the status it brings, as a Node that its kubelet registers; dropped otherwise. */
  readonly statusOnCreate?: boolean;
  /** Serves `/scale` from and to these fields. */
  readonly scale?: { readonly replicas: string; readonly statusReplicas: string; readonly selector: string };
  /** The warning that every request for this kind gets. */
  readonly deprecated?: string;
  /** Whether PUT creates what is missing. */
  readonly createOnUpdate?: boolean;
  /** Field labels besides metadata.name and metadata.namespace: label → path into the object. */
  readonly fieldLabels?: Readonly<Record<string, string>>;
  readonly columns: readonly Column[];
  /** One cell for each column. `now` is in ms since the epoch. */
  row(object: KubeObject, now: number): readonly Cell[];
  /** Row conditions as in a Pod that is over: shown by `kubectl get` as a hint only. */
  rowConditions?(object: KubeObject): readonly { type: string; status: string; reason: string; message: string }[];
  /** Defaults that the generated schema does not carry. Runs after the schema's own, on create and on update. */
  defaults?(object: KubeObject): KubeObject;
  /** Sets what the server owns on create: status, allocated addresses. Runs after admission. */
  onCreate?(object: KubeObject, context: WriteContext): KubeObject;
  /** Carries over what a client may not change, and refills what the server owns. */
  onUpdate?(next: KubeObject, previous: KubeObject, context: WriteContext): KubeObject;
  /** Causes in upstream's order; empty when valid. */
  validate?(object: KubeObject): readonly Invalid[];
  validateUpdate?(next: KubeObject, previous: KubeObject): readonly Invalid[];
  /** Set on a kind that is a second face of another row: the same objects, stored in the other row's form. */
  readonly storedAs?: StoredAs;
  /** How metadata.name must look; a DNS-1123 subdomain when absent. `path`: anything that fits between two slashes. */
  readonly nameRule?: 'subdomain' | 'label' | 'label1035' | 'path';
}

/** How two rows of the grid share one storage, as `events.k8s.io/v1` and `v1` events do. */
export interface StoredAs {
  /** The row that stores: its group and plural. */
  readonly group: string;
  readonly resource: string;
  toStored(object: KubeObject): KubeObject;
  fromStored(object: KubeObject): KubeObject;
}

/** Looks at, and may change, an object before it is validated and stored. Refuses by throwing StatusError. */
export interface Admission {
  readonly name: string;
  admit(request: AdmissionRequest, context: WriteContext): KubeObject;
}

export interface AdmissionRequest {
  readonly kind: Kind;
  readonly operation: 'create' | 'update' | 'delete';
  readonly object: KubeObject;
  readonly previous?: KubeObject;
  readonly user: UserInfo;
  readonly dryRun: boolean;
}

/** Who asks. */
export interface UserInfo {
  readonly username: string;
  readonly uid?: string;
  readonly groups: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}
