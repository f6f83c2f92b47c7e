/** Who may read, what the pages weigh, and who judges the quiz. */
import { readdir, readFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { parse } from 'yaml';
import type { Browser, Page, Response } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LESSONS, startLab } from './bench.ts';
import { Drydock, launch, loggedIn } from './drydock.ts';

const PAGE_BYTES = 60 * 1024;

interface Question {
  readonly id: string;
  readonly correct: readonly string[];
  readonly choices: readonly { readonly id: string }[];
  readonly explanation: string;
}

describe('reading', () => {
  let drydock: Drydock;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    [drydock, browser] = await Promise.all([Drydock.start(), launch()]);
    page = await loggedIn(browser, drydock);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await drydock?.end();
  });

  test('the link logs in once; a second use says what to do', async () => {
    expect(page.url()).toBe(drydock.url('/'));
    const stranger = await browser.newContext();
    const strange = await stranger.newPage();
    const answer = await strange.goto(drydock.link);
    expect(answer?.ok()).toBe(false);
    expect(await strange.locator('body').innerText()).toMatch(/used before[^]*npm start/);
    await stranger.close();
  });

  test('without the login the pages can be read, but no lab can be started', async () => {
    const stranger = await browser.newContext();
    const strange = await stranger.newPage();
    await strange.goto(drydock.url(LESSONS.pods));
    await strange.locator('astro-island:not([ssr]) [data-start]').first().click();
    await expect.poll(() => strange.getByRole('alert').innerText()).toMatch(/not logged in[^]*npm start/);
    await stranger.close();
  });

  test('a foreign host or origin is refused in words', async () => {
    const foreign = await get({ host: 'evil.example' });
    expect(foreign.status).toBeGreaterThanOrEqual(400);
    expect(foreign.body).toContain('does not answer for that host name');
    const origin = await get({ origin: 'http://evil.example' });
    expect(origin.body).toContain('comes from another web page');
  });

  test('every page keeps to 60 KB of JavaScript before anything is clicked', async () => {
    for (const path of ['/', ...Object.values(LESSONS)]) {
      const bytes = await scriptBytes(path);
      console.info(`${path}: ${(bytes / 1024).toFixed(1)} KB of JavaScript, compressed`);
      expect(bytes, path).toBeLessThanOrEqual(PAGE_BYTES);
    }
  }, 60_000);

  test('the server judges the quiz, and nothing that is served knows the answers', async () => {
    const file = parse(await readFile('content/quiz/13-services-and-kube-proxy.yaml', 'utf8')) as {
      questions: Question[];
    };
    await page.goto(drydock.url(LESSONS.services));
    for (const question of file.questions.slice(0, 2)) {
      const form = page.locator(`form[data-question="${question.id}"]`);
      const wrong = question.choices.find(({ id }) => !question.correct.includes(id))?.id ?? '';
      for (const [choice, tone] of [
        [wrong, 'wrong'],
        [question.correct[0] ?? '', 'right'],
      ] as const) {
        await form.locator(`input[value="${choice}"]`).check();
        await form.getByRole('button', { name: 'Answer' }).click();
        await expect.poll(() => form.locator('.dd-verdict').getAttribute('data-tone')).toBe(tone);
      }
      expect(await form.locator('.dd-verdict').innerText()).toContain(question.explanation.replaceAll('`', ''));
    }
    const served = await everythingServed();
    const secrets = [...file.questions.map(({ explanation }) => explanation), ...(await solutionLines())];
    expect(secrets.filter((secret) => served.includes(secret))).toEqual([]);
    // A development build names the folders of the machine that made it.
    expect(served.includes(process.cwd())).toBe(false);
  }, 30_000);

  test('the home page shows what was done, by name', async () => {
    await page.goto(drydock.url(LESSONS.services));
    await startLab(page, 'service-without-endpoints');
    await page.goto(drydock.url('/'));
    const progress = page.locator('.dd-progress');
    await expect.poll(() => progress.innerText()).toMatch(/A Service without endpoints[^]*of 10 points/);
    expect(await progress.innerText()).toContain('2 quiz questions');
  }, 40_000);

  function get(headers: Record<string, string>): Promise<{ status: number; body: string }> {
    return new Promise((resolve, reject) => {
      request({ host: '127.0.0.1', port: drydock.port, path: '/api/progress', headers }, (response) => {
        let body = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
      })
        .on('error', reject)
        .end();
    });
  }

  async function scriptBytes(path: string): Promise<number> {
    const context = page.context();
    const fresh = await context.newPage();
    const sizes: Promise<number>[] = [];
    fresh.on('response', (response: Response) => {
      if (response.request().resourceType() === 'script')
        sizes.push(response.body().then((body) => gzipSync(body).length));
    });
    await fresh.goto(drydock.url(path), { waitUntil: 'networkidle' });
    // Starlight fetches the search box when the page is idle.
    await fresh.waitForFunction(() =>
      performance.getEntriesByType('resource').some(({ name }) => /ui-core/.test(name)),
    );
    const inline = await fresh.locator('script:not([src])').allTextContents();
    const files = await Promise.all(sizes);
    await fresh.close();
    return files.reduce((sum, size) => sum + size, gzipSync(inline.join('\n')).length);
  }

  async function everythingServed(): Promise<string> {
    const texts: string[] = [];
    for (const path of await readdir('dist', { recursive: true })) {
      if (/\.(html|js|json|css|xml|txt)$/.test(path)) texts.push(await readFile(join('dist', path), 'utf8'));
    }
    return texts.join('\n');
  }

  /** Lines that are long enough to give something away. */
  async function solutionLines(): Promise<string[]> {
    const paths = (await readdir('labs', { recursive: true })).filter((path) => /\/solution\/[^/]+$/.test(path));
    const texts = await Promise.all(paths.map((path) => readFile(join('labs', path), 'utf8')));
    return texts
      .flatMap((text) => text.split('\n').map((line) => line.trim()))
      .filter((line) => line.length >= 48 && !line.startsWith('#'));
  }
});
