/** The list of keys, in a native dialog that is made when it is first asked for. */
import { recall } from '../page/remembered.ts';

const KEYS: readonly (readonly [string, string])[] = [
  ['?', 'This help'],
  ['Ctrl+K', 'Search'],
  ['[ and ]', 'Previous and next lesson'],
  ['F6, Shift+F6', 'Next or previous region: text, tasks, terminal, live view'],
  ['Ctrl+`', 'To the terminal, and back to the text'],
  ['Ctrl+Shift+`', 'New terminal'],
  ['Ctrl+Enter', 'Check the current task, or all'],
  ['Esc, then Tab', 'Leave the terminal'],
  ['Ctrl+M', 'In the terminal: Tab moves the focus instead of completing'],
  ['Ctrl+Shift+C, Ctrl+Shift+V', 'In the terminal: copy and paste. Ctrl+C stays interrupt'],
  ['Arrows, Home, End', 'On the splitter: width of the workspace; Enter closes it'],
];

let dialog: HTMLDialogElement | undefined;

export function showHelp(): void {
  dialog ??= make();
  if (!dialog.open) dialog.showModal();
}

function make(): HTMLDialogElement {
  const made = document.createElement('dialog');
  made.className = 'dd-dialog dd-help';
  made.setAttribute('aria-labelledby', 'dd-help-title');
  const title = element('h2', 'Keys');
  title.id = 'dd-help-title';
  const list = document.createElement('dl');
  for (const [keys, meaning] of KEYS) list.append(element('dt', keys), element('dd', meaning));
  const label = document.createElement('label');
  const box = document.createElement('input');
  box.type = 'checkbox';
  box.checked = recall('single-keys') !== 'off';
  box.dataset['singleKeys'] = '';
  label.append(box, ' Single keys (?, [ and ]) are on');
  const form = document.createElement('form');
  form.method = 'dialog';
  form.append(element('button', 'Close'));
  made.append(title, list, label, form);
  document.body.append(made);
  return made;
}

function element(name: 'h2' | 'dt' | 'dd' | 'button', text: string): HTMLElement {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}
