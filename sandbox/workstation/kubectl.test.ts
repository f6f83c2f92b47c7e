import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { findKubectl } from './kubectl.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'drydock-kubectl-'));
  vi.stubEnv('PATH', directory);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(directory, { recursive: true, force: true });
});

function kubectl(script: string): void {
  writeFileSync(join(directory, 'kubectl'), `#!/bin/sh\n${script}\n`);
  chmodSync(join(directory, 'kubectl'), 0o755);
}
const version = (text: string): string => `echo '{"clientVersion":{"gitVersion":"${text}"}}'`;
const find = () => findKubectl({ cacheDirectory: join(directory, 'cache'), fetch: false });
const refusal = (message: string) => ({
  code: 'no-kubectl',
  message,
  remedy: expect.stringContaining('Install kubectl 1.27 or newer'),
});

test('none: it says so and what to install', async () => {
  await expect(find()).rejects.toMatchObject(refusal('there is no kubectl on the PATH'));
});

test('one that is too old: it names the version', async () => {
  kubectl(version('v1.26.9'));
  await expect(find()).rejects.toMatchObject(refusal('kubectl on the PATH is v1.26.9'));
});

test.each([
  ['fails', 'exit 1'],
  ['prints nonsense', 'echo hello'],
  ['floods', 'while :; do echo xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; done'],
])('one that %s is as good as none', async (_, script) => {
  kubectl(script);
  await expect(find()).rejects.toMatchObject(refusal('there is no kubectl on the PATH'));
});

test('a good one is used', async () => {
  kubectl(version('v1.27.0'));
  expect(await find()).toMatchObject({ version: 'v1.27.0', source: 'PATH' });
});
