/** Leaving and coming back: a reload, a second tab, and the sudden death of the server. */
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LESSONS, openTab, run, screenText, startLab, toneOf, type, waitForScreen, waitForTone } from './bench.ts';
import { Drydock, launch, loggedIn } from './drydock.ts';

describe('a learner comes back', () => {
  let drydock: Drydock;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    [drydock, browser] = await Promise.all([Drydock.start(), launch()]);
    page = await loggedIn(browser, drydock);
    await page.goto(drydock.url(LESSONS.pods));
    await startLab(page, 'kubectl-speaks-http');
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await drydock?.end();
  });

  test('a reload replays the screen, and shell and cluster are the same', async () => {
    await run(page, 'kept=in-the-shell; kubectl create configmap survivor --from-literal=a=1');
    await run(page, 'echo before-$((40+2))');
    const before = await screenText(page);
    await page.reload();
    await waitForScreen(page, 'before-42');
    expect((await screenText(page)).split('\n').slice(0, 3)).toEqual(before.split('\n').slice(0, 3));
    await run(page, 'echo "$kept"; kubectl get configmap survivor -o name');
    await waitForScreen(page, /in-the-shell[^]*configmap\/survivor/);
  }, 40_000);

  test('a second tab shows the same terminal, and both can type', async () => {
    const second = await page.context().newPage();
    await second.goto(drydock.url(LESSONS.pods));
    await waitForScreen(second, 'before-42');
    await type(second, 'echo from-the-$((1+1))nd');
    await waitForScreen(page, 'from-the-2nd');
    await type(page, 'echo and-$((2+3))-back');
    await waitForScreen(second, 'and-5-back');
    await second.close();
  }, 40_000);

  test('after kill -9 everything but the shells is back, and the page says so', async () => {
    await run(page, 'echo file > ~/kept');
    const tasks = await openTab(page, 'Tasks');
    const answer = tasks.locator('.dd-question input').first();
    await answer.fill('42');
    await expect.poll(() => tasks.locator('.dd-question').first().innerText()).toContain('Saved');
    const points = await page.locator('.dd-strip').innerText();

    await drydock.down('SIGKILL');
    await page.getByText('The connection to the server was lost').waitFor();
    await drydock.up(drydock.port);
    // The page that stayed open finds back by itself.
    await page.getByText(/only the shells are new/).waitFor({ timeout: 20_000 });
    expect(await page.locator('.dd-question input').first().inputValue()).toBe('42');
    await page.reload();
    await page.getByText(/only the shells are new/).waitFor();
    await waitForScreen(page, '$ ');
    await run(page, 'cat ~/kept; kubectl get configmap survivor -o name; echo "[$kept]"');
    await waitForScreen(page, /file[^]*configmap\/survivor[^]*\[\]/);
    await expect.poll(() => page.locator('.dd-strip').innerText()).toBe(points);
    expect(await page.locator('.dd-question input').first().inputValue()).toBe('42');
  }, 90_000);

  test('the labs of two lessons live side by side', async () => {
    await page.goto(drydock.url(LESSONS.services));
    await startLab(page, 'service-without-endpoints');
    await waitForTone(page, 'endpoints', 'fail');
    expect(await toneOf(page, 'heals')).toBe('waiting');
    await page.goto(drydock.url(LESSONS.pods));
    await waitForScreen(page, '$ ');
    await run(page, 'kubectl get configmap survivor -o name');
  }, 60_000);
});
