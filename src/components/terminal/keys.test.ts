import { describe, expect, it } from 'vitest';
import { safePaste, TerminalKeys, type KeyPress } from './keys.ts';

const press = (key: string, held: Partial<KeyPress> = {}): KeyPress => ({
  key,
  ctrlKey: false,
  shiftKey: false,
  altKey: false,
  metaKey: false,
  ...held,
});

describe('TerminalKeys', () => {
  it('gives Tab to the shell, except right after Escape', () => {
    const keys = new TerminalKeys();
    expect(keys.press(press('Tab'))).toBe('terminal');
    expect(keys.press(press('Escape'))).toBe('terminal');
    expect(keys.press(press('Tab'))).toBe('leave');
    expect(keys.press(press('Tab'))).toBe('terminal');
  });

  it('lets Shift between Escape and Tab, to leave backwards', () => {
    const keys = new TerminalKeys();
    keys.press(press('Escape'));
    keys.press(press('Shift', { shiftKey: true }));
    expect(keys.press(press('Tab', { shiftKey: true }))).toBe('leave');
  });

  it('switches with Ctrl+M whether Tab moves the focus', () => {
    const keys = new TerminalKeys();
    expect(keys.press(press('m', { ctrlKey: true }))).toBe('toggle-tab');
    expect(keys.press(press('Tab'))).toBe('leave');
    keys.press(press('m', { ctrlKey: true }));
    expect(keys.press(press('Tab'))).toBe('terminal');
  });

  it('leaves interrupt and delete-a-word to the shell', () => {
    const keys = new TerminalKeys();
    for (const key of ['c', 'w', 'd', 'v']) expect(keys.press(press(key, { ctrlKey: true }))).toBe('terminal');
    expect(keys.press(press('C', { ctrlKey: true, shiftKey: true }))).toBe('copy');
    expect(keys.press(press('V', { ctrlKey: true, shiftKey: true }))).toBe('paste');
  });

  it('leaves F6 and Ctrl+` to the page', () => {
    const keys = new TerminalKeys();
    expect(keys.press(press('F6'))).toBe('page');
    expect(keys.press(press('`', { ctrlKey: true }))).toBe('page');
  });
});

describe('safePaste', () => {
  it('keeps text, tabs and line ends and drops what acts as a key', () => {
    expect(safePaste('kubectl get\tpods\r\nécho')).toBe('kubectl get\tpods\r\nécho');
    expect(safePaste('a\u001b[201~rm\u0003\u009bb')).toBe('a[201~rmb');
  });
});
