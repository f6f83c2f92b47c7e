/** An xterm on a connection: wires keys, paste, theme, size and flow control. Owns both and closes both. */
import { FitAddon } from '@xterm/addon-fit';
import { Terminal } from '@xterm/xterm';
import '@xterm/xterm/css/xterm.css';
import { systemClock } from '../../../kernel/clock.ts';
import { disposable, DisposableStore, type Disposable } from '../../../kernel/disposable.ts';
import { LIMITS } from '../../protocol/terminal.ts';
import { terminalSocketUrl } from '../workspace/api.ts';
import { TerminalConnection, type ConnectionState } from './connection.ts';
import { safePaste, TerminalKeys } from './keys.ts';
import { onThemeChange, pageTheme } from './theme.ts';

export interface ScreenOptions {
  readonly attempt: string;
  readonly terminal: string;
  readonly label: string;
  readonly screenReader: boolean;
  readonly onState: (state: ConnectionState) => void;
  /** "Tab moves focus" was switched, by key. */
  readonly onTabMode: (movesFocus: boolean) => void;
}

const encoder = new TextEncoder();

export class TerminalScreen implements Disposable {
  readonly #owned = new DisposableStore();
  readonly #terminal: Terminal;
  readonly #fit = new FitAddon();
  readonly #keys = new TerminalKeys();
  readonly #connection: TerminalConnection;
  readonly #place: HTMLElement;

  constructor(place: HTMLElement, options: ScreenOptions) {
    this.#place = place;
    this.#terminal = new Terminal({
      cursorBlink: !matchMedia('(prefers-reduced-motion: reduce)').matches,
      fontFamily: getComputedStyle(place).getPropertyValue('--__sl-font-mono') || 'monospace',
      fontSize: 14,
      minimumContrastRatio: 4.5,
      screenReaderMode: options.screenReader,
      scrollback: 5_000,
      theme: pageTheme(),
    });
    const terminal = this.#terminal;
    this.#owned.add(disposable(() => terminal.dispose()));
    terminal.loadAddon(this.#fit);
    terminal.open(place);
    terminal.textarea?.setAttribute('aria-label', options.label);
    this.fit();

    this.#connection = this.#owned.add(
      new TerminalConnection({
        open: async () => new WebSocket(await terminalSocketUrl(options.attempt, options.terminal)),
        clock: systemClock,
        size: () => this.#size(),
        draw: (bytes, fresh, done) => {
          if (fresh) terminal.reset();
          terminal.write(bytes, done);
        },
        onState: (state) => {
          terminal.options.disableStdin = state.kind !== 'open';
          options.onState(state);
        },
      }),
    );
    this.#owned.add(terminal.onData((text) => this.#connection.input(encoder.encode(text))));
    this.#owned.add(terminal.onBinary((text) => this.#connection.input(Uint8Array.from(text, (c) => c.charCodeAt(0)))));
    this.#owned.add(terminal.onResize(() => this.#connection.resize()));
    this.#owned.add(onThemeChange(() => (terminal.options.theme = pageTheme())));
    this.#watchSize();
    this.#watchPaste();
    terminal.attachCustomKeyEventHandler((event) => this.#key(event, options));
    this.#connection.connect();
  }

  focus(): void {
    this.#terminal.focus();
  }

  retry(): void {
    this.#connection.connect();
  }

  /** Types for the learner, as the key bar of touch screens does. */
  type(text: string): void {
    this.#terminal.input(text, true);
    this.focus();
  }

  setScreenReader(on: boolean): void {
    this.#terminal.options.screenReaderMode = on;
  }

  setTabMovesFocus(on: boolean): void {
    this.#keys.tabMovesFocus = on;
  }

  /** Takes the size of its place; a hidden place has none and changes nothing. */
  fit(): void {
    if (this.#place.clientWidth > 0 && this.#place.clientHeight > 0) this.#fit.fit();
  }

  dispose(): void {
    this.#owned.dispose();
  }

  #size(): { cols: number; rows: number } {
    const { cols, rows } = this.#terminal;
    return {
      cols: Math.min(Math.max(cols, LIMITS.cols.min), LIMITS.cols.max),
      rows: Math.min(Math.max(rows, LIMITS.rows.min), LIMITS.rows.max),
    };
  }

  #watchSize(): void {
    const observer = new ResizeObserver(() => this.fit());
    observer.observe(this.#place);
    this.#owned.add(disposable(() => observer.disconnect()));
  }

  #watchPaste(): void {
    const onPaste = (event: ClipboardEvent): void => {
      event.preventDefault();
      event.stopPropagation();
      this.#terminal.paste(safePaste(event.clipboardData?.getData('text/plain') ?? ''));
    };
    this.#place.addEventListener('paste', onPaste, true);
    this.#owned.add(disposable(() => this.#place.removeEventListener('paste', onPaste, true)));
  }

  /** False keeps the key from the shell; the browser and the page may still use it. */
  #key(event: KeyboardEvent, options: ScreenOptions): boolean {
    if (event.type !== 'keydown') return true;
    switch (this.#keys.press(event)) {
      case 'terminal':
        return true;
      case 'leave':
      case 'page':
        return false;
      case 'toggle-tab':
        event.preventDefault();
        options.onTabMode(this.#keys.tabMovesFocus);
        return false;
      case 'copy':
        event.preventDefault();
        if (this.#terminal.hasSelection()) void navigator.clipboard.writeText(this.#terminal.getSelection());
        return false;
      case 'paste':
        event.preventDefault();
        void navigator.clipboard.readText().then((text) => this.#terminal.paste(safePaste(text)));
        return false;
    }
  }
}
