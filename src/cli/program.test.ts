import { spawnSync } from 'node:child_process';
import { createServer } from 'node:net';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { portIsFree } from '../server/serve.ts';

let directory: string;
beforeEach(() => void (directory = mkdtempSync(join(tmpdir(), 'drydock-cli-'))));
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function drydock(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  const main = new URL('main.ts', import.meta.url).pathname;
  return spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', main, ...args], { encoding: 'utf8' });
}

it.each<[string[], RegExp]>([
  [['bogus'], /^drydock: unknown command 'bogus'\nRun with --help/],
  [['start', '--nope'], /^drydock: unknown option '--nope'/],
  [['start', '--port', '70000'], /a whole number from 0 to 65535/],
  [['start', '--port', '80x'], /a whole number from 0 to 65535/],
  [['doctor', '-o', 'xml'], /Allowed choices are text, json/],
  [['sandbox', '--topology', 'K9'], /Allowed choices are K1, K3/],
  [['sandbox', '--driver', 'cloud'], /Allowed choices are model/],
  [['check', '--kubeconfig', 'x'], /missing required argument 'lab'/],
  [['check', 'why-pending'], /required option '--kubeconfig <file>' not specified/],
  [['lab', 'test', 'no-such-lab'], /^drydock: .*no-such-lab/],
  [[], /^Usage: drydock/],
])('%j is wrong usage', (args, words) => {
  const { status, stdout, stderr } = drydock(...args);
  expect(stderr).toMatch(words);
  expect([status, stdout]).toEqual([2, '']);
});

it('prints help to stdout when asked', () => {
  const { status, stdout, stderr } = drydock('start', '--help');
  expect([status, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/--own-shell/);
});

it('says what is wrong with a kubeconfig', () => {
  const file = join(directory, 'config');
  writeFileSync(file, 'current-context: x\ncontexts: []\nclusters: []\nusers: []\n');
  const { status, stderr } = drydock('check', 'why-pending', '--kubeconfig', file);
  expect(stderr).toMatch(/^drydock: .*config: there is no context x\nGive a kubeconfig/);
  expect(status).toBe(2);
});

it('never overwrites a kubeconfig that is not its own', () => {
  const file = join(directory, 'config');
  writeFileSync(file, 'mine');
  const { status, stderr } = drydock('sandbox', '--kubeconfig', file);
  expect(stderr).toMatch(/is there already and is not ours\nName another file/);
  expect(status).toBe(2);
});

it('knows a port in use before it starts anything', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  await expect(portIsFree(port)).rejects.toMatchObject({
    code: 'port-in-use',
    remedy: expect.stringContaining('--port 0'),
  });
  await new Promise((resolve) => server.close(resolve));
  await portIsFree(port);
});
