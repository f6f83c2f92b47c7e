/** Which keys the terminal gives up, and what they do instead. Pure, so that every rule has a test. */

export type KeyRule = 'terminal' | 'leave' | 'toggle-tab' | 'copy' | 'paste' | 'page';

export interface KeyPress {
  readonly key: string;
  readonly code?: string;
  readonly ctrlKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
}

/**
 * Decides on key presses one after the other. Tab leaves the terminal after Escape, or always while
 * "Tab moves focus" is on (WCAG 2.1.2); everything that is not named here belongs to the shell.
 */
export class TerminalKeys {
  tabMovesFocus = false;
  #afterEscape = false;

  press(press: KeyPress): KeyRule {
    const { key, ctrlKey, shiftKey, altKey, metaKey } = press;
    if (key === 'Shift') return 'terminal';
    const afterEscape = this.#afterEscape;
    this.#afterEscape = key === 'Escape';
    if (key === 'Tab' && !ctrlKey && !altKey && !metaKey)
      return afterEscape || this.tabMovesFocus ? 'leave' : 'terminal';
    if (key === 'F6') return 'page';
    if (!ctrlKey || altKey || metaKey) return 'terminal';
    if (key === '`' || key === '~' || press.code === 'Backquote') return 'page';
    if (!shiftKey && key.toLowerCase() === 'm') {
      this.tabMovesFocus = !this.tabMovesFocus;
      return 'toggle-tab';
    }
    if (shiftKey && key.toLowerCase() === 'c') return 'copy';
    if (shiftKey && key.toLowerCase() === 'v') return 'paste';
    if (shiftKey && key.toLowerCase() === 'w') return 'page';
    return 'terminal';
  }
}

/** Pasted text without the control characters that would act as keys: only tab and line ends stay. */
export function safePaste(text: string): string {
  let clean = '';
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    const control =
      (code < 0x20 && character !== '\t' && character !== '\n' && character !== '\r') || (code >= 0x7f && code <= 0x9f);
    if (!control) clean += character;
  }
  return clean;
}
