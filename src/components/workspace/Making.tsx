/** While a sandbox is made: its named steps, a way to stop, and when it failed, why and what now. */
import type { AttemptView } from '../../protocol/http.ts';
import { act, startLab } from './actions.ts';
import { ProblemNote } from './ProblemNote.tsx';

const SIGNS = {
  started: { sign: '◌', word: 'under way' },
  done: { sign: '✓', word: 'done' },
  failed: { sign: '✗', word: 'failed' },
} as const;

export function Making({ attempt }: { readonly attempt: AttemptView }) {
  const failed = attempt.state === 'failed';
  return (
    <div class="dd-making">
      <h3>{failed ? 'The sandbox could not be made' : 'Making your sandbox'}</h3>
      <ol class="dd-steps" aria-live="polite">
        {attempt.steps.map((step) => (
          <li key={step.name} data-step={step.state}>
            <span aria-hidden="true">{SIGNS[step.state].sign}</span> {step.name}{' '}
            <span class="dd-quiet">({SIGNS[step.state].word})</span>
          </li>
        ))}
      </ol>
      {failed && attempt.failure && (
        <ProblemNote problem={{ code: 'sandbox', message: attempt.failure.message, remedy: attempt.failure.remedy }} />
      )}
      {failed ? (
        <button type="button" class="dd-primary" onClick={() => void startLab(attempt.lab)}>
          Try again
        </button>
      ) : (
        <button type="button" onClick={() => void act('Cancelling', (session) => session.end())}>
          Cancel
        </button>
      )}
    </div>
  );
}
