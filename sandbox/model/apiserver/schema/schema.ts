/**
 * What the generated tables know of Kubernetes' types, as questions the API server asks. The tables are facts read from a
 * real API server and from upstream's protobuf field numbers; see `generate/README.md`.
 */
import type { KubeObject } from '../../../../kernel/kube/object.ts';

export interface Decoded {
  /** The value with unknown fields dropped. */
  readonly value: Record<string, unknown>;
  /** Paths of unknown fields in document order, as `spec.containers[0].imagee`. */
  readonly unknown: readonly string[];
}

export interface Schema {
  /**
   * Drops what the type does not know and checks the type of the rest. Throws TypeMismatch with Go's words
   * (`json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32`).
   */
  decode(type: string, value: unknown): Decoded;
  /** A protobuf body (`k8s\0` envelope) as the JSON object that the same client would have sent. Throws TypeMismatch. */
  decodeProtobuf(body: Uint8Array): KubeObject;
  /** Fills the defaults that upstream's schema states, such as `protocol: TCP`. */
  applyDefaults(type: string, value: Record<string, unknown>): Record<string, unknown>;
  /** Strategic merge patch with all its directives. Throws PatchError. */
  strategicMerge(type: string, live: Record<string, unknown>, patch: Record<string, unknown>): Record<string, unknown>;
}

/** The value does not fit the type; the message is upstream's. */
export class TypeMismatch extends Error {
  /** The words for the outcome of a strategic merge patch, which upstream converts without going through JSON text. */
  readonly inStrategicPatch: string;

  constructor(message: string, inStrategicPatch: string = message) {
    super(message);
    this.inStrategicPatch = inStrategicPatch;
  }
}

/** The patch cannot be applied; the message is upstream's. */
export class PatchError extends Error {}
