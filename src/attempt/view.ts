/** What the learner sees of an attempt, from what is remembered and what was last looked at. Pure. */
import type { AttemptView, CriterionView } from '../protocol/http.ts';
import type { AttemptRecord } from '../storage/store.ts';
import type { Life } from './machine.ts';
import type { PreparedCriterion, PreparedLab, Sighting } from './prepared-lab.ts';

export interface Seen {
  readonly record: AttemptRecord;
  readonly lab: PreparedLab;
  readonly life: Life;
  /** The latest look at each criterion, live or by *Check*. */
  readonly sightings: ReadonlyMap<string, Sighting>;
  readonly sandbox: AttemptView['sandbox'];
  readonly terminals: AttemptView['terminals'];
  readonly shell: AttemptView['shell'];
  readonly notice: string | undefined;
}

export function attemptView(seen: Seen): AttemptView {
  const { record, lab, life } = seen;
  const tasks = lab.tasks.map((task) => ({
    id: task.id,
    title: task.title,
    criteria: task.criteria.map((criterion) => criterionView(criterion, seen)),
    questions: task.questions.map(({ id, prompt }) => ({ id, prompt, value: record.answers[id] ?? '' })),
  }));
  const criteria = tasks.flatMap((task) => task.criteria);
  return {
    id: record.id,
    lab: lab.id,
    title: lab.title,
    state: life.state,
    steps: [...life.steps],
    ...(life.state === 'failed' ? { failure: life.failure } : {}),
    ...(seen.sandbox ? { sandbox: seen.sandbox } : {}),
    html: lab.html,
    tasks,
    points: sum(criteria.filter((criterion) => criterion.verdict === 'pass')),
    of: sum(criteria),
    ...(record.report ? { report: reportView(record.report) } : {}),
    terminals: seen.terminals,
    shell: seen.shell,
    ...(seen.notice ? { notice: seen.notice } : {}),
  };
}

function criterionView(criterion: PreparedCriterion, { record, sightings }: Seen): CriterionView {
  const sighting = sightings.get(criterion.id);
  const shown = record.hints[criterion.id] ?? 0;
  return {
    id: criterion.id,
    title: criterion.title,
    points: criterion.points,
    verdict: sighting?.verdict ?? 'waiting',
    broken: sighting?.verdict === 'fail' && record.passed.includes(criterion.id),
    onCheckOnly: criterion.onCheckOnly,
    ...(sighting?.saw === undefined ? {} : { saw: sighting.saw }),
    ...(sighting?.wanted === undefined ? {} : { wanted: sighting.wanted }),
    hints: { shown: criterion.hints.slice(0, shown), left: Math.max(0, criterion.hints.length - shown) },
  };
}

function reportView({ at, outcome, points, of }: NonNullable<AttemptRecord['report']>): AttemptView['report'] {
  return { at: new Date(at).toISOString(), outcome, points, of };
}

function sum(criteria: readonly { readonly points: number }[]): number {
  return criteria.reduce((total, { points }) => total + points, 0);
}
