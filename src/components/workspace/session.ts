/** The learner's attempt in the browser: what they do goes to the server, what comes back goes into the store. */
import { systemClock } from '../../../kernel/clock.ts';
import type { AttemptView } from '../../protocol/http.ts';
import { liveViewSchema } from '../../protocol/live-view.ts';
import { changes } from '../tasks/wording.ts';
import * as api from './api.ts';
import { follow } from './attempt-stream.ts';
import { problemOf } from './problem.ts';
import { getState, setState, type Tab } from './store.ts';

let stream: { dispose(): void } | undefined;
/** The attempt for which a first terminal was already asked for. */
let greeted: string | undefined;

export async function start(lab: string): Promise<void> {
  setState({ focusTerminal: true });
  take(await api.startAttempt(lab));
}

export async function resume(lab: string): Promise<void> {
  const attempt = await api.livingAttempt(lab);
  if (attempt) take(attempt);
}

export async function check(task?: string): Promise<void> {
  update(await api.postToAttempt(current(), 'check', task === undefined ? {} : { task }));
  const { report, points, of } = getState().attempt ?? {};
  const score = report ? `${report.points} of ${report.of}` : `${points} of ${of}`;
  setState({ announcement: `Checked: ${score} points.` });
}

export async function hint(criterion: string): Promise<void> {
  update(await api.postToAttempt(current(), 'hints', { criterion }));
}

export async function answer(question: string, value: string): Promise<void> {
  update(await api.postToAttempt(current(), 'answers', { question, value }));
}

export async function reset(): Promise<void> {
  take(await api.postToAttempt(current(), 'reset', {}));
}

export async function end(): Promise<void> {
  await api.endAttempt(current());
  stream?.dispose();
  stream = undefined;
  setState({ attempt: undefined, live: undefined, stream: 'closed', tab: 'tasks' });
}

export async function addTerminal(): Promise<void> {
  setState({ focusTerminal: true });
  await openTerminal();
}

async function openTerminal(): Promise<void> {
  const id = await api.openTerminal(current());
  setState({ tab: `terminal:${id}` });
}

function current(): string {
  const { attempt } = getState();
  if (!attempt) throw new api.ApiError('no-lab', 'No lab is running.', { remedy: 'Start the lab first.' });
  return attempt.id;
}

/** Makes this attempt the one on show and follows its events. */
function take(attempt: AttemptView): void {
  stream?.dispose();
  setState({ live: undefined, announcement: '', tab: firstTab(attempt) });
  update(attempt);
  stream = follow(attempt.id, {
    clock: systemClock,
    onState: (state) => setState({ stream: state }),
    onEvent: (event) => {
      if (event.kind === 'attempt') return update(event.attempt);
      const view = liveViewSchema.safeParse(event.view);
      if (view.success) setState({ live: view.data });
    },
  });
}

function update(attempt: AttemptView): void {
  const before = getState().attempt;
  const spoken = before?.id === attempt.id ? changes(before, attempt) : [];
  const becameReady = before?.state === 'creating' && attempt.state === 'ready';
  const tab = keepTab(attempt, becameReady || before?.id !== attempt.id);
  setState({ attempt, tab, ...(spoken.length > 0 && { announcement: spoken.join(' ') }) });
  void greet(attempt);
  if (attempt.state === 'ended') {
    stream?.dispose();
    stream = undefined;
    setState({ stream: 'closed' });
  }
}

/** A lab begins with a terminal, and so it does after a restart of the server, when the earlier shells are gone. */
async function greet(attempt: AttemptView): Promise<void> {
  if (attempt.state !== 'ready' || greeted === attempt.id) return;
  greeted = attempt.id;
  if (attempt.terminals.length > 0 || attempt.shell.kind === 'none') return;
  try {
    await openTerminal();
  } catch (error) {
    setState({ problem: problemOf(error) });
  }
}

function keepTab(attempt: AttemptView, fresh: boolean): Tab {
  const { tab } = getState();
  if (fresh) return firstTab(attempt);
  if (!tab.startsWith('terminal:')) return tab;
  // A tab just opened may be announced by the stream a moment later.
  return attempt.state === 'ready' ? tab : firstTab(attempt);
}

function firstTab(attempt: AttemptView): Tab {
  const first = attempt.terminals[0];
  return attempt.state === 'ready' && first && attempt.shell.kind !== 'none' ? `terminal:${first.id}` : 'tasks';
}
