/** A cluster of plain objects for the grader's own tests. Watches hear of every change at once. */
import type { ClusterHandle, ContainerRef, ExecResult, ListQuery, ObjectRef } from '../sandbox/contract.ts';
import type { Disposable } from '../kernel/disposable.ts';
import { disposable } from '../kernel/disposable.ts';
import type { KubeList, KubeObject, WatchEvent } from '../kernel/kube/object.ts';
import { isRecord } from '../kernel/kube/object.ts';
import { parseSelector } from '../kernel/kube/selector.ts';

interface Watch {
  readonly query: ListQuery;
  readonly onEvent: (event: WatchEvent) => void;
  readonly onError: (error: unknown) => void;
}

export class FakeCluster implements ClusterHandle {
  readonly #objects = new Map<string, KubeObject>();
  readonly #watches = new Set<Watch>();
  #version = 1;
  /** When set, every call fails with it: the cluster does not answer. */
  trouble: Error | undefined;
  /** What a command in a container answers. */
  onExec: (target: ContainerRef, command: readonly string[]) => ExecResult = () => ({
    exitCode: 0,
    stdout: '',
    stderr: '',
  });
  /** Hears of each change, so that a test can play the controller. */
  onChange: (event: WatchEvent) => void = () => {};

  get watchCount(): number {
    return this.#watches.size;
  }

  put(object: KubeObject): KubeObject {
    const key = keyFor(object, object.metadata);
    const known = this.#objects.get(key);
    const resourceVersion = String(++this.#version);
    const uid = known?.metadata.uid ?? object.metadata.uid ?? `uid-${resourceVersion}`;
    const stored: KubeObject = { ...object, metadata: { ...object.metadata, uid, resourceVersion } };
    this.#objects.set(key, stored);
    this.#tell({ type: known ? 'MODIFIED' : 'ADDED', object: stored });
    return stored;
  }

  breakWatches(): void {
    for (const watch of this.#watches) watch.onError(new Error('connection lost'));
  }

  /** Removes without telling anybody, as happens while a watch is cut. */
  loseSilently(ref: ObjectRef): void {
    this.#objects.delete(keyFor(ref, ref));
  }

  kubeconfig(): string {
    return '';
  }

  async get(ref: ObjectRef): Promise<KubeObject | undefined> {
    if (this.trouble) throw this.trouble;
    return this.#objects.get(keyFor(ref, ref));
  }

  async list(query: ListQuery): Promise<KubeList> {
    if (this.trouble) throw this.trouble;
    const items = [...this.#objects.values()].filter((object) => matches(object, query));
    return {
      apiVersion: query.apiVersion,
      kind: `${query.kind}List`,
      metadata: { resourceVersion: String(this.#version) },
      items,
    };
  }

  watch(query: ListQuery, onEvent: (event: WatchEvent) => void, onError: (error: unknown) => void): Disposable {
    const watch = { query, onEvent, onError };
    this.#watches.add(watch);
    return disposable(() => this.#watches.delete(watch));
  }

  async logs(): Promise<string> {
    return '';
  }

  async exec(target: ContainerRef, command: readonly string[]): Promise<ExecResult> {
    if (this.trouble) throw this.trouble;
    return this.onExec(target, command);
  }

  async apply(objects: readonly KubeObject[]): Promise<readonly KubeObject[]> {
    return objects.map((object) => this.put(object));
  }

  async patch(ref: ObjectRef, patch: object): Promise<KubeObject> {
    const merged = merge(await this.get(ref), patch);
    if (!isRecord(merged)) throw new Error('a patch of nothing');
    return this.put({
      ...merged,
      apiVersion: ref.apiVersion,
      kind: ref.kind,
      metadata: { ...(isRecord(merged.metadata) ? merged.metadata : {}) },
    });
  }

  async delete(ref: ObjectRef): Promise<boolean> {
    const object = this.#objects.get(keyFor(ref, ref));
    this.#objects.delete(keyFor(ref, ref));
    this.#version++;
    if (object) this.#tell({ type: 'DELETED', object });
    return object !== undefined;
  }

  #tell(event: WatchEvent): void {
    for (const watch of this.#watches) if (matches(event.object, watch.query)) watch.onEvent(event);
    this.onChange(event);
  }
}

function keyFor(kind: { apiVersion: string; kind: string }, at: { namespace?: string; name?: string }): string {
  return `${kind.apiVersion}|${kind.kind}|${at.namespace ?? ''}|${at.name ?? ''}`;
}

function matches(object: KubeObject, { apiVersion, kind, namespace, labelSelector }: ListQuery): boolean {
  return (
    object.apiVersion === apiVersion &&
    object.kind === kind &&
    (namespace === undefined || object.metadata.namespace === namespace) &&
    (labelSelector === undefined || parseSelector(labelSelector).matches(object.metadata.labels))
  );
}

function merge(target: unknown, patch: unknown): unknown {
  if (!isRecord(patch)) return patch;
  const merged: Record<string, unknown> = isRecord(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key];
    else merged[key] = merge(merged[key], value);
  }
  return merged;
}
