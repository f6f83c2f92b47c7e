/** What the API server asks of a node's kubelet (upstream: the kubelet's HTTPS port 10250). Refusals are StatusErrors. */
import type { ProcessIo } from '../../client/transport.ts';

export interface ContainerTarget {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
}

export interface ContainerLogQuery {
  readonly follow: boolean;
  readonly previous: boolean;
  readonly timestamps: boolean;
  readonly tailLines?: number;
  /** Milliseconds since the epoch. */
  readonly sinceTime?: number;
  readonly limitBytes?: number;
}

/** One TCP connection into a Pod. */
export interface ByteStream {
  readonly incoming: AsyncIterable<Uint8Array>;
  write(chunk: Uint8Array): void;
  end(): void;
}

export interface KubeletApi {
  /** Chunks of the log; with `follow` the iteration goes on until the container ends or `signal` aborts. */
  logs(target: ContainerTarget, query: ContainerLogQuery, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>>;
  /** Runs a command beside the container's own process; resolves with its exit code. */
  exec(target: ContainerTarget, command: readonly string[], io: ProcessIo): Promise<number>;
  /** Joins the container's own process; resolves with 0 when it ends, as its exit code is told by the Pod's status alone. */
  attach(target: ContainerTarget, io: ProcessIo): Promise<number>;
  /** Connects to a port inside the Pod; rejects with the text that kubectl prints when nothing listens. */
  portForward(namespace: string, pod: string, port: number): Promise<ByteStream>;
}
