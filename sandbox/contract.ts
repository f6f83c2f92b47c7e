/**
 * What a sandbox promises, whichever driver makes it. The rest of Drydock speaks to clusters, nodes and terminals through
 * these types alone and never learns which driver answers.
 */
import type { Duplex } from 'node:stream';
import type { KubeList, KubeObject, WatchEvent } from '../kernel/kube/object.ts';
import type { Disposable } from '../kernel/disposable.ts';
import type { Capability, SandboxSpec } from './spec.ts';

/** Opaque, unguessable, and safe as a file name. */
export type SandboxId = string;

/** A named step of making a sandbox, for people who wait. */
export interface Progress {
  readonly step: string;
  readonly state: 'started' | 'done';
}

export interface CreateOptions {
  readonly id: SandboxId;
  readonly onProgress: (progress: Progress) => void;
  readonly signal: AbortSignal;
}

export type Probe =
  | { readonly ok: true; readonly detail: string }
  | { readonly ok: false; readonly reason: string; readonly remedy: string };

/**
 * Makes sandboxes. Keeps no memory of its own: what exists is what `list` finds, so a restarted server can pick up or sweep
 * what an earlier one left.
 */
export interface SandboxDriver {
  readonly name: string;
  readonly capabilities: ReadonlySet<Capability>;
  /** Whether this machine can make such sandboxes now, and if not what to do. Never throws. */
  probe(): Promise<Probe>;
  /** A failed or aborted create leaves nothing behind. */
  create(spec: SandboxSpec, options: CreateOptions): Promise<Sandbox>;
  /** Picks up a sandbox that an earlier process left; undefined when there is none of that id. */
  open(id: SandboxId): Promise<Sandbox | undefined>;
  list(): Promise<readonly SandboxId[]>;
  /** Removes the sandbox and all it owns. Removing what is not there is not an error. */
  destroy(id: SandboxId): Promise<void>;
}

export interface Sandbox {
  readonly id: SandboxId;
  readonly driver: string;
  readonly spec: SandboxSpec;
  /** Kubernetes' version as `/version` reports it, such as `v1.36.3`. */
  readonly version: string;
  readonly cluster: ClusterHandle;
  /** Serves one client connection to the API server (TLS inside). The socket is the sandbox's from here on. */
  connect(socket: Duplex): void;
  /** Releases what this process holds. The sandbox itself lives on: `open` finds it again. */
  close(): Promise<void>;
}

/** Names a kind, and with `name` one object of it. */
export interface ObjectRef {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}

export interface ListQuery {
  readonly apiVersion: string;
  readonly kind: string;
  /** Absent: all namespaces. */
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}

export interface ContainerRef {
  readonly namespace: string;
  readonly pod: string;
  /** Absent: the Pod's first container. */
  readonly container?: string;
}

export interface LogQuery extends ContainerRef {
  readonly previous?: boolean;
  readonly tailLines?: number;
}

export interface ExecResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Looks at a cluster. "Not there" is an answer; an exception means that we could not look. */
export interface ClusterReader {
  get(ref: ObjectRef): Promise<KubeObject | undefined>;
  list(query: ListQuery): Promise<KubeList>;
  /**
   * Calls `onEvent` with ADDED for all that is there, then with each change, until disposed. Reconnects by itself; after a
   * reconnect it may repeat ADDED for objects already seen. `onError` hears of each lost connection.
   */
  watch(query: ListQuery, onEvent: (event: WatchEvent) => void, onError: (error: unknown) => void): Disposable;
  logs(query: LogQuery, signal: AbortSignal): Promise<string>;
  exec(target: ContainerRef, command: readonly string[], signal: AbortSignal): Promise<ExecResult>;
}

/** Changes a cluster: for scenes, solutions and disturbances. A check is given the reader alone. */
export interface ClusterHandle extends ClusterReader {
  /** A kubeconfig whose one cluster is at `server` (a URL), with the administrator's client certificate. */
  kubeconfig(server: string): string;
  /** Creates each object, or merges it into the one that is there. Returns what is stored. */
  apply(objects: readonly KubeObject[]): Promise<readonly KubeObject[]>;
  /** JSON merge patch (RFC 7386). */
  patch(ref: ObjectRef, patch: object): Promise<KubeObject>;
  /** Deletes with background propagation; false when it was not there. */
  delete(ref: ObjectRef): Promise<boolean>;
}

/** A living pty shell. It outlives its viewers. */
export interface TerminalSession extends Disposable {
  readonly id: string;
  /** Resolves with the exit code when the shell ends. Never rejects. */
  readonly exited: Promise<number>;
  /** Returns false when the input queue is full; the bytes were then not taken. */
  write(input: Uint8Array): boolean;
  resize(cols: number, rows: number): void;
  /**
   * Shows the screen to a viewer: output after byte number `since` when it is still kept, otherwise the whole screen anew.
   * The pty pauses while any viewer is far behind. Disposing detaches.
   */
  attach(viewer: TerminalViewer, since: number): TerminalAttachment;
}

export interface TerminalViewer {
  /** Output bytes; `end` is the number of the byte after the last one. */
  output(bytes: Uint8Array, end: number): void;
  /** The screen must be drawn anew from `bytes`; output goes on from byte number `end`. */
  replay(bytes: Uint8Array, end: number, cols: number, rows: number): void;
  ended(exitCode: number): void;
  /** The viewer stayed behind for too long and was detached. */
  stalled(): void;
}

export interface TerminalAttachment extends Disposable {
  /** The viewer has drawn all bytes before this number. */
  acknowledge(upTo: number): void;
}
