/** What the learner has done so far: points per lab, right answers per quiz. */
import { useEffect, useState } from 'preact/hooks';
import type { ProgressView } from '../../protocol/http.ts';

type State =
  { readonly kind: 'asking' } | { readonly kind: 'known'; readonly progress: ProgressView } | { readonly kind: 'away' };

/** `titles`: of every lab, by id. */
export function Progress({ titles }: { readonly titles: Readonly<Record<string, string>> }) {
  const [state, setState] = useState<State>({ kind: 'asking' });
  useEffect(() => {
    ask().then(setState, () => setState({ kind: 'away' }));
  }, []);
  if (state.kind === 'asking') return <p class="dd-quiet">Looking …</p>;
  if (state.kind === 'away') {
    return (
      <p class="dd-quiet">
        Progress is kept by the lab server. Open the address that `npm start` printed to see yours.
      </p>
    );
  }
  const labs = Object.entries(state.progress.labs);
  const right = Object.values(state.progress.quiz).filter(Boolean).length;
  if (labs.length === 0 && right === 0)
    return <p class="dd-quiet">Nothing yet. Open a lesson; its first lab takes a few minutes.</p>;
  return (
    <ul class="dd-progress">
      {labs.map(([id, lab]) => (
        <li key={id}>
          <span>{titles[id] ?? id}</span>{' '}
          <meter min={0} max={lab.of} value={lab.points} aria-label={`Points of ${titles[id] ?? id}`} />{' '}
          <span>
            {lab.passed ? '✓ passed, ' : ''}
            {lab.points} of {lab.of} points
          </span>
        </li>
      ))}
      {right > 0 && (
        <li>
          {right} quiz {right === 1 ? 'question' : 'questions'} answered rightly
        </li>
      )}
    </ul>
  );
}

async function ask(): Promise<State> {
  const response = await fetch('/api/progress', { headers: { accept: 'application/json' } });
  if (!response.ok) return { kind: 'away' };
  const body: unknown = await response.json();
  return isProgress(body) ? { kind: 'known', progress: body } : { kind: 'away' };
}

/** Looks at the shape by hand: the schema library weighs more than all else on the home page together. */
function isProgress(body: unknown): body is ProgressView {
  if (!isRecord(body) || !isRecord(body['labs']) || !isRecord(body['quiz'])) return false;
  return Object.values(body['labs']).every(
    (lab) =>
      isRecord(lab) &&
      typeof lab['points'] === 'number' &&
      typeof lab['of'] === 'number' &&
      typeof lab['passed'] === 'boolean',
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
