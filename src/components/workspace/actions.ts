/** Doors to the heavy half: schemas, stream and terminals are fetched only when a lab is looked at or started. */
import { recall, remember } from '../page/remembered.ts';
import { problemOf } from './problem.ts';
import type * as SessionModule from './session.ts';
import { getState, setState, type LabEntry } from './store.ts';

type Session = typeof SessionModule;
let loading: Promise<Session> | undefined;

export function loadSession(): Promise<Session> {
  loading ??= import('./session.ts');
  return loading;
}

/** Runs one learner's action; while it runs the workspace says `words`, and a failure is shown with its remedy. */
export async function act(words: string, action: (session: Session) => Promise<void>): Promise<void> {
  if (getState().busy !== undefined) return;
  setState({ busy: words, problem: undefined });
  try {
    await action(await loadSession());
  } catch (error) {
    setState({ problem: problemOf(error) });
  } finally {
    setState({ busy: undefined });
  }
}

export function startLab(lab: string): Promise<void> {
  setState({ lab });
  remember('lab', lab);
  return act('Starting the lab', (session) => session.start(lab));
}

/**
 * Looks whether one of the page's labs is still alive and picks it up, the last started one first. The first question is asked without the heavy
 * half, so a reader who has started nothing loads nothing.
 */
export async function resume(labs: readonly LabEntry[]): Promise<void> {
  const last = recall('lab');
  for (const { id } of labs.toSorted((a, b) => Number(b.id === last) - Number(a.id === last))) {
    try {
      const response = await fetch(`/api/labs/${encodeURIComponent(id)}/attempt`, {
        headers: { accept: 'application/json' },
      });
      if (!response.ok) return;
      const body: unknown = await response.json();
      const found = typeof body === 'object' && body !== null && 'attempt' in body && body.attempt !== null;
      if (!found) continue;
      setState({ lab: id });
      await act('Coming back to your lab', (session) => session.resume(id));
      return;
    } catch {
      // No server behind these pages: reading works without one, and Start lab says what is missing.
      return;
    }
  }
}
