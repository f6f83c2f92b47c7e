/**
 * How far the deletion of a namespace has come, as conditions. Pure. Source: kubernetes namespace/deletion, status_condition_utils.
 *
 * R-CTRL-42 Conditions NamespaceDeletionDiscoveryFailure, …GroupVersionParsingFailure, …ContentFailure, NamespaceContentRemaining,
 *   NamespaceFinalizersRemaining tell what is left, counted by resource and by finalizer.
 */
import type { KubeObject } from '../../../../kernel/kube/object.ts';
import type { Condition } from '../../../client/kinds.ts';
import { conditionOf } from '../../../client/kinds.ts';

export interface Remaining {
  /** As `pods.` or `deployments.apps`. */
  readonly resource: string;
  readonly objects: readonly KubeObject[];
}

export interface NamespaceProgress {
  readonly remaining: readonly Remaining[];
  /** Words of deletions that the server refused. */
  readonly failures: readonly string[];
  readonly before: readonly Condition[];
  /** RFC 3339. */
  readonly time: string;
}

export function deletionConditions({ remaining, failures, before, time }: NamespaceProgress): readonly Condition[] {
  const left = remaining.filter(({ objects }) => objects.length > 0);
  const counts = left.map(({ resource, objects }) => `${resource} has ${objects.length} resource instances`).sort();
  const finalizers = finalizerCounts(left.flatMap(({ objects }) => objects));
  const all: readonly (readonly [string, boolean, string, string])[] = [
    ['NamespaceDeletionDiscoveryFailure', false, 'ResourcesDiscovered', 'All resources successfully discovered'],
    [
      'NamespaceDeletionGroupVersionParsingFailure',
      false,
      'ParsedGroupVersions',
      'All legacy kube types successfully parsed',
    ],
    failures.length > 0
      ? [
          'NamespaceDeletionContentFailure',
          true,
          'ContentDeletionFailed',
          `Failed to delete all resource types, ${failures.length} remaining: ${failures.join(', ')}`,
        ]
      : [
          'NamespaceDeletionContentFailure',
          false,
          'ContentDeleted',
          'All content successfully deleted, may be waiting on finalization',
        ],
    counts.length > 0
      ? ['NamespaceContentRemaining', true, 'SomeResourcesRemain', `Some resources are remaining: ${counts.join(', ')}`]
      : ['NamespaceContentRemaining', false, 'ContentRemoved', 'All content successfully removed'],
    finalizers.length > 0
      ? [
          'NamespaceFinalizersRemaining',
          true,
          'SomeFinalizersRemain',
          `Some content in the namespace has finalizers remaining: ${finalizers.join(', ')}`,
        ]
      : ['NamespaceFinalizersRemaining', false, 'ContentHasNoFinalizers', 'All content-preserving finalizers finished'],
  ];
  return all.map(([type, isTrue, reason, message]) => {
    const status = isTrue ? 'True' : 'False';
    const known = conditionOf(before, type);
    const since = known?.status === status ? known.lastTransitionTime : time;
    return { type, status, lastTransitionTime: since, reason, message };
  });
}

function finalizerCounts(objects: readonly KubeObject[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const finalizer of objects.flatMap((object) => object.metadata.finalizers ?? [])) {
    counts.set(finalizer, (counts.get(finalizer) ?? 0) + 1);
  }
  return [...counts].map(([finalizer, count]) => `${finalizer} in ${count} resource instances`).sort();
}
