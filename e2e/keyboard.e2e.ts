/** From the page's load to a passed criterion and back out, without a pointer. */
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LESSONS, drawnNames, waitForScreen, waitForTone } from './bench.ts';
import { Drydock, launch, loggedIn } from './drydock.ts';

const MOST_TABS = 120;

describe('a learner without a mouse', () => {
  let drydock: Drydock;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    [drydock, browser] = await Promise.all([Drydock.start(), launch()]);
    page = await loggedIn(browser, drydock);
    await page.goto(drydock.url(LESSONS.pods));
    await page.locator('astro-island:not([ssr]) [data-start]').first().waitFor();
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await drydock?.end();
  });

  test('a skip link leads to the labs, Enter starts one, and the focus lands in its terminal', async () => {
    await tabTo('[data-skip=tasks]');
    await page.keyboard.press('Enter');
    await tabTo('[data-start="one-ip-two-containers"]', 3);
    await page.keyboard.press('Enter');
    await waitForScreen(page, '$ ', 20_000);
    await expect.poll(() => focusIs('.xterm-helper-textarea')).toBe(true);
  }, 60_000);

  test('typing there passes a criterion', async () => {
    const [, pod = ''] = await drawnNames(page);
    const containers = '{"name":"a","image":"busybox:1.36"}';
    const spec = `{"initContainers":[{"name":"w","image":"busybox:1.36","restartPolicy":"Always"}],"containers":[${containers}]}`;
    await page.keyboard.type(`kubectl run ${pod} --image=busybox:1.36 --overrides='{"spec":${spec}}'`);
    await page.keyboard.press('Enter');
    await waitForScreen(page, `pod/${pod} created`);
    await waitForTone(page, 'native-sidecar', 'pass');
  }, 40_000);

  test('Tab completes in the shell; Escape and Tab leave it, forwards and backwards', async () => {
    await page.keyboard.type('kubectl api-resou');
    await page.keyboard.press('Tab');
    await waitForScreen(page, 'kubectl api-resources');
    expect(await focusIs('.xterm-helper-textarea')).toBe(true);
    await page.keyboard.press('Control+c');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Tab');
    expect(await focusIs('.xterm-helper-textarea')).toBe(false);
    await page.keyboard.press('Shift+Tab');
    await expect.poll(() => focusIs('.xterm-helper-textarea')).toBe(true);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Shift+Tab');
    expect(await focusIs('.xterm-helper-textarea')).toBe(false);
  }, 30_000);

  test('F6 goes round text, tasks, terminal and live view', async () => {
    const seen: string[] = [];
    for (let step = 0; step < 4; step++) {
      seen.push(await nextRegion());
    }
    expect(seen.toSorted()).toEqual(['live', 'tasks', 'terminal', 'text']);
  }, 30_000);

  test('Ctrl+Enter checks, arrows move the splitter, and ? shows the keys', async () => {
    await page.keyboard.press('Control+Enter');
    await page.locator('.dd-report').waitFor({ state: 'attached', timeout: 40_000 });
    while ((await region()) !== 'text') await nextRegion();
    await page.keyboard.press('?');
    await expect.poll(() => page.getByRole('dialog').filter({ visible: true }).innerText()).toContain('F6');
    await page.keyboard.press('Escape');
    await expect.poll(() => page.getByRole('dialog').filter({ visible: true }).count()).toBe(0);
    await tabTo('[role=separator]');
    const width = (): Promise<number> => page.locator('#dd-workspace').evaluate((element) => element.clientWidth);
    const before = await width();
    await page.keyboard.press('ArrowLeft');
    await expect.poll(width).toBeGreaterThan(before);
    await page.keyboard.press('Enter');
    await expect.poll(() => page.locator('#dd-workspace').isVisible()).toBe(false);
    await expect.poll(() => focusIs('.dd-reopen')).toBe(true);
    await page.keyboard.press('Enter');
    await expect.poll(() => page.locator('#dd-workspace').isVisible()).toBe(true);
  }, 90_000);

  async function tabTo(selector: string, most = MOST_TABS): Promise<void> {
    for (let pressed = 0; pressed < most; pressed++) {
      await page.keyboard.press('Tab');
      if (await focusIs(selector)) return;
    }
    throw new Error(`Tab does not reach ${selector}`);
  }

  function focusIs(selector: string): Promise<boolean> {
    return page.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector);
  }

  /** Presses F6 and waits for the region that gets the focus; while a panel changes, none has it. */
  async function nextRegion(): Promise<string> {
    const before = await region();
    await page.keyboard.press('F6');
    await expect.poll(region).not.toMatch(new RegExp(`^(none|${before})$`));
    return region();
  }

  function region(): Promise<string> {
    return page.evaluate(
      () => document.activeElement?.closest<HTMLElement>('[data-region]')?.dataset['region'] ?? 'none',
    );
  }
});
