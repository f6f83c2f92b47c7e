/** The bar over the workspace: which lab, on which cluster, and the three ways out (reset, end, close). */
import { useRef } from 'preact/hooks';
import type { AttemptView } from '../../protocol/http.ts';
import { act, startLab } from './actions.ts';

interface Props {
  readonly attempt: AttemptView;
  readonly busy: string | undefined;
  readonly onClose?: () => void;
}

export function LabBar({ attempt, busy, onClose }: Props) {
  const ask = useRef<HTMLDialogElement>(null);
  const running = attempt.state === 'ready';
  const over = attempt.state === 'ended';
  return (
    <div class="dd-bar">
      <h2>{attempt.title}</h2>
      {attempt.sandbox && (
        <span class="dd-badge" title="Kind of cluster, Kubernetes version, topology">
          {attempt.sandbox.driver} · {attempt.sandbox.version} · {attempt.sandbox.topology}
        </span>
      )}
      <span class="dd-quiet" role="status">
        {busy ? `${busy} …` : over ? 'This lab has ended.' : ''}
      </span>
      <span class="dd-bar-buttons">
        {over && (
          <button type="button" class="dd-primary" onClick={() => void startLab(attempt.lab)}>
            Start lab again
          </button>
        )}
        {running && (
          <>
            <button type="button" disabled={busy !== undefined} onClick={() => ask.current?.showModal()}>
              Reset
            </button>
            <button
              type="button"
              disabled={busy !== undefined}
              onClick={() => void act('Ending the lab', (session) => session.end())}
            >
              End
            </button>
          </>
        )}
        {onClose && (
          <button type="button" onClick={onClose} title="Gives the width to the text; the lab goes on">
            Close<span class="sr-only"> workspace</span>
          </button>
        )}
      </span>
      <dialog ref={ask} class="dd-dialog" aria-labelledby="dd-reset-title">
        <h2 id="dd-reset-title">Reset this lab?</h2>
        <p>
          You get a new cluster with the scene as it was at the start. Lost for good: all objects you made or changed,
          your files, your shells and what you answered. Your grade reports stay.
        </p>
        <form method="dialog">
          <button type="submit">Keep working</button>
          <button
            type="submit"
            class="dd-primary"
            onClick={() => void act('Resetting the lab', (session) => session.reset())}
          >
            Reset the lab
          </button>
        </form>
      </dialog>
    </div>
  );
}
