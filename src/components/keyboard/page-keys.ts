/** Keys that work on the whole page, the skip links, and the help that lists them. */
import { recall, remember } from '../page/remembered.ts';
import { act } from '../workspace/actions.ts';
import { getState, setState, type Tab } from '../workspace/store.ts';
import { showHelp } from './help.ts';

const REGIONS = ['text', 'tasks', 'terminal', 'live'] as const;
type Region = (typeof REGIONS)[number];

/** Inside these, letters and brackets are text. */
function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.closest('input, textarea, select, .xterm, dialog') !== null)
  );
}

function currentRegion(): Region {
  const name = document.activeElement?.closest<HTMLElement>('[data-region]')?.dataset['region'];
  return REGIONS.find((region) => region === name) ?? 'text';
}

/** Shows and focuses a region; false when the page has none of that name now. */
function enter(region: Region): boolean {
  if (region === 'text') {
    const heading = document.querySelector<HTMLElement>('h1');
    if (!heading) return false;
    heading.tabIndex = -1;
    document.documentElement.dataset['pane'] = 'text';
    heading.focus();
    return true;
  }
  const panels = [...document.querySelectorAll<HTMLElement>(`[data-region="${region}"]`)];
  const panel = panels.find((candidate) => !candidate.hidden) ?? panels[0];
  if (!panel) return false;
  document.dispatchEvent(new CustomEvent('drydock:open-workspace'));
  setState({ tab: panel.id.replace('panel-', '') as Tab });
  // The panel is shown by the next drawing; only a shown element takes the focus.
  requestAnimationFrame(() => (panel.querySelector<HTMLElement>('.xterm-helper-textarea') ?? panel).focus());
  return true;
}

function cycle(step: 1 | -1): void {
  const from = REGIONS.indexOf(currentRegion());
  for (let tried = 1; tried <= REGIONS.length; tried++) {
    const region = REGIONS[(from + step * tried + REGIONS.length * 2) % REGIONS.length];
    if (region && enter(region)) return;
  }
}

function follow(relation: 'prev' | 'next'): void {
  document.querySelector<HTMLAnchorElement>(`.pagination-links a[rel="${relation}"]`)?.click();
}

function onKeyDown(event: KeyboardEvent): void {
  if (event.defaultPrevented) return;
  const attempt = getState().attempt;
  if (event.key === 'F6') cycle(event.shiftKey ? -1 : 1);
  else if (event.ctrlKey && event.code === 'Backquote' && event.shiftKey && attempt) {
    void act('Opening a terminal', (session) => session.addTerminal());
  } else if (event.ctrlKey && event.code === 'Backquote') enter(currentRegion() === 'terminal' ? 'text' : 'terminal');
  else if (event.ctrlKey && event.key === 'Enter' && attempt?.state === 'ready') checkCurrent();
  else if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || recall('single-keys') === 'off')
    return;
  else if (event.key === '?') showHelp();
  else if (event.key === '[') follow('prev');
  else if (event.key === ']') follow('next');
  else return;
  event.preventDefault();
}

function checkCurrent(): void {
  const task = document.activeElement?.closest<HTMLElement>('[data-task]')?.dataset['task'];
  void act('Checking', (session) => session.check(task));
}

document.addEventListener('keydown', onKeyDown);
document.addEventListener('click', (event) => {
  const target = event.target instanceof Element ? event.target : undefined;
  if (target?.closest('[data-open-help]')) showHelp();
  const region = target?.closest<HTMLElement>('[data-skip]')?.dataset['skip'];
  if (region === 'tasks' || region === 'terminal') {
    if (enter(region)) event.preventDefault();
    else document.querySelector<HTMLElement>('#dd-workspace button')?.focus();
  }
});
document.addEventListener('change', (event) => {
  const box = event.target;
  if (box instanceof HTMLInputElement && box.matches('[data-single-keys]'))
    remember('single-keys', box.checked ? 'on' : 'off');
});
