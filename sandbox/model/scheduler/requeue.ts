/**
 * Which changes may help which waiting Pod. Pure. Source: the QueueingHints of upstream's plugins, in a coarser grain.
 *
 * R-SCHED-6 A Pod that no node could take is tried again when something changes that its refusing plugins look at.
 * R-SCHED-7 The waits between tries grow from 1 s to 10 s; a try is due at once when the wait is over.
 * R-SCHED-8 After 5 min without any such change it is tried anyway.
 */
import { jsonEqual } from '../../../kernel/kube/object.ts';
import type { Change } from '../../client/informer.ts';
import type { Node, Pod } from '../../client/kinds.ts';
import { isPodTerminal } from '../../client/kinds.ts';

export type ClusterEvent = 'node' | 'pod-gone' | 'pod-added' | 'volume';

const HELPS: Readonly<Record<ClusterEvent, ReadonlySet<string> | 'all'>> = {
  node: 'all',
  'pod-gone': new Set([
    'NodeResourcesFit',
    'NodePorts',
    'InterPodAffinity',
    'PodTopologySpread',
    'VolumeRestrictions',
    'VolumeBinding',
  ]),
  'pod-added': new Set(['InterPodAffinity', 'PodTopologySpread']),
  volume: new Set(['VolumeRestrictions', 'VolumeBinding', 'VolumeZone']),
};

export const FLUSH_AFTER = 5 * 60_000;

/** Milliseconds to wait after the given number of failed tries. */
export function backOff(tries: number): number {
  return Math.min(1000 * 2 ** Math.max(0, tries - 1), 10_000);
}

export function mayHelp(event: ClusterEvent, refusedBy: ReadonlySet<string>): boolean {
  const helped = HELPS[event];
  return helped === 'all' || [...refusedBy].some((plugin) => helped.has(plugin));
}

/** Undefined for changes that no plugin looks at, such as heartbeats. */
export function nodeEvent({ before, now }: Change<Node>): ClusterEvent | undefined {
  if (!now) return undefined;
  const relevant = (node: Node | undefined): unknown => [node?.metadata.labels, node?.spec, node?.status?.allocatable];
  return jsonEqual(relevant(before), relevant(now)) ? undefined : 'node';
}

/** Looks at assigned Pods alone; waiting ones are the queue's own business. */
export function podEvent({ before, now }: Change<Pod>): ClusterEvent | undefined {
  const ended = (pod: Pod | undefined): boolean => !pod || isPodTerminal(pod);
  if (before?.spec.nodeName && !ended(before) && ended(now)) return 'pod-gone';
  if (!now?.spec.nodeName) return undefined;
  if (!before?.spec.nodeName || !jsonEqual(before.metadata.labels, now.metadata.labels)) return 'pod-added';
  return before.metadata.deletionTimestamp === now.metadata.deletionTimestamp ? undefined : 'pod-gone';
}
