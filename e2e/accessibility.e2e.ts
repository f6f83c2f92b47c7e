/**
 * axe looks at every page and state, in both themes, wide and narrow. All rules once for each width; for the other theme of a
 * width only the one rule that colours can break, because a look takes seconds.
 */
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LESSONS, openTab, run, startLab } from './bench.ts';
import { Drydock, launch, loggedIn } from './drydock.ts';

const PAGES = ['/', ...Object.values(LESSONS), '/playground/'];
const LOOKS = [
  { colorScheme: 'light', width: 1500, rules: 'all' },
  { colorScheme: 'dark', width: 1500, rules: 'colours' },
  { colorScheme: 'light', width: 360, rules: 'colours' },
  { colorScheme: 'dark', width: 360, rules: 'all' },
] as const;

describe('axe finds nothing', () => {
  let drydock: Drydock;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    [drydock, browser] = await Promise.all([Drydock.start(), launch()]);
    page = await loggedIn(browser, drydock, { reducedMotion: 'reduce' });
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await drydock?.end();
  });

  for (const look of LOOKS) {
    test(`on pages to read, ${look.colorScheme}, ${look.width} px`, async () => {
      await wear(look);
      for (const path of PAGES) {
        await page.goto(drydock.url(path), { waitUntil: 'networkidle' });
        await inspect(path, look.rules);
      }
    }, 60_000);
  }

  test('with an answered quiz', async () => {
    await wear(LOOKS[0]);
    await page.goto(drydock.url(LESSONS.services));
    const form = page.locator('form[data-question]').first();
    await form.locator('label').first().click();
    await form.getByRole('button', { name: 'Answer' }).click();
    await form.locator('.dd-verdict strong').waitFor();
    await inspect('quiz');
  }, 30_000);

  test('with a running lab: terminal, tasks, live view, dialogs', async () => {
    await wear(LOOKS[0]);
    await page.goto(drydock.url(LESSONS.services));
    await startLab(page, 'service-without-endpoints');
    await run(page, 'kubectl get pods');
    await openTab(page, 'Tasks');
    await page.locator('.dd-hint').first().click();
    await page.locator('.dd-hints li').first().waitFor();
    for (const look of LOOKS) {
      await wear(look);
      // The narrow page shows one half at a time.
      const half = page.getByRole('button', { name: 'Workspace', exact: true });
      if (await half.isVisible()) await half.click();
      for (const tab of ['Terminal 1', 'Tasks', 'Live view']) {
        await openTab(page, tab);
        await inspect(`${tab}, ${look.colorScheme}, ${look.width} px`, look.rules);
      }
    }
    await wear(LOOKS[1]);
    await page.getByRole('button', { name: 'Reset' }).click();
    await page.getByRole('dialog').filter({ visible: true }).waitFor();
    await inspect('reset dialog');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Keyboard help' }).click();
    await page.getByRole('dialog').filter({ visible: true }).waitFor();
    await inspect('help dialog');
    await page.keyboard.press('Escape');
  }, 120_000);

  async function wear({ colorScheme, width }: (typeof LOOKS)[number]): Promise<void> {
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme });
    // Starlight follows the system only at load; a running lab is not reloaded for its colours.
    await page.evaluate((theme) => {
      localStorage.setItem('starlight-theme', theme);
      document.documentElement.dataset['theme'] = theme;
    }, colorScheme);
  }

  async function inspect(what: string, rules: (typeof LOOKS)[number]['rules'] = 'all'): Promise<void> {
    const axe = new AxeBuilder({ page });
    const { violations } = await (rules === 'all' ? axe : axe.withRules(['color-contrast'])).analyze();
    const found = violations.map(({ id, help, nodes }) => ({
      id,
      help,
      where: nodes.slice(0, 5).map(({ target, failureSummary }) => `${target.join(' ')}: ${failureSummary}`),
    }));
    expect(found, what).toEqual([]);
  }
});
