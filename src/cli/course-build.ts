/** Builds the course with Astro when its sources are not those of the last build. */
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, watch } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Clock } from '../../kernel/clock.ts';
import type { Disposable } from '../../kernel/disposable.ts';
import { disposable } from '../../kernel/disposable.ts';
import { EnvironmentError } from '../../kernel/errors.ts';
import { runChild } from './child.ts';

const SOURCES = [
  'content',
  'labs',
  'public',
  'src/pages',
  'src/components',
  'src/styles',
  'src/layouts',
  'src/protocol',
  'src/content.config.ts',
  'astro.config.mjs',
  'package-lock.json',
];

/** Builds into `dist/` unless it is as the sources are; true when it built. Throws EnvironmentError with Astro's words. */
export async function buildCourse(root: string, say: (line: string) => void): Promise<boolean> {
  const mark = join(root, 'dist', '.built-from');
  const wanted = await hashOfSources(root);
  if ((await readFile(mark, 'utf8').catch(() => '')) === wanted) return false;
  say('Building the course (first start, or its sources have changed) …');
  await mkdir(join(root, '.cache'), { recursive: true });
  // A folder of its own for each build: two commands may find the sources changed at the same time.
  const work = await mkdtemp(join(root, '.cache', 'build-'));
  try {
    await buildInto(join(work, 'dist'), root, say);
    await writeFile(join(work, 'dist', '.built-from'), wanted);
    // Only a whole build takes the place of the old one, so a failed or stopped build leaves a course that works.
    if (existsSync(join(root, 'dist'))) await rename(join(root, 'dist'), join(work, 'old'));
    await rename(join(work, 'dist'), join(root, 'dist'));
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return true;
}

async function buildInto(fresh: string, root: string, say: (line: string) => void): Promise<void> {
  let pages = 0;
  const onLine = (line: string): void => {
    if (/\.html/.test(line) && ++pages % 10 === 0) say(`  ${pages} pages`);
  };
  // Whatever this shell is set up for: a development build is three times as heavy and names the folders of this machine.
  const env = { ...process.env, NODE_ENV: 'production', VITEST: '', ASTRO_TELEMETRY_DISABLED: '1', NO_COLOR: '1' };
  const astro = join(root, 'node_modules/astro/bin/astro.mjs');
  const { code, said } = await runChild(process.execPath, [astro, 'build', '--outDir', fresh], {
    cwd: root,
    env,
    output: 'keep',
    onLine,
  });
  if (code !== 0) {
    throw new EnvironmentError(
      'build-failed',
      `the course could not be built:\n${said.trimEnd().split('\n').slice(-25).join('\n')}`,
      {
        remedy: /ENOSPC/.test(said) ? 'Free some space and try again.' : 'Mend what Astro names above and try again.',
      },
    );
  }
}

/** Builds again soon after a source changes, until disposed. */
export function buildOnChange(root: string, { clock, say }: { clock: Clock; say: (line: string) => void }): Disposable {
  let timer: Disposable | undefined;
  let building: Promise<unknown> = Promise.resolve();
  const changed = (): void => {
    timer?.dispose();
    timer = clock.after(300, () => {
      building = building
        .then(() => buildCourse(root, say))
        .then((built) => built && say('The course is built: reload the page.'))
        .catch((error: unknown) => say(error instanceof Error ? error.message : String(error)));
    });
  };
  const watchers = SOURCES.filter((source) => existsSync(join(root, source))).map((source) =>
    watch(join(root, source), { recursive: true }, changed),
  );
  return disposable(() => {
    timer?.dispose();
    for (const watcher of watchers) watcher.close();
  });
}

async function hashOfSources(root: string): Promise<string> {
  const hash = createHash('sha256');
  for (const source of SOURCES) {
    for (const file of await filesBelow(join(root, source))) {
      hash.update(`\0${file.slice(root.length)}\0`);
      await pipeline(createReadStream(file), async (chunks: AsyncIterable<Buffer>) => {
        for await (const chunk of chunks) hash.update(chunk);
      });
    }
  }
  return hash.digest('hex');
}

async function filesBelow(path: string): Promise<string[]> {
  const found = await stat(path).catch(() => undefined);
  if (!found) return [];
  if (!found.isDirectory()) return [path];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
