/** The one state that the workspace, the lab cards and the live views share. Light: no schema, no terminal in here. */
import { useEffect, useState } from 'preact/hooks';
import type { AttemptView, Problem } from '../../protocol/http.ts';
import type { LiveView } from '../../protocol/live-view.ts';

export interface LabEntry {
  readonly id: string;
  readonly title: string;
  readonly minutes: number | undefined;
}

/** `terminal:<id>` for each terminal, and the two fixed tabs. */
export type Tab = 'tasks' | 'live' | `terminal:${string}`;

export interface WorkspaceState {
  readonly labs: readonly LabEntry[];
  /** The lab that the workspace shows; undefined on pages without one. */
  readonly lab: string | undefined;
  /** A request is under way, in words for the learner. */
  readonly busy: string | undefined;
  readonly attempt: AttemptView | undefined;
  readonly live: LiveView | undefined;
  /** The progress stream: whether what is drawn is fresh. */
  readonly stream: 'closed' | 'open' | 'lost';
  readonly problem: Problem | undefined;
  readonly tab: Tab;
  /** The learner asked for a terminal: the next one that is shown takes the focus, as the pressed button is gone. */
  readonly focusTerminal: boolean;
  /** Said once to screen readers when a criterion changes. */
  readonly announcement: string;
}

let state: WorkspaceState = {
  labs: [],
  lab: undefined,
  busy: undefined,
  attempt: undefined,
  live: undefined,
  stream: 'closed',
  problem: undefined,
  tab: 'tasks',
  focusTerminal: false,
  announcement: '',
};
const listeners = new Set<() => void>();

export function getState(): WorkspaceState {
  return state;
}

export function setState(change: Partial<WorkspaceState>): void {
  state = { ...state, ...change };
  for (const listener of listeners) listener();
}

/** The state, in a component: draws again when the chosen part changes. */
export function useWorkspace<T>(choose: (state: WorkspaceState) => T): T {
  const [value, setValue] = useState(() => choose(state));
  useEffect(() => {
    const update = (): void => setValue(() => choose(state));
    update();
    listeners.add(update);
    return () => {
      listeners.delete(update);
    };
    // `choose` is written in place and new at each drawing; what it chooses is not.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, []);
  return value;
}
