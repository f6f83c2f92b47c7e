/** Builds the site as `npm start` does and looks at what learners would get: no answers, no solutions, little JavaScript. */
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { quizSchema } from './quiz.ts';

const READING_BUDGET = 60 * 1024;
const TEXT = /\.(html|js|json|css|xml|txt)$/;
/** Shorter lines, such as `set -eu` or `topologyKey: topology.kubernetes.io/zone`, are no secret. */
const TELLING = 48;

let site = '';
const files = new Map<string, string>();

beforeAll(async () => {
  site = await mkdtemp(join(tmpdir(), 'drydock-site-'));
  await promisify(execFile)(process.execPath, ['node_modules/astro/bin/astro.mjs', 'build', '--outDir', site], {
    env: { ...process.env, NODE_ENV: 'production', VITEST: '', ASTRO_TELEMETRY_DISABLED: '1' },
  });
  for (const path of await readdir(site, { recursive: true })) {
    if (TEXT.test(path)) files.set(path, await readFile(join(site, path), 'utf8'));
  }
}, 180_000);

afterAll(() => rm(site, { recursive: true, force: true }));

function foundIn(secret: string): string[] {
  return [...files].filter(([, text]) => text.includes(secret)).map(([path]) => path);
}

describe('the built site', () => {
  it('has a page for each open lesson, the playground and lost visitors', () => {
    for (const page of [
      'index.html',
      'playground/index.html',
      '404.html',
      '02-control-plane/06-kube-scheduler/index.html',
    ]) {
      expect(files.has(page), page).toBe(true);
    }
  });

  it('holds no quiz explanation and no key', async () => {
    for (const name of await readdir('content/quiz')) {
      const quiz = quizSchema.parse(parse(await readFile(join('content/quiz', name), 'utf8')));
      for (const question of quiz.questions)
        expect(foundIn(question.explanation.slice(0, TELLING)), question.id).toEqual([]);
    }
    expect([...files.values()].some((html) => /data-correct|"correct":\s*\[/.test(html))).toBe(false);
  });

  it('holds no line of a lab solution', async () => {
    for (const path of await readdir('labs', { recursive: true })) {
      if (!/(^|\/)(solution|wrong)\/[^/]+$/.test(path)) continue;
      const lines = (await readFile(join('labs', path), 'utf8')).split('\n').map((line) => line.trim());
      for (const line of lines.filter((text) => text.length >= TELLING && !text.startsWith('#'))) {
        expect(foundIn(line), `${path}: ${line}`).toEqual([]);
      }
    }
  });

  it('asks no other host for scripts, styles, fonts or pictures', () => {
    for (const [path, html] of files) {
      if (path.endsWith('.html'))
        expect(html, path).not.toMatch(/<(script|img|iframe)[^>]+src="https?:|<link[^>]+stylesheet[^>]+href="https?:/);
    }
  });

  it('keeps a lesson under 60 KB of JavaScript before a lab is started', () => {
    const html = files.get('01-orientation/02-pods-and-your-bench/index.html') ?? '';
    const loaded = new Set<string>();
    const load = (path: string): void => {
      if (loaded.has(path)) return;
      loaded.add(path);
      const script = files.get(path) ?? '';
      for (const [, name] of script.matchAll(/(?:from|import)\s*"\.\/([^"]+\.js)"/g)) if (name) load(`_astro/${name}`);
    };
    for (const [, path] of html.matchAll(/(?:src|component-url|renderer-url)="\/(_astro\/[^"]+\.js)"/g))
      if (path) load(path);
    // Starlight fetches the search box when the page is idle.
    for (const path of files.keys()) if (/^_astro\/ui-core\..*\.js$/.test(path)) load(path);
    const inline = [...html.matchAll(/<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/g)]
      .map(([, code]) => code ?? '')
      .join('');
    const bytes = [...loaded].reduce(
      (sum, path) => sum + gzipSync(files.get(path) ?? '').length,
      gzipSync(inline).length,
    );
    expect(loaded.size).toBeGreaterThan(5);
    expect(bytes).toBeLessThanOrEqual(READING_BUDGET);
    console.info(`JavaScript of a lesson before a lab: ${bytes} bytes compressed in ${loaded.size} files`);
  });
});
