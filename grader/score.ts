/** Turns verdicts into points, a score and an outcome. Pure. */
import type { CriterionResult, GradeReport, TaskResult } from './report.ts';

export function totalTask(task: { id: string; title: string }, criteria: readonly CriterionResult[]): TaskResult {
  return {
    id: task.id,
    title: task.title,
    points: sum(criteria, 'points'),
    of: sum(criteria, 'of'),
    criteria: [...criteria],
  };
}

/** Full marks pass. A criterion that could not be judged makes the report `ungraded` and leaves the score untouched. */
export function totalLab(tasks: readonly TaskResult[]): Pick<GradeReport, 'outcome' | 'points' | 'of' | 'score'> {
  const criteria = tasks.flatMap((task) => task.criteria);
  const judged = criteria.filter((criterion) => criterion.verdict !== 'error');
  const judgedOf = sum(judged, 'of');
  const outcome =
    judged.length < criteria.length
      ? 'ungraded'
      : judged.every((criterion) => criterion.verdict === 'pass')
        ? 'pass'
        : 'fail';
  return {
    outcome,
    points: sum(criteria, 'points'),
    of: sum(criteria, 'of'),
    score: judgedOf === 0 ? 0 : sum(judged, 'points') / judgedOf,
  };
}

function sum(criteria: readonly CriterionResult[], field: 'points' | 'of'): number {
  return criteria.reduce((total, criterion) => total + criterion[field], 0);
}
