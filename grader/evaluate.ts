/** Judges one criterion from evidence. The only place where a thrown error becomes the verdict `error`. Pure. */
import type { Evidence, Observation } from './check.ts';
import { bindCheck } from './checks/registry.ts';
import type { Criterion } from './lab/schema.ts';
import type { CriterionResult, Verdict } from './report.ts';
import { messageOf } from '../kernel/errors.ts';

export interface Judgement {
  readonly verdict: Verdict;
  readonly observation: Observation;
}

export function judge(criterion: Criterion, evidence: Evidence): Judgement {
  try {
    const { verdict, saw, wanted, hint } = bindCheck(criterion.check).look(evidence);
    return { verdict, observation: { saw, wanted, ...(hint === undefined ? {} : { hint }) } };
  } catch (error) {
    return couldNotTell(criterion, error);
  }
}

/** Our trouble, in words that do not blame the learner. */
export function couldNotTell(criterion: Criterion, error: unknown): Judgement {
  return {
    verdict: 'error',
    observation: { saw: `we could not look (${messageOf(error)}); this costs you nothing`, wanted: criterion.title },
  };
}

export function skippedBecause(criterion: Criterion, missing: Criterion): Judgement {
  return {
    verdict: 'skipped',
    observation: { saw: `looked at once “${missing.title}” is met`, wanted: criterion.title },
  };
}

export function toResult({ id, title, points }: Criterion, { verdict, observation }: Judgement): CriterionResult {
  return { id, title, verdict, points: verdict === 'pass' ? points : 0, of: points, observation };
}
