/** bin/drydock.mjs in a bare folder with a make-believe npm: what a fresh clone does on its first start. */
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';

let root: string;
const lock = {
  lockfileVersion: 3,
  packages: {
    '': {},
    'node_modules/left': { version: '1.0.0' },
    'node_modules/mac': { version: '1.0.0', optional: true },
  },
};

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'drydock-bin-'));
  for (const folder of ['bin', 'src/cli', 'path']) mkdirSync(join(root, folder), { recursive: true });
  copyFileSync(new URL('../../bin/drydock.mjs', import.meta.url), join(root, 'bin/drydock.mjs'));
  writeFileSync(join(root, 'package.json'), '{"type":"module"}');
  writeFileSync(join(root, 'package-lock.json'), JSON.stringify(lock));
  writeFileSync(
    join(root, 'src/cli/main.ts'),
    `console.log('ran', process.argv.slice(2).join(' ')); process.exitCode = 7;`,
  );
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function npm(script: string): void {
  const file = join(root, 'path/npm');
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
}

const environment = (): NodeJS.ProcessEnv => ({ PATH: `${join(root, 'path')}:/usr/bin:/bin` });

function start(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [join(root, 'bin/drydock.mjs'), ...args], {
    env: environment(),
    encoding: 'utf8',
  });
}

const installs = `mkdir -p node_modules && echo >> npm-ran && cp package-lock.json node_modules/.package-lock.json`;

it('installs on the first start, not on the second, and passes arguments and the exit code', () => {
  npm(installs);
  const first = start('doctor', '-o', 'json');
  expect(first.stderr).toMatch(/Installing what Drydock needs[^]*Installed in/);
  expect(first).toMatchObject({ status: 7, stdout: 'ran doctor -o json\n' });
  const second = start('doctor');
  expect(second).toMatchObject({ status: 7, stdout: 'ran doctor\n', stderr: '' });
});

it('installs again when the lock file has moved on', () => {
  npm(installs);
  start();
  rmSync(join(root, 'npm-ran'));
  writeFileSync(
    join(root, 'package-lock.json'),
    JSON.stringify({ ...lock, packages: { '': {}, 'node_modules/left': { version: '1.0.1' } } }),
  );
  start();
  expect(existsSync(join(root, 'npm-ran'))).toBe(true);
});

it.each([
  ['npm error code ENOSPC', /drydock: the disk is full/],
  ['npm error code ENOTFOUND', /drydock: the package registry cannot be reached\nCheck the network/],
  ['npm error something else', /npm error something else[^]*drydock: npm install failed/],
])('says what to do when npm says %s', (words, expected) => {
  npm(`echo '${words}' >&2; exit 1`);
  const { status, stderr } = start();
  expect(stderr).toMatch(expected);
  expect(status).toBe(3);
});

it('passes SIGTERM on and ends when the program ends', async () => {
  npm(installs);
  writeFileSync(
    join(root, 'src/cli/main.ts'),
    `process.on('SIGTERM', () => { console.log('stopping'); process.exit(0); }); setInterval(() => {}, 1000); console.log('up');`,
  );
  const child = spawn(process.execPath, [join(root, 'bin/drydock.mjs')], {
    env: environment(),
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let output = '';
  const ended = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)));
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    output += chunk;
    if (chunk.includes('up')) child.kill('SIGTERM');
  });
  expect(await ended).toBe(0);
  expect(output).toBe('up\nstopping\n');
});
