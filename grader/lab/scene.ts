/** The starting scene of a lab: its manifests, what it changes on nodes, and our prober when a check sends requests. */
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import type { Variables } from '../check.ts';
import { bindCheck } from '../checks/registry.ts';
import { CouldNotTell, InputError } from '../../kernel/errors.ts';
import type { KubeObject } from '../../kernel/kube/object.ts';
import { isRecord } from '../../kernel/kube/object.ts';
import { readPath } from '../../kernel/kube/field-path.ts';
import type { ClusterHandle, ClusterReader } from '../../sandbox/contract.ts';
import { proberObjects } from '../prober.ts';
import type { Lab, NodeScene } from './schema.ts';
import { fill } from './variables.ts';
import { readYamlDocuments } from './yaml.ts';

const CONTROL_PLANE = 'node-role.kubernetes.io/control-plane';

const objectSchema = z.looseObject({
  apiVersion: z.string().min(1),
  kind: z.string().min(1),
  metadata: z.looseObject({ name: z.string().min(1) }),
});

/** Makes a cluster ready for an attempt: nodes first, then the manifests in order. Take the baseline after it. */
export async function setUpLab(options: {
  readonly lab: Lab;
  readonly driver: string;
  readonly variables: Variables;
  readonly cluster: ClusterHandle;
}): Promise<void> {
  const { lab, driver, variables, cluster } = options;
  for (const scene of lab.nodes) await setNodes(scene, cluster);
  const objects = await loadScene(lab, driver, variables);
  if (objects.length > 0) await cluster.apply(objects);
}

/**
 * The objects of `setup/*.yaml` in the order of the file names; a file of the same name in `setup/<driver>/` takes its place.
 * Includes the prober when the lab needs one. Throws InputError.
 */
export async function loadScene(lab: Lab, driverName: string, variables: Variables): Promise<KubeObject[]> {
  const root = join(lab.directory, 'setup');
  const files = new Map((await yamlIn(root)).map((name) => [name, join(root, name)]));
  for (const name of await yamlIn(join(root, driverName))) files.set(name, join(root, driverName, name));
  const objects: KubeObject[] = [];
  for (const [name, path] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const where = `labs/${basename(lab.directory)}/setup/${name}`;
    for (const document of readYamlDocuments({ file: where, text: await readFile(path, 'utf8') })) {
      objects.push(asObject(fill(document, { variables, where, numbers: true }), where));
    }
  }
  const probes = lab.tasks.some((task) => task.criteria.some((criterion) => bindCheck(criterion.check).probes));
  return probes ? [...objects, ...proberObjects()] : objects;
}

async function yamlIn(directory: string): Promise<string[]> {
  try {
    return (await readdir(directory)).filter((name) => /\.ya?ml$/.test(name));
  } catch {
    return [];
  }
}

function asObject(value: unknown, where: string): KubeObject {
  const parsed = objectSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new InputError('bad-manifest', `${where}: each document needs apiVersion, kind and metadata.name`, {
    remedy: 'Mend the manifest.',
  });
}

async function setNodes(scene: NodeScene, cluster: ClusterHandle): Promise<void> {
  const nodes = await nodesOf(scene.select, cluster);
  if (nodes.length === 0)
    throw new CouldNotTell('no-nodes', `the scene changes nodes (${scene.select}), and there are none`);
  for (const [i, node] of nodes.entries()) {
    const labels = scene.labels.length === 0 ? undefined : scene.labels[i % scene.labels.length];
    const taints = readPath(node, 'spec.taints');
    const kept = Array.isArray(taints)
      ? taints.filter((taint: unknown) => !isRecord(taint) || !scene.removeTaints.includes(String(taint.key)))
      : undefined;
    const patch = {
      ...(labels ? { metadata: { labels } } : {}),
      ...(Array.isArray(taints) && kept?.length !== taints.length ? { spec: { taints: kept } } : {}),
    };
    await cluster.patch({ apiVersion: 'v1', kind: 'Node', name: node.metadata.name ?? '' }, patch);
  }
}

async function nodesOf(select: NodeScene['select'], cluster: ClusterReader): Promise<KubeObject[]> {
  const { items } = await cluster.list({ apiVersion: 'v1', kind: 'Node' });
  const isControlPlane = (node: KubeObject): boolean => Object.hasOwn(node.metadata.labels ?? {}, CONTROL_PLANE);
  return items
    .filter((node) => select === 'all' || isControlPlane(node) === (select === 'control-plane'))
    .sort((a, b) => ((a.metadata.name ?? '') < (b.metadata.name ?? '') ? -1 : 1));
}
