/** `drydock self-test`, which is `npm test`: installs what the tests need, then runs all parts and says how long each took. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../kernel/clock.ts';
import { InputError } from '../../kernel/errors.ts';
import { findBrowser } from './browser.ts';
import { runChild } from './child.ts';
import { buildCourse } from './course-build.ts';
import { canInstall, equipWorkstation, installPackage } from './install.ts';
import type { ExitCode } from './output.ts';
import { EXIT, complain, paint, print, say } from './output.ts';

interface Part {
  readonly name: string;
  /** True when it passed. */
  run(): Promise<boolean>;
}

export async function selfTest({ root, only }: { root: string; only?: readonly string[] }): Promise<ExitCode> {
  const parts = allParts(root);
  const unknown = only?.find((name) => !parts.some((part) => part.name === name));
  if (unknown !== undefined) {
    throw new InputError('unknown-part', `there is no part ${unknown}`, {
      remedy: `Choose of: ${parts.map(({ name }) => name).join(', ')}.`,
    });
  }
  const results: { name: string; ok: boolean; seconds: number }[] = [];
  for (const part of parts.filter(({ name }) => !only || only.includes(name))) {
    say(`── ${part.name}`);
    const began = systemClock.monotonic();
    const ok = await part.run().catch((error: unknown) => {
      complain(error);
      return false;
    });
    results.push({ name: part.name, ok, seconds: (systemClock.monotonic() - began) / 1000 });
  }
  for (const { name, ok, seconds } of results) {
    print(
      `${ok ? paint('green', 'passed') : paint('red', 'FAILED')}  ${name.padEnd(14)} ${seconds.toFixed(1).padStart(7)} s`,
    );
  }
  const failed = results.filter(({ ok }) => !ok).length;
  print(`${results.length - failed} passed, ${failed} failed`);
  return failed === 0 ? EXIT.ok : EXIT.checksFailed;
}

function allParts(root: string): readonly Part[] {
  const tool = async (name: string, ...args: string[]): Promise<boolean> => {
    const path = `${join(root, 'node_modules/.bin')}:${process.env['PATH'] ?? ''}`;
    const env = { ...process.env, PATH: path, ASTRO_TELEMETRY_DISABLED: '1' };
    return (await runChild(join(root, 'node_modules/.bin', name), args, { cwd: root, env, output: 'show' })).code === 0;
  };
  const drydock = async (...args: string[]): Promise<boolean> =>
    (
      await runChild(
        process.execPath,
        ['--disable-warning=ExperimentalWarning', join(root, 'src/cli/main.ts'), ...args],
        { cwd: root, output: 'show' },
      )
    ).code === 0;
  return [
    { name: 'types', run: () => tool('tsc', '-b') },
    { name: 'lint', run: () => tool('oxlint') },
    { name: 'format', run: () => tool('prettier', '--check', '--log-level', 'warn', '.') },
    {
      name: 'arrows',
      run: () =>
        tool(
          'depcruise',
          '--config',
          '.dependency-cruiser.mjs',
          '--output-type',
          'err',
          'kernel',
          'sandbox',
          'grader',
          'src',
        ),
    },
    { name: 'content', run: () => drydock('lab', 'lint') },
    {
      name: 'unit',
      async run() {
        await equipWorkstation(say);
        await buildCourse(root, say);
        return tool('vitest', 'run', '--project', 'unit');
      },
    },
    { name: 'conformance', run: () => tool('vitest', 'run', '--project', 'conformance') },
    { name: 'labs', run: () => drydock('lab', 'test') },
    {
      name: 'e2e',
      async run() {
        if (!(await haveBrowser(root))) return false;
        await buildCourse(root, say);
        return tool('vitest', 'run', '--project', 'e2e');
      },
    },
  ];
}

/** A Chromium for the browser tests: the machine's own, Debian's, or the one that playwright fetches. */
async function haveBrowser(root: string): Promise<boolean> {
  if (findBrowser() !== undefined) return true;
  if (canInstall() && (await installPackage('chromium', say))) return true;
  const { chromium } = await import('playwright');
  if (existsSync(chromium.executablePath())) return true;
  say('Fetching Chromium for the browser tests …');
  const fetched = await runChild(
    join(root, 'node_modules/.bin/playwright'),
    ['install', 'chromium-headless-shell', 'chromium'],
    { cwd: root, output: 'show' },
  );
  if (fetched.code === 0) return true;
  say('drydock: the browser tests need Chromium, and it could not be fetched');
  say('Install it (Debian: apt-get install chromium) so that it is on the PATH, or set CHROMIUM to its path.');
  return false;
}
