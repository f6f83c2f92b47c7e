/** What a learner does at the bench: starts a lab, types, reads the screen, watches criteria. */
import { expect } from 'vitest';
import type { Locator, Page } from 'playwright';

export const LESSONS = {
  pods: '/01-orientation/02-pods-and-your-bench/',
  scheduler: '/02-control-plane/06-kube-scheduler/',
  services: '/04-networking/13-services-and-kube-proxy/',
} as const;

const TERMINAL = '[role=tabpanel]:not([hidden]) .dd-terminal-place';

/** Presses the workspace's button, and waits for the prompt. */
export async function startLab(page: Page, lab: string): Promise<void> {
  // Until its island has come alive (Astro then takes `ssr` away), a press of the button goes nowhere.
  await page.locator(`astro-island:not([ssr]) [data-start="${lab}"]`).first().click();
  await waitForScreen(page, '$ ', 20_000);
}

/** What the visible terminal shows, with wrapped lines as the screen breaks them. */
export async function screenText(page: Page): Promise<string> {
  return page.locator(`${TERMINAL} .xterm-rows`).innerText();
}

export async function waitForScreen(page: Page, text: string | RegExp, timeout = 15_000): Promise<void> {
  const deadline = Date.now() + timeout;
  for (;;) {
    // Blanks of a drawn screen are no-break spaces.
    const shown = (await screenText(page).catch(() => '')).replaceAll('\u00a0', ' ');
    if (typeof text === 'string' ? shown.includes(text) : text.test(shown)) return;
    if (Date.now() > deadline) throw new Error(`the terminal does not show ${text}; it shows:\n${shown}`);
    await page.waitForTimeout(25);
  }
}

/** Types lines into the visible terminal, each as one piece and an Enter. */
export async function type(page: Page, lines: string): Promise<void> {
  await page.locator(`${TERMINAL}[data-state=open] .xterm-helper-textarea`).focus();
  for (const line of lines.split('\n')) {
    await page.keyboard.insertText(line);
    await page.keyboard.press('Enter');
  }
}

let runs = 0;

/** Types lines, and waits until the shell has done them. */
export async function run(page: Page, lines: string, timeout = 30_000): Promise<void> {
  const mark = `done-${++runs}.`;
  // Quotes keep the typed line from looking like its own output.
  await type(page, `${lines}\n echo do''ne-${runs}.`);
  await waitForScreen(page, mark, timeout);
}

export async function openTab(page: Page, name: string): Promise<Locator> {
  await page.getByRole('tab', { name, exact: true }).click();
  return page.locator('[role=tabpanel]:not([hidden])');
}

export async function toneOf(page: Page, criterion: string): Promise<string> {
  return (await page.locator(`[data-criterion="${criterion}"]`).getAttribute('data-tone')) ?? '';
}

/** Waits for a criterion's tone (pass, fail, broken, …); resolves with the milliseconds that it took. */
export async function waitForTone(page: Page, criterion: string, tone: string, timeout = 10_000): Promise<number> {
  const start = Date.now();
  await expect.poll(() => toneOf(page, criterion), { timeout, interval: 10, message: criterion }).toBe(tone);
  return Date.now() - start;
}

/** The words that the task text marks as code: the names that this attempt drew. */
export async function drawnNames(page: Page): Promise<string[]> {
  return page.locator('#panel-tasks .dd-task-text p code').allTextContents();
}
