import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { lockInstance } from './instance-lock.ts';
import { openStore } from './sqlite.ts';

let directory: string;
beforeEach(() => void (directory = mkdtempSync(join(tmpdir(), 'drydock-lock-'))));
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const inUse = expect.objectContaining({ code: 'data-in-use', remedy: expect.stringContaining('--data-dir') });

it('lets one server at a time use a folder', () => {
  const first = lockInstance(directory);
  expect(() => lockInstance(directory)).toThrow(inUse);
  first.dispose();
  lockInstance(directory).dispose();
});

it('is released by kill -9: nothing stale is left to clean up', async () => {
  const lock = new URL('./instance-lock.ts', import.meta.url).href;
  const script = `import { lockInstance } from ${JSON.stringify(lock)};
    const lock = lockInstance(process.argv[1]); console.log('locked'); setInterval(() => lock, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, directory]);
  await once(child.stdout, 'data');
  expect(() => lockInstance(directory)).toThrow(inUse);
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
  lockInstance(directory).dispose();
});

it('says what is wrong with a folder that is none, for the lock and for the store', () => {
  const file = join(directory, 'file');
  writeFileSync(file, 'mine');
  const unusable = expect.objectContaining({
    code: 'storage-unreadable',
    message: expect.stringContaining(file),
    remedy: expect.stringContaining('--data-dir'),
  });
  for (const place of [file, join(file, 'below')]) {
    expect(() => lockInstance(place)).toThrow(unusable);
    expect(() => openStore(place)).toThrow(unusable);
  }
  writeFileSync(join(directory, 'lock'), 'not a database'.repeat(1000));
  expect(() => lockInstance(directory)).toThrow(expect.objectContaining({ code: 'storage-unreadable' }));
});
