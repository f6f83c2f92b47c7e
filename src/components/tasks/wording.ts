/** The words and signs of criteria. One place, so that list, strip and announcement always say the same. */
import type { AttemptView, CriterionView } from '../../protocol/http.ts';

export interface Wording {
  readonly sign: string;
  readonly word: string;
  /** Names the colour; never the only carrier of the meaning. */
  readonly tone: 'waiting' | 'pass' | 'fail' | 'error' | 'broken' | 'skipped';
}

/** The live look leaves these out, because the grader would have to disturb something. */
const PRESS_CHECK: Wording = { sign: '○', word: 'not checked yet: press Check', tone: 'waiting' };

export function wordingOf(criterion: Pick<CriterionView, 'verdict' | 'broken' | 'onCheckOnly'>): Wording {
  if (criterion.broken) return { sign: '↺', word: 'was passing, now broken', tone: 'broken' };
  switch (criterion.verdict) {
    case 'pass':
      return { sign: '✓', word: 'passed', tone: 'pass' };
    case 'fail':
      return { sign: '✗', word: 'not yet', tone: 'fail' };
    case 'error':
      return { sign: '?', word: 'could not tell', tone: 'error' };
    case 'skipped':
      if (criterion.onCheckOnly) return PRESS_CHECK;
      return { sign: '–', word: 'skipped', tone: 'skipped' };
    case 'waiting':
      return criterion.onCheckOnly ? PRESS_CHECK : { sign: '○', word: 'not checked yet', tone: 'waiting' };
  }
}

export function criteriaOf(attempt: AttemptView): readonly CriterionView[] {
  return attempt.tasks.flatMap((task) => task.criteria);
}

/** One sentence for each criterion whose word changed, the way a person would say it. */
export function changes(before: AttemptView, after: AttemptView): string[] {
  const earlier = new Map(criteriaOf(before).map((criterion) => [criterion.id, wordingOf(criterion).tone]));
  return criteriaOf(after).flatMap((criterion) => {
    const { tone, word } = wordingOf(criterion);
    const was = earlier.get(criterion.id);
    // From "not checked" to "not yet" is no news: it was not done before either.
    if (was === tone || (was === 'waiting' && tone === 'fail')) return [];
    return [`${criterion.title}: ${word}.`];
  });
}
