/** Fields that may never change again. Source: apimachinery `validation.ValidateImmutableField`. */
import type { KubeObject } from '../../../../kernel/kube/object.ts';
import { jsonEqual } from '../../../../kernel/kube/object.ts';
import type { Invalid } from '../kind.ts';
import { spec } from '../kinds/parts/reading.ts';
import { invalid } from './causes.ts';

export const IMMUTABLE = 'field is immutable';

/** The cause when the field is not what it was; shows the new value. */
export function unchanged(field: string, next: unknown, previous: unknown): readonly Invalid[] {
  return jsonEqual(next, previous) ? [] : [invalid(field, next, IMMUTABLE)];
}

/** `spec.selector` of a workload. */
export function selectorUnchanged(next: KubeObject, previous: KubeObject): readonly Invalid[] {
  return unchanged('spec.selector', spec(next)['selector'], spec(previous)['selector']);
}
