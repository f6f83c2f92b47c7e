/** The workspace while a lab lives: bar, progress strip, tabs. Fetched on demand. */
import { act } from './actions.ts';
import { LabBar } from './LabBar.tsx';
import { Making } from './Making.tsx';
import { ProblemNote } from './ProblemNote.tsx';
import { Strip } from './Strip.tsx';
import { setState, useWorkspace, type Tab } from './store.ts';
import { Tabs, type TabItem } from './Tabs.tsx';
import { LiveViewPanel } from '../live/LiveViewPanel.tsx';
import { Brief } from '../tasks/Brief.tsx';
import { TaskPanel } from '../tasks/TaskPanel.tsx';
import { NoShell } from '../terminal/NoShell.tsx';
import { TerminalPane } from '../terminal/TerminalPane.tsx';

export function Bench({ onClose }: { readonly onClose?: () => void }) {
  const attempt = useWorkspace((state) => state.attempt);
  const busy = useWorkspace((state) => state.busy);
  const problem = useWorkspace((state) => state.problem);
  const stream = useWorkspace((state) => state.stream);
  const announcement = useWorkspace((state) => state.announcement);
  const chosen = useWorkspace((state) => state.tab);
  if (!attempt) return null;

  const ready = attempt.state === 'ready';
  const shell = attempt.shell;
  const terminals: TabItem[] = ready
    ? attempt.terminals.map((terminal) => ({
        id: `terminal:${terminal.id}` as const,
        title: terminal.title,
        region: 'terminal',
        renderPanel: (visible) => <TerminalPane attempt={attempt} terminal={terminal} visible={visible} />,
      }))
    : [];
  if (ready && shell.kind === 'none') {
    terminals.push({
      id: 'terminal:none',
      title: 'Terminal',
      region: 'terminal',
      renderPanel: () => <NoShell shell={shell} />,
    });
  }
  const items: TabItem[] = [
    ...terminals,
    { id: 'tasks', title: 'Tasks', region: 'tasks', renderPanel: () => <TaskPanel attempt={attempt} /> },
    { id: 'live', title: 'Live view', region: 'live', renderPanel: () => <LiveViewPanel /> },
  ];
  const tab: Tab = items.some((item) => item.id === chosen) ? chosen : (items[0]?.id ?? 'tasks');

  return (
    <div class="dd-bench">
      <LabBar attempt={attempt} busy={busy} onClose={onClose} />
      {problem && <ProblemNote problem={problem} />}
      {attempt.notice && (
        <p class="dd-banner" role="status">
          {attempt.notice}
        </p>
      )}
      {stream === 'lost' && (
        <p class="dd-banner dd-banner-warn" role="status">
          The connection to the server was lost. What you see may be old; it is being opened again.
        </p>
      )}
      {attempt.state === 'creating' || attempt.state === 'failed' ? (
        <Making attempt={attempt} />
      ) : (
        <>
          <Strip attempt={attempt} />
          {tab.startsWith('terminal:') && <Brief attempt={attempt} onTasks={() => setState({ tab: 'tasks' })} />}
          <Tabs
            items={items}
            chosen={tab}
            onChoose={(next) => setState({ tab: next })}
            onAdd={
              ready && shell.kind !== 'none'
                ? () => void act('Opening a terminal', (session) => session.addTerminal())
                : undefined
            }
          />
        </>
      )}
      <p class="sr-only" role="status">
        {announcement}
      </p>
    </div>
  );
}
