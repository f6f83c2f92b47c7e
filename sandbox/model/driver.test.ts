import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { driverConformance } from '../driver.conformance.ts';
import { modelDriver } from './driver.ts';

const home = mkdtempSync(join(tmpdir(), 'drydock-driver-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

driverConformance('model, in a folder', { makeDriver: () => modelDriver({ directory: home }), patience: 20_000 });

const inMemory = modelDriver({});
driverConformance('model, in memory', { makeDriver: () => inMemory, patience: 20_000 });

const spec = { topology: 'K1', needs: [] } as const;
const quiet = { onProgress: () => undefined, signal: new AbortController().signal };

test('a damaged sandbox is reported and not half opened', async () => {
  const driver = modelDriver({ directory: home });
  const made = await driver.create({ ...spec, needs: [] }, { id: 'damaged', ...quiet });
  await made.close();
  const file = join(home, 'damaged', 'journal');
  writeFileSync(file, readFileSync(file, 'utf8').replace('"v1"', '"v2"'));
  await expect(driver.open('damaged')).rejects.toMatchObject({ code: 'journal-damaged' });
  await driver.destroy('damaged');
  expect(existsSync(join(home, 'damaged'))).toBe(false);
});

test('what was written survives although nothing was closed', async () => {
  const first = modelDriver({ directory: home });
  const made = await first.create({ ...spec, needs: [] }, { id: 'killed', ...quiet });
  await made.cluster.apply([
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'kept', namespace: 'default' }, data: { a: '1' } },
  ]);
  // As after `kill -9`: a new driver knows nothing of the first one and reads what is on the disk.
  const opened = await modelDriver({ directory: home }).open('killed');
  const kept = await opened?.cluster.get({ apiVersion: 'v1', kind: 'ConfigMap', namespace: 'default', name: 'kept' });
  expect(kept?.['data']).toEqual({ a: '1' });
  await opened?.close();
  await first.destroy('killed');
});
