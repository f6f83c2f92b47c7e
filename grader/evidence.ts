/** Collects what checks may see. After this, judging is pure. */
import type { Answers, Evidence, ProbeResponse, Source, Variables } from './check.ts';
import type { Baseline } from './baseline-shape.ts';
import type { KubeObject } from '../kernel/kube/object.ts';
import type { ClusterReader } from '../sandbox/contract.ts';
import { CouldNotTell, messageOf } from '../kernel/errors.ts';

export type ObjectLists = ReadonlyMap<string, readonly KubeObject[]>;

/** One text for one source, so that criteria can share it. */
export function sourceKey({ apiVersion, kind, namespace }: Source): string {
  return `${apiVersion}|${kind}|${namespace ?? ''}`;
}

/** Each source once. */
export function distinctSources(sources: readonly Source[]): Source[] {
  return [...new Map(sources.map((source) => [sourceKey(source), source])).values()];
}

/** Lists every source. Throws CouldNotTell when the cluster does not answer. */
export async function listSources(sources: readonly Source[], reader: ClusterReader): Promise<ObjectLists> {
  const lists = await Promise.all(
    distinctSources(sources).map(async (source): Promise<[string, readonly KubeObject[]]> => [
      sourceKey(source),
      await listSource(source, reader),
    ]),
  );
  return new Map(lists);
}

async function listSource(source: Source, reader: ClusterReader): Promise<readonly KubeObject[]> {
  try {
    return (await reader.list(source)).items;
  } catch (error) {
    throw new CouldNotTell('cannot-list', `cannot list ${source.kind}: ${messageOf(error)}`, { cause: error });
  }
}

/** Evidence from lists that are there already. Asking for a source that was not listed is CouldNotTell. */
export function evidenceFrom(options: {
  readonly lists: ObjectLists;
  readonly baseline: Baseline;
  readonly answers: Answers;
  readonly variables: Variables;
  readonly responses?: readonly ProbeResponse[];
}): Evidence {
  return {
    objects(source) {
      const list = options.lists.get(sourceKey(source));
      if (list === undefined) throw new CouldNotTell('not-listed', `${source.kind} was not looked at`);
      return list;
    },
    before: (source) => options.baseline.objects[sourceKey(source)] ?? [],
    answers: options.answers,
    variables: options.variables,
    responses: options.responses ?? [],
  };
}
