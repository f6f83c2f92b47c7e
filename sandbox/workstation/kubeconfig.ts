/** The learner's kubeconfig: made once, then the learner's own; only the server's address is kept up to date. */
import { constants } from 'node:fs';
import { lstat, mkdir, open, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { parse, stringify } from 'yaml';
import { z } from 'zod';

/** A larger kubeconfig is not read, in bytes: reading YAML takes time. */
const LARGEST = 64 * 1024;

/** A context of the lab's; all lead to the same cluster and differ in their namespace. */
export interface WorkstationContext {
  readonly name: string;
  readonly namespace?: string;
  readonly current?: boolean;
}

const kubeconfigSchema = z.looseObject({
  clusters: z.array(z.looseObject({ name: z.string(), cluster: z.looseObject({ server: z.string() }) })).min(1),
  contexts: z
    .array(z.looseObject({ name: z.string(), context: z.looseObject({ cluster: z.string(), user: z.string() }) }))
    .min(1),
  'current-context': z.string(),
});
type Kubeconfig = z.infer<typeof kubeconfigSchema>;

/** The sandbox's kubeconfig with the lab's contexts in place of its own. */
export function withContexts(base: string, contexts: readonly WorkstationContext[]): string {
  const config = kubeconfigSchema.parse(parse(base));
  const [model] = config.contexts;
  if (model === undefined || contexts.length === 0) return base;
  config.contexts = contexts.map(({ name, namespace }) => ({
    context: {
      cluster: model.context.cluster,
      ...(namespace === undefined ? {} : { namespace }),
      user: model.context.user,
    },
    name,
  }));
  config['current-context'] = (contexts.find(({ current }) => current) ?? contexts[0])?.name ?? model.name;
  return stringify(config);
}

/**
 * Writes the kubeconfig for a (re)opened workstation. One that the learner has, for this same cluster, keeps the learner's
 * contexts and choices. What stands at the path is the learner's work, and we may be root: no link is followed.
 */
export async function writeKubeconfig(path: string, fresh: string): Promise<void> {
  const wanted = kubeconfigSchema.parse(parse(fresh));
  await ownFolder(dirname(path));
  const had = await readKubeconfig(path);
  const text =
    had && sameCluster(had, wanted) ? stringify({ ...had, clusters: wanted.clusters, users: wanted.users }) : fresh;
  const next = `${path}.drydock`;
  await rm(next, { recursive: true, force: true });
  await writeFile(next, text, { mode: 0o600, flag: 'wx' });
  if ((await kindOf(path)) === 'folder') await rm(path, { recursive: true });
  await rename(next, path);
}

/** Makes the folder, in place of a link or a file of that name. */
async function ownFolder(path: string): Promise<void> {
  if ((await kindOf(path)) === 'other') await rm(path);
  await mkdir(path, { recursive: true });
}

async function kindOf(path: string): Promise<'folder' | 'other' | 'nothing'> {
  try {
    return (await lstat(path)).isDirectory() ? 'folder' : 'other';
  } catch {
    return 'nothing';
  }
}

async function readKubeconfig(path: string): Promise<Kubeconfig | undefined> {
  try {
    // Not waiting for the other end, should it be a pipe.
    const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      const entry = await file.stat();
      if (!entry.isFile() || entry.size > LARGEST) return undefined;
      return kubeconfigSchema.parse(parse(await file.readFile('utf8')));
    } finally {
      await file.close();
    }
  } catch {
    // Missing or broken: the learner gets a fresh one.
    return undefined;
  }
}

function sameCluster(a: Kubeconfig, b: Kubeconfig): boolean {
  const authority = (c: Kubeconfig): unknown => c.clusters[0]?.cluster['certificate-authority-data'];
  return authority(a) === authority(b);
}
