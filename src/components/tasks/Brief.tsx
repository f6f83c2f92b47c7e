/** What to do, over the terminal, so that nobody starts a lab and faces a bare prompt. Folds away, and stays as it was left. */
import { useState } from 'preact/hooks';
import type { AttemptView } from '../../protocol/http.ts';
import { recall, remember } from '../page/remembered.ts';

/** Smaller windows need their lines for the terminal; there one click unfolds it. */
const ROOMY = '(min-width: 68.75rem) and (min-height: 43rem)';

export function Brief({ attempt, onTasks }: { readonly attempt: AttemptView; readonly onTasks: () => void }) {
  const [open, setOpen] = useState(() => {
    const kept = recall('brief');
    return kept === undefined ? matchMedia(ROOMY).matches : kept === 'open';
  });
  const toggle = (next: boolean): void => {
    if (next === open) return;
    setOpen(next);
    remember('brief', next ? 'open' : 'closed');
  };
  return (
    <details class="dd-brief" open={open} onToggle={(event) => toggle(event.currentTarget.open)}>
      <summary>What to do</summary>
      {/* It scrolls, so the keyboard must reach it. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div class="dd-brief-text" tabIndex={0} role="region" aria-label="What to do">
        <div class="sl-markdown-content" dangerouslySetInnerHTML={{ __html: attempt.html }} />
        {attempt.tasks.length > 0 && (
          <button type="button" onClick={onTasks}>
            Tasks, questions and hints
          </button>
        )}
      </div>
    </details>
  );
}
