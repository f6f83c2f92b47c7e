/**
 * A Kubernetes client over any Transport: what the grader may read, what scenes may change, and what components need. It
 * finds the path of a kind by discovery and knows no kind itself, save Pods for logs and exec.
 */
import type { Clock } from '../../kernel/clock.ts';
import { EnvironmentError } from '../../kernel/errors.ts';
import type { Disposable } from '../../kernel/disposable.ts';
import type { KubeList, KubeObject, WatchEvent } from '../../kernel/kube/object.ts';
import type { ClusterHandle, ContainerRef, ExecResult, ListQuery, LogQuery, ObjectRef } from '../contract.ts';
import type { ServedKind } from './discovery.ts';
import { Discovery, pathOf } from './discovery.ts';
import { outputCollector } from './output.ts';
import { isConflict, isNotFound } from './status.ts';
import { toList, toObject } from './shape.ts';
import type { ApiRequest, Transport } from './transport.ts';
import { watchForever } from './watch.ts';

export interface ApiClientOptions {
  readonly transport: Transport;
  readonly clock: Clock;
  /** Makes the administrator's kubeconfig for a server URL; components have none. */
  readonly kubeconfig?: (server: string) => string;
}

export type PatchType = 'merge' | 'strategic' | 'json';

export interface PatchRequest {
  readonly patch: unknown;
  readonly type?: PatchType;
  /** As `status`. */
  readonly subresource?: string;
}

export interface DeleteOptions {
  readonly gracePeriodSeconds?: number;
  readonly propagationPolicy?: 'Background' | 'Foreground' | 'Orphan';
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
}

const PATCH_TYPES: Readonly<Record<PatchType, string>> = {
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  json: 'application/json-patch+json',
};

/** Every method rejects with StatusError when the server refuses and with CouldNotTell when it does not serve the kind. */
export class ApiClient implements ClusterHandle {
  readonly #options: ApiClientOptions;
  readonly discovery: Discovery;

  constructor(options: ApiClientOptions) {
    this.#options = options;
    this.discovery = new Discovery(options.transport);
  }

