/** A real process, really killed: what it had acknowledged is there. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { modelDriver } from './driver.ts';
import { CONFIG_MAP, podState } from './survival.for-tests.ts';

const WRITER = new URL('writer.for-tests.ts', import.meta.url).pathname;
let directory: string;
let acknowledged: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'drydock-survival-'));
  acknowledged = join(directory, 'acknowledged');
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** `most`: the size in KiB beyond which no file of the process may grow. */
function write(round: number, most?: number): ChildProcess {
  const limit = most === undefined ? '' : `ulimit -f ${most};`;
  const words = [process.execPath, WRITER, join(directory, 'sandboxes'), `${round}`, acknowledged];
  return spawn('bash', ['-c', `${limit} exec "$@"`, 'bash', ...words], { stdio: ['ignore', 'pipe', 'inherit'] });
}

/** Opens the sandbox as the next process would, and compares it with what was acknowledged. */
async function verify(): Promise<number> {
  const notes = readFileSync(acknowledged, 'utf8').split('\n').slice(0, -1);
  const sandbox = await modelDriver({ directory: join(directory, 'sandboxes') }).open('s');
  if (!sandbox) throw new Error('the sandbox is gone');
  const { items } = await sandbox.cluster.list({ ...CONFIG_MAP, namespace: 'default' });
  const there = new Map(items.map(({ metadata }) => [metadata.name, metadata.resourceVersion]));
  const maps = notes.filter((note) => note.startsWith('map ')).map((note) => note.split(' '));
  for (const [, name, version] of maps) expect([name, there.get(name)]).toEqual([name, version]);
  const pods = notes.filter((note) => note.startsWith('pod ')).map((note): unknown => JSON.parse(note.slice(4)));
  for (const pod of pods) expect(await podState(sandbox.cluster, 'runs')).toEqual(pod);
  await sandbox.close();
  return maps.length;
}

test('R-JOURNAL-1 R-KUBELET-11 kill -9 in the middle of writing loses nothing acknowledged; Pods go on where they were', async () => {
  let before = 0;
  for (let round = 0; round < 3; round++) {
    const child = write(round);
    if (child.stdout) await once(child.stdout, 'data');
    await new Promise((resolve) => setTimeout(resolve, 100 + round * 70));
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
    const now = await verify();
    expect(now).toBeGreaterThan(before);
    before = now;
  }
}, 60_000);

test('a disk that is full refuses writes clearly; all that was acknowledged can be read, then and later', async () => {
  const child = write(0, 1024);
  let said = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (said += text));
  const [code] = await once(child, 'exit');
  expect([code, said]).toEqual([0, expect.stringMatching(/refused .*journal cannot be written[^]*\nreadable \d+\n/)]);
  expect(await verify()).toBeGreaterThan(100);
}, 60_000);
