/** One terminal with its banners and switches. Stays mounted while its tab is hidden, so nothing is lost by looking away. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { AttemptView } from '../../protocol/http.ts';
import { recall, remember } from '../page/remembered.ts';
import { getState, setState as setWorkspace } from '../workspace/store.ts';
import type { ConnectionState } from './connection.ts';
import { KeyBar } from './KeyBar.tsx';
import { TerminalScreen } from './screen.ts';

interface Props {
  readonly attempt: AttemptView;
  readonly terminal: { readonly id: string; readonly title: string };
  readonly visible: boolean;
}

export function TerminalPane({ attempt, terminal, visible }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const screen = useRef<TerminalScreen>();
  const [state, setState] = useState<ConnectionState>({ kind: 'connecting' });
  const [screenReader, setScreenReader] = useState(() => recall('screen-reader') === 'on');
  const [tabMoves, setTabMoves] = useState(false);

  useEffect(() => {
    if (!place.current) return;
    const made = new TerminalScreen(place.current, {
      attempt: attempt.id,
      terminal: terminal.id,
      label: `${terminal.title}. Press Escape, then Tab, to leave.`,
      screenReader: recall('screen-reader') === 'on',
      onState: setState,
      onTabMode: setTabMoves,
    });
    screen.current = made;
    return () => made.dispose();
  }, [attempt.id, terminal.id, terminal.title]);

  useEffect(() => {
    if (!visible) return;
    screen.current?.fit();
    if (!getState().focusTerminal) return;
    setWorkspace({ focusTerminal: false });
    // On touch screens the focus would bring up the keyboard over the task.
    if (!matchMedia('(pointer: coarse)').matches) screen.current?.focus();
  }, [visible]);

  const switchReader = (on: boolean): void => {
    remember('screen-reader', on ? 'on' : 'off');
    setScreenReader(on);
    screen.current?.setScreenReader(on);
  };
  const switchTab = (on: boolean): void => {
    setTabMoves(on);
    screen.current?.setTabMovesFocus(on);
  };

  return (
    <div class="dd-terminal">
      {attempt.shell.kind === 'own' && (
        <p class="dd-banner dd-banner-danger" role="alert">
          <strong>This is your own shell.</strong> It is not isolated: commands act on this machine with your rights.
        </p>
      )}
      <ConnectionBanner state={state} onRetry={() => screen.current?.retry()} />
      <div class="dd-terminal-place" ref={place} data-terminal={terminal.id} data-state={state.kind} />
      <KeyBar onKey={(text) => screen.current?.type(text)} />
      <div class="dd-terminal-foot">
        <span>
          Leave: <kbd>Esc</kbd> then <kbd>Tab</kbd>
        </span>
        <label>
          <input type="checkbox" checked={tabMoves} onChange={(event) => switchTab(event.currentTarget.checked)} /> Tab
          moves focus <kbd>Ctrl+M</kbd>
        </label>
        <label>
          <input
            type="checkbox"
            checked={screenReader}
            onChange={(event) => switchReader(event.currentTarget.checked)}
          />{' '}
          Screen reader
        </label>
      </div>
    </div>
  );
}

function ConnectionBanner({ state, onRetry }: { readonly state: ConnectionState; readonly onRetry: () => void }) {
  switch (state.kind) {
    case 'open':
      return null;
    case 'connecting':
      return (
        <p class="dd-banner" role="status">
          Connecting to the terminal …
        </p>
      );
    case 'waiting':
      // The seconds tick outside the live region: a screen reader hears the loss once, not each second.
      return (
        <p class="dd-banner dd-banner-warn">
          <span role="status">{state.why} Your screen and your shell are kept.</span>{' '}
          <span>Trying again in {state.seconds} s.</span>{' '}
          <button type="button" onClick={onRetry}>
            Try now
          </button>
        </p>
      );
    case 'stalled':
      return (
        <p class="dd-banner dd-banner-warn" role="status">
          This tab was too slow for the output and was let go. The shell goes on.{' '}
          <button type="button" onClick={onRetry}>
            Connect again
          </button>
        </p>
      );
    case 'ended':
      return (
        <p class="dd-banner" role="status">
          This shell has ended with exit code {state.exitCode}. Open a new terminal with +; the cluster is as you left
          it.
        </p>
      );
  }
}
