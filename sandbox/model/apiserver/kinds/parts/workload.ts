/** What tables print of a Pod template: its containers and their images. Source: kubernetes `layoutContainerCells`. */
import type { KubeObject } from '../../../../../kernel/kube/object.ts';
import { fields, items, spec, text } from './reading.ts';

/** `[names, images]`, each joined by commas. */
export function containerCells(object: KubeObject): readonly [string, string] {
  const containers = items(fields(fields(spec(object)['template'])['spec'])['containers']);
  return [containers.map(({ name }) => text(name)).join(','), containers.map(({ image }) => text(image)).join(',')];
}
