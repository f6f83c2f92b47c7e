/** Lesson 06's live view: what each filter and score says of each node, for Pods that wait or were just placed. Pure. */
import type { KubeObject } from '../../../kernel/kube/object.ts';
import type { SchedulingView } from '../../protocol/live-view.ts';
import { fields, isLearners, items, nameOf, spec, status, text } from './read.ts';

const MOST = 8;

type NodeView = SchedulingView['pods'][number]['nodes'][number];
type NodeExplanation = Omit<NodeView, 'scores'> & { readonly scores: readonly NodeView['scores'][number][] };

export interface ScheduleExplanation {
  readonly nodes: readonly NodeExplanation[];
  /** The scheduler's own words when no node will do. */
  readonly message?: string;
}

/** What the scheduler looks at, by kind. */
export type Snapshot = Readonly<Record<string, readonly KubeObject[]>>;

/**
 * Asks the scheduler's own filters and scores; a Pod that is placed already is explained as if it were still to be placed.
 * Undefined where the driver's scheduler cannot be asked.
 */
export type Explain = (pod: KubeObject, snapshot: Snapshot) => ScheduleExplanation | undefined;

export function schedulingView(snapshot: Snapshot, explain: Explain): SchedulingView {
  const pods = (snapshot['Pod'] ?? [])
    .filter((pod) => isLearners(pod) && !isOver(pod))
    .toSorted(waitingFirstThenNewest);
  const explained = pods.slice(0, MOST).map((pod) => {
    const node = text(spec(pod)['nodeName']);
    const explanation = explain(pod, snapshot);
    const message = refusalOf(pod) ?? (node ? undefined : explanation?.message);
    return {
      ...nameOf(pod),
      ...(node ? { node } : {}),
      ...(message ? { message } : {}),
      nodes: (explanation?.nodes ?? []).map((one) => ({ ...one, scores: [...one.scores] })),
    };
  });
  return { view: 'scheduling', pods: explained };
}

function isOver(pod: KubeObject): boolean {
  return ['Succeeded', 'Failed'].includes(text(status(pod)['phase']) ?? '');
}

function waitingFirstThenNewest(a: KubeObject, b: KubeObject): number {
  const placed = (pod: KubeObject): number => (text(spec(pod)['nodeName']) ? 1 : 0);
  const born = (pod: KubeObject): string => pod.metadata.creationTimestamp ?? '';
  return placed(a) - placed(b) || born(b).localeCompare(born(a)) || nameOf(a).name.localeCompare(nameOf(b).name);
}

/** The scheduler's own words in the Pod's PodScheduled condition. */
function refusalOf(pod: KubeObject): string | undefined {
  const condition = items(status(pod)['conditions']).find(
    (one) => one['type'] === 'PodScheduled' && one['status'] === 'False',
  );
  return text(fields(condition)['message']);
}