  kubeconfig(server: string): string {
    if (this.#options.kubeconfig) return this.#options.kubeconfig(server);
    throw new EnvironmentError(
      'no-kubeconfig',
      'This client was made without credentials that could be written down.',
      {
        remedy: "Ask the sandbox's own cluster handle for a kubeconfig.",
      },
    );
  }

  async get(ref: ObjectRef): Promise<KubeObject | undefined> {
    const served = await this.#served(ref);
    try {
      return toObject(await this.request({ method: 'GET', path: pathOf(served, ref) }), served);
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  async list(query: ListQuery): Promise<KubeList> {
    return (await this.#list(query)).list;
  }

  watch(query: ListQuery, onEvent: (event: WatchEvent) => void, onError: (error: unknown) => void): Disposable {
    return this.follow(query, { onEvent, onError });
  }

  /** `watch` with a call after each full list has been told; the informers stand on it. */
  follow(
    query: ListQuery,
    hear: {
      onEvent: (event: WatchEvent) => void;
      onError: (error: unknown) => void;
      onSynced?: (resourceVersion: string) => void;
    },
  ): Disposable {
    const { transport, clock } = this.#options;
    return watchForever({ transport, clock, list: () => this.#list(query), ...hear });
  }

  async logs(query: LogQuery, signal: AbortSignal): Promise<string> {
    const options = {
      ...(query.container === undefined ? {} : { container: query.container }),
      ...(query.previous ? { previous: 'true' } : {}),
      ...(query.tailLines === undefined ? {} : { tailLines: String(query.tailLines) }),
    };
    return this.#options.transport.text({ method: 'GET', path: podPath(query, 'log'), query: options }, signal);
  }

  async exec(target: ContainerRef, command: readonly string[], signal: AbortSignal): Promise<ExecResult> {
    const stdout = outputCollector();
    const stderr = outputCollector();
    const query = {
      ...(target.container === undefined ? {} : { container: target.container }),
      stdout: 'true',
      stderr: 'true',
    };
    const exitCode = await this.#options.transport.exec(
      { method: 'POST', path: podPath(target, 'exec'), query, command },
      { tty: false, stdin: undefined, stdout: stdout.add, stderr: stderr.add, signal },
    );
    return { exitCode, stdout: stdout.text(), stderr: stderr.text() };
  }

  async apply(objects: readonly KubeObject[]): Promise<readonly KubeObject[]> {
    const stored: KubeObject[] = [];
    for (const object of objects) stored.push(await this.#applyOne(object));
    return stored;
  }

  async patch(ref: ObjectRef, patch: object): Promise<KubeObject> {
    return this.patchWith(ref, { patch });
  }

  /** A patch of any type, of the object or of a sub-resource. */
  async patchWith(ref: ObjectRef, { patch, type = 'merge', subresource }: PatchRequest): Promise<KubeObject> {
    const served = await this.#served(ref);
    const path = pathOf(served, { ...ref, subresource });
    return toObject(await this.request({ method: 'PATCH', path, body: patch, contentType: PATCH_TYPES[type] }), served);
  }

  /** JSON merge patch of the status. */
  async patchStatus(ref: ObjectRef, patch: object): Promise<KubeObject> {
    return this.patchWith(ref, { patch, subresource: 'status' });
  }

  async create(object: KubeObject, subresource?: { name: string; path: string }): Promise<KubeObject> {
    const served = await this.#served(object);
    return this.createIn(served, object, subresource);
  }

  /** `create` for a caller that holds the path already, as for `pods/binding`, whose body is of another kind. */
  async createIn(
    served: Pick<ServedKind, 'apiVersion' | 'kind' | 'resource' | 'namespaced'>,
    object: KubeObject,
    subresource?: { name: string; path: string },
  ): Promise<KubeObject> {
    const at = { namespace: object.metadata.namespace, name: subresource?.name, subresource: subresource?.path };
    return toObject(
      await this.request({ method: 'POST', path: pathOf(served, namespaced(at, served)), body: object }),
      served,
    );
  }

  /** Replaces an object; conditional when it carries a resourceVersion. */
  async update(object: KubeObject, subresource?: string): Promise<KubeObject> {
    const served = await this.#served(object);
    const { name = '', namespace } = object.metadata;
    const path = pathOf(served, { ...namespaced({ namespace }, served), name, subresource });
    return toObject(await this.request({ method: 'PUT', path, body: object }), served);
  }

  async updateStatus(object: KubeObject): Promise<KubeObject> {
    return this.update(object, 'status');
  }

  async delete(ref: ObjectRef): Promise<boolean> {
    return this.deleteWith(ref, { propagationPolicy: 'Background' });
  }

  /** Deletes with the given options; false when it was not there. */
  async deleteWith(ref: ObjectRef, options: DeleteOptions): Promise<boolean> {
    const served = await this.#served(ref);
    const body = { apiVersion: 'v1', kind: 'DeleteOptions', ...options };
    try {
      await this.request({ method: 'DELETE', path: pathOf(served, ref), body });
      return true;
    } catch (error) {
      if (isNotFound(error)) return false;
      throw error;
    }
  }

  /** A request in the server's own terms, for what has no method here. */
  request(request: ApiRequest): Promise<unknown> {
    return this.#options.transport.request(request);
  }

  async #applyOne(object: KubeObject): Promise<KubeObject> {
    const { name, namespace } = object.metadata;
    if (name === undefined) return this.create(object);
    const ref = { apiVersion: object.apiVersion, kind: object.kind, name, namespace };
    if (await this.get(ref)) return this.patch(ref, object);
    try {
      return await this.create(object);
    } catch (error) {
      // Somebody made it in between: merge into theirs.
      if (isConflict(error)) return this.patch(ref, object);
      throw error;
    }
  }

  async #list(query: ListQuery): Promise<{ request: ApiRequest; list: KubeList }> {
    const served = await this.#served(query);
    const selectors = {
      ...(query.labelSelector === undefined ? {} : { labelSelector: query.labelSelector }),
      ...(query.fieldSelector === undefined ? {} : { fieldSelector: query.fieldSelector }),
    };
    const path = pathOf(served, { namespace: query.namespace });
    const request: ApiRequest = { method: 'GET', path, query: selectors };
    return { request, list: toList(await this.request(request), served) };
  }

  #served(of: { readonly apiVersion: string; readonly kind: string }): Promise<ServedKind> {
    return this.discovery.need(of.apiVersion, of.kind);
  }
}

/** An object of a namespaced kind that names no namespace is in `default`, as kubectl takes it. */
function namespaced<T extends { namespace?: string }>(at: T, served: { namespaced: boolean }): T {
  return served.namespaced && at.namespace === undefined ? { ...at, namespace: 'default' } : at;
}

function podPath(at: ContainerRef, subresource: string): string {
  return pathOf(
    { apiVersion: 'v1', resource: 'pods', namespaced: true },
    { namespace: at.namespace, name: at.pod, subresource },
  );
}
