/** Takes the baseline: the objects that the lab's checks look at, as they are when the attempt begins. */
import type { ClusterReader } from '../sandbox/contract.ts';
import type { KubeObject } from '../kernel/kube/object.ts';
import { bindCheck } from './checks/registry.ts';
import type { Baseline } from './baseline-shape.ts';
import { listSources } from './evidence.ts';
import type { Lab } from './lab/schema.ts';

/** Takes the baseline of a filled lab; call it once, after the scene is set. Throws CouldNotTell. */
export async function takeBaseline(lab: Lab, reader: ClusterReader): Promise<Baseline> {
  const sources = lab.tasks.flatMap((task) => task.criteria.flatMap((criterion) => bindCheck(criterion.check).sources));
  const lists = await listSources(sources, reader);
  return { version: 1, objects: Object.fromEntries([...lists].map(([key, list]) => [key, list.map(slim)])) };
}

/** Managed fields are large and say nothing about the object itself. */
function slim(object: KubeObject): KubeObject {
  const { managedFields: _, ...metadata }: KubeObject['metadata'] & { managedFields?: unknown } = object.metadata;
  return { ...object, metadata };
}
