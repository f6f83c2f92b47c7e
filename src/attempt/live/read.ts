/** Small safe looks into objects whose fields nobody has promised. */
import { isRecord } from '../../../kernel/kube/object.ts';
import type { KubeObject } from '../../../kernel/kube/object.ts';

export type Fields = Readonly<Record<string, unknown>>;

export function fields(value: unknown): Fields {
  return isRecord(value) ? value : {};
}

export function items(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.map(fields) : [];
}

export function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function whole(value: unknown): number {
  return typeof value === 'number' && Number.isInteger(value) ? value : 0;
}

export function spec(object: KubeObject): Fields {
  return fields(object['spec']);
}

export function status(object: KubeObject): Fields {
  return fields(object['status']);
}

export function nameOf(object: KubeObject): { name: string; namespace: string } {
  return { name: object.metadata.name ?? '', namespace: object.metadata.namespace ?? '' };
}

/** By namespace, then name; so that drawings do not jump. */
export function sorted(objects: readonly KubeObject[]): readonly KubeObject[] {
  return objects.toSorted((a, b) => {
    const [left, right] = [nameOf(a), nameOf(b)];
    return left.namespace.localeCompare(right.namespace) || left.name.localeCompare(right.name);
  });
}

/** What the learner looks at: not the cluster's own parts, nor ours. */
export function isLearners(object: KubeObject): boolean {
  const namespace = object.metadata.namespace ?? '';
  return !namespace.startsWith('kube-') && !namespace.startsWith('drydock-') && namespace !== 'local-path-storage';
}
