/** The right half of a lesson: opens and closes, remembers its width, and fetches its insides when a lab begins. */
import { lazy, Suspense } from 'preact/compat';
import { useEffect, useRef, useState } from 'preact/hooks';
import { recall, remember } from '../page/remembered.ts';
import { resume, startLab } from './actions.ts';
import { ProblemNote } from './ProblemNote.tsx';
import { Splitter } from './Splitter.tsx';
import { setState, useWorkspace, type LabEntry } from './store.ts';

const Bench = lazy(() => import('./Bench.tsx').then((module) => module.Bench));

interface Props {
  readonly labs: readonly LabEntry[];
  /** `full`: the workspace is the page, so there is nothing to split or close. */
  readonly mode: 'side' | 'full';
}

export function Workspace({ labs, mode }: Props) {
  const [open, setOpen] = useState(true);
  const side = useRef<HTMLElement>(null);
  const attempt = useWorkspace((state) => state.attempt);

  useEffect(() => {
    setState({ labs, lab: labs[0]?.id });
    if (mode === 'side') setOpen(recall('workspace') !== 'closed');
    void resume(labs);
  }, [labs, mode]);

  useEffect(() => {
    document.documentElement.dataset['workspace'] = open ? mode : 'closed';
    const reopen = (): void => toggle(true);
    document.addEventListener('drydock:open-workspace', reopen);
    return () => document.removeEventListener('drydock:open-workspace', reopen);
  }, [open, mode]);

  const toggle = (next: boolean): void => {
    setOpen(next);
    remember('workspace', next ? 'open' : 'closed');
  };
  /** What was pressed goes away: the focus moves on to what brings it back. */
  const press = (next: boolean): void => {
    toggle(next);
    requestAnimationFrame(() =>
      side.current?.querySelector<HTMLElement>(next ? '.dd-splitter' : '.dd-reopen')?.focus(),
    );
  };

  const close = mode === 'side' ? (): void => press(false) : undefined;
  return (
    <section class="dd-side" ref={side} aria-label="Workspace">
      {mode === 'side' && open && <Splitter onCollapse={() => press(false)} />}
      <div class="dd-workspace" id="dd-workspace" hidden={!open}>
        {attempt ? (
          <Suspense fallback={<p class="dd-quiet">Fetching the workspace …</p>}>
            <Bench onClose={close} />
          </Suspense>
        ) : (
          <Welcome labs={labs} mode={mode} onClose={close} />
        )}
      </div>
      {mode === 'side' && !open && (
        <button type="button" class="dd-reopen" aria-expanded="false" onClick={() => press(true)}>
          Open workspace
        </button>
      )}
      {mode === 'side' && <PaneSwitch />}
    </section>
  );
}

/** Before a lab is started: what there is to start, and that reading needs none of it. */
function Welcome({ labs, mode, onClose }: Props & { readonly onClose?: () => void }) {
  const busy = useWorkspace((state) => state.busy);
  const problem = useWorkspace((state) => state.problem);
  return (
    <div class="dd-welcome">
      <div class="dd-bar">
        <h2>Workspace</h2>
        {onClose && (
          <button type="button" onClick={onClose}>
            Close workspace
          </button>
        )}
      </div>
      <p>
        {mode === 'full'
          ? 'You get a cluster of your own and a terminal with kubectl. Nothing runs until you start it.'
          : 'A lab gives you a cluster of your own, a terminal with kubectl, and tasks that tick as you work. Nothing runs until you start it.'}
      </p>
      <ul class="dd-lab-list">
        {labs.map((lab) => (
          <li key={lab.id}>
            <span>
              <strong>{lab.title}</strong>
              {mode === 'side' && lab.minutes !== undefined && (
                <span class="dd-quiet"> about {lab.minutes} minutes</span>
              )}
            </span>
            <button
              type="button"
              class="dd-primary"
              disabled={busy !== undefined}
              data-start={lab.id}
              onClick={() => void startLab(lab.id)}
            >
              Start lab<span class="sr-only">: {lab.title}</span>
            </button>
          </li>
        ))}
      </ul>
      <p role="status" class="dd-quiet">
        {busy && `${busy} …`}
      </p>
      {problem && <ProblemNote problem={problem} />}
    </div>
  );
}

/** Narrow screens show one half at a time. */
function PaneSwitch() {
  const [pane, setPane] = useState<'text' | 'workspace'>('text');
  const show = (next: 'text' | 'workspace'): void => {
    document.documentElement.dataset['pane'] = next;
    setPane(next);
  };
  useEffect(() => {
    const toWorkspace = (): void => show('workspace');
    document.addEventListener('drydock:open-workspace', toWorkspace);
    return () => document.removeEventListener('drydock:open-workspace', toWorkspace);
  }, []);
  return (
    <div class="dd-pane-switch" role="group" aria-label="Show">
      <button type="button" aria-pressed={pane === 'text'} onClick={() => show('text')}>
        Lesson
      </button>
      <button type="button" aria-pressed={pane === 'workspace'} onClick={() => show('workspace')}>
        Workspace
      </button>
    </div>
  );
}
