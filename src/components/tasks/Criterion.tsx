/** One criterion: sign and word, what was seen and wanted, and its hints one by one. */
import type { CriterionView } from '../../protocol/http.ts';
import { act } from '../workspace/actions.ts';
import { wordingOf } from './wording.ts';

interface Props {
  readonly criterion: CriterionView;
  readonly disabled: boolean;
}

export function Criterion({ criterion, disabled }: Props) {
  const { sign, word, tone } = wordingOf(criterion);
  const { shown, left } = criterion.hints;
  const open = tone !== 'pass' && tone !== 'waiting';
  return (
    <li class="dd-criterion" data-criterion={criterion.id} data-verdict={criterion.verdict} data-tone={tone}>
      <p class="dd-criterion-head">
        <span class="dd-sign" aria-hidden="true">
          {sign}
        </span>
        <span class="dd-criterion-title">{criterion.title}</span>
        <span class="dd-word">{word}</span>
        <span class="dd-points">
          {criterion.points} {criterion.points === 1 ? 'point' : 'points'}
        </span>
      </p>
      {open && (criterion.saw !== undefined || criterion.wanted !== undefined) && (
        <dl class="dd-seen">
          {criterion.saw !== undefined && (
            <div>
              <dt>Saw</dt>
              <dd>{criterion.saw}</dd>
            </div>
          )}
          {criterion.wanted !== undefined && (
            <div>
              <dt>Wanted</dt>
              <dd>{criterion.wanted}</dd>
            </div>
          )}
        </dl>
      )}
      {tone === 'error' && (
        <p class="dd-quiet">We could not look. This is not your mistake and costs nothing; check again in a moment.</p>
      )}
      {shown.length > 0 && (
        <ol class="dd-hints" aria-label="Hints" aria-live="polite">
          {shown.map((hint) => (
            <li key={hint}>{hint}</li>
          ))}
        </ol>
      )}
      {left > 0 && tone !== 'pass' && (
        <button
          type="button"
          class="dd-hint"
          disabled={disabled}
          onClick={() => void act('Fetching a hint', (session) => session.hint(criterion.id))}
        >
          {shown.length === 0 ? 'Hint' : 'Next hint'} ({left} left)<span class="sr-only"> for: {criterion.title}</span>
        </button>
      )}
    </li>
  );
}
