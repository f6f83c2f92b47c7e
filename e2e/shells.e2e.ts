/** Shells other than the isolated one: the learner's own, and none at all. */
import { existsSync } from 'node:fs';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LESSONS, openTab, run, startLab, waitForScreen } from './bench.ts';
import { Drydock, launch, loggedIn } from './drydock.ts';

/** All that terminals want but bubblewrap, and nothing with which it could be installed. */
const PROGRAMS = ['bash', 'sh', 'nsenter', 'setpriv', 'prlimit', 'jq', 'nano', 'vi', 'unzip'];

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
}, 60_000);
afterAll(() => browser?.close());

describe('npm start -- --own-shell', () => {
  test('gives a working shell under a banner that stays', async () => {
    const drydock = await Drydock.start({ flags: ['--own-shell'] });
    try {
      const page = await loggedIn(browser, drydock);
      await page.goto(drydock.url(LESSONS.pods));
      await page.locator('astro-island:not([ssr]) [data-start="one-ip-two-containers"]').first().click();
      const banner = page.locator('.dd-banner-danger').filter({ visible: true });
      await banner.waitFor({ timeout: 20_000 });
      expect(await banner.innerText()).toContain('This is your own shell. It is not isolated');
      await waitForScreen(page, /[$#] /);
      await run(page, 'kubectl get nodes -o name');
      await waitForScreen(page, 'node/');
      expect(await banner.isVisible()).toBe(true);
      await page.context().close();
    } finally {
      await drydock.end();
    }
  }, 60_000);
});

describe('a machine without bubblewrap', () => {
  let programs = '';
  beforeAll(async () => {
    programs = await mkdtemp(join(tmpdir(), 'drydock-e2e-path-'));
    for (const program of PROGRAMS) {
      if (existsSync(`/usr/bin/${program}`)) await symlink(`/usr/bin/${program}`, join(programs, program));
    }
  });
  afterAll(() => rm(programs, { recursive: true, force: true }));

  test('says why there is no terminal and what to type, and the rest works', async () => {
    const drydock = await Drydock.start({ path: programs });
    try {
      const page = await loggedIn(browser, drydock);
      await page.goto(drydock.url(LESSONS.pods));
      await page.locator('astro-island:not([ssr]) [data-start="one-ip-two-containers"]').first().click();
      await openTab(page, 'Terminal');
      const pane = page.locator('[data-shell=none]');
      await pane.waitFor();
      const words = await pane.innerText();
      expect(words).toContain('bwrap is not installed');
      expect(words).toContain('apt-get install bubblewrap');
      expect(words).toContain('npm start -- --own-shell');
      const tasks = await openTab(page, 'Tasks');
      await tasks.getByRole('button', { name: 'Check all' }).click();
      await tasks.locator('.dd-report').waitFor({ timeout: 40_000 });
      await page.context().close();
    } finally {
      await drydock.end();
    }
  }, 90_000);
});

describe('the playground', () => {
  test('has a cluster of three nodes and no tasks', async () => {
    const drydock = await Drydock.start();
    try {
      const page = await loggedIn(browser, drydock);
      await page.goto(drydock.url('/playground/'));
      await startLab(page, 'playground');
      await run(page, 'kubectl get nodes --no-headers | wc -l');
      await waitForScreen(page, /\n3\s/);
      expect(await page.locator('[data-criterion]').count()).toBe(0);
      await page.context().close();
    } finally {
      await drydock.end();
    }
  }, 60_000);
});
