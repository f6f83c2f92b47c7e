/** One line over the tabs that shows every criterion's state, so a tick is seen while typing in the terminal. */
import type { AttemptView } from '../../protocol/http.ts';
import { criteriaOf, wordingOf } from '../tasks/wording.ts';
import { setState } from './store.ts';

export function Strip({ attempt }: { readonly attempt: AttemptView }) {
  const criteria = criteriaOf(attempt);
  if (criteria.length === 0) return null;
  const passed = criteria.filter((criterion) => criterion.verdict === 'pass' && !criterion.broken).length;
  const next = criteria.find((criterion) => criterion.verdict !== 'pass' || criterion.broken);
  return (
    <button type="button" class="dd-strip" onClick={() => setState({ tab: 'tasks' })} title="Show the tasks">
      <span class="dd-strip-signs" aria-hidden="true">
        {criteria.map((criterion) => {
          const { sign, tone } = wordingOf(criterion);
          return (
            <span key={criterion.id} data-tone={tone}>
              {sign}
            </span>
          );
        })}
      </span>
      <span>
        {passed} of {criteria.length} passed · {attempt.points} of {attempt.of} points
      </span>
      <span class="dd-strip-next dd-quiet">{next ? `Next: ${next.title}` : 'All done'}</span>
    </button>
  );
}
