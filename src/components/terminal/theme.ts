/** The terminal's colours from the page's own tokens, and word when the page changes its theme. */
import type { ITheme } from '@xterm/xterm';
import { disposable, type Disposable } from '../../../kernel/disposable.ts';

/** Sixteen colours that keep 4.5:1 on the page's background; xterm's minimumContrastRatio mends what is left. */
const ANSI = {
  dark: {
    black: '#2b2f3a',
    red: '#ff7b85',
    green: '#7fd36b',
    yellow: '#e9b949',
    blue: '#7aa2ff',
    magenta: '#d78bff',
    cyan: '#56cfe1',
    white: '#d5d9e5',
    brightBlack: '#8f97ab',
    brightRed: '#ffa3aa',
    brightGreen: '#a6e697',
    brightYellow: '#f5d27c',
    brightBlue: '#a6c0ff',
    brightMagenta: '#e6b5ff',
    brightCyan: '#8ee3ef',
    brightWhite: '#ffffff',
  },
  light: {
    black: '#1c2030',
    red: '#b3243a',
    green: '#2c7a1f',
    yellow: '#7d5600',
    blue: '#2448c4',
    magenta: '#8425b0',
    cyan: '#0b6a78',
    white: '#5a6172',
    brightBlack: '#4a5163',
    brightRed: '#c22f45',
    brightGreen: '#2f7d22',
    brightYellow: '#865d00',
    brightBlue: '#3157d5',
    brightMagenta: '#9433c0',
    brightCyan: '#0f7282',
    brightWhite: '#2b2f3a',
  },
} as const;

export function pageTheme(): ITheme {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string): string => style.getPropertyValue(name).trim();
  const light = document.documentElement.dataset['theme'] === 'light';
  return {
    ...(light ? ANSI.light : ANSI.dark),
    background: token('--dd-terminal-bg'),
    foreground: token('--dd-terminal-text'),
    cursor: token('--dd-terminal-text'),
    cursorAccent: token('--dd-terminal-bg'),
    selectionBackground: token('--dd-terminal-selection'),
  };
}

export function onThemeChange(listener: () => void): Disposable {
  const observer = new MutationObserver(listener);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  return disposable(() => observer.disconnect());
}
