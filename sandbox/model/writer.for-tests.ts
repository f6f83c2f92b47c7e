/**
 * A process for the tests of survival: runs a model sandbox and writes to it without pause; each write that was acknowledged is
 * noted in a file. When a write is refused it says so, shows that it can still be read, and ends.
 */
import { appendFileSync } from 'node:fs';
import { sleep, systemClock } from '../../kernel/clock.ts';
import { messageOf } from '../../kernel/errors.ts';
import { modelDriver } from './driver.ts';
import { CONFIG_MAP, POD, podState } from './survival.for-tests.ts';

const [directory = '', round = '', acknowledged = ''] = process.argv.slice(2);
const driver = modelDriver({ directory });
const sandbox =
  (await driver.open('s')) ??
  (await driver.create(
    { topology: 'K1', needs: [] },
    { id: 's', onProgress: () => undefined, signal: new AbortController().signal },
  ));
const { cluster } = sandbox;
// A Pod's spec cannot be applied twice: the server has added to it.
if (round === '0')
  await cluster.apply([
    { ...POD, metadata: { name: 'crashes', namespace: 'default' }, spec: podSpec('exit 1') },
    { ...POD, metadata: { name: 'runs', namespace: 'default' }, spec: podSpec('sleep 3600') },
  ]);
for (;;) {
  const [crashes, runs] = [await podState(cluster, 'crashes'), await podState(cluster, 'runs')];
  if ((crashes?.restartCount ?? 0) > 0 && runs?.ready) break;
  await sleep(systemClock, 5);
}
appendFileSync(acknowledged, `pod ${JSON.stringify(await podState(cluster, 'runs'))}\n`);
process.stdout.write('writing\n');
for (let n = 0; ; n++) {
  const name = `r${round}-${n}`;
  try {
    const [kept] = await cluster.apply([
      { ...CONFIG_MAP, metadata: { name, namespace: 'default' }, data: { text: 'x'.repeat(2000) } },
    ]);
    appendFileSync(acknowledged, `map ${name} ${kept?.metadata.resourceVersion}\n`);
  } catch (error) {
    process.stdout.write(`refused ${messageOf(error)}\n`);
    break;
  }
}
await cluster.delete({ ...POD, namespace: 'default', name: 'crashes' }).catch(() => false);
// Time for controllers and kubelets to fail at their own writes.
await sleep(systemClock, 1_500);
const { items } = await cluster.list({ ...CONFIG_MAP, namespace: 'default' });
process.stdout.write(`readable ${items.length}\n`);
await sandbox.close();

function podSpec(script: string): object {
  return {
    containers: [{ name: 'c', image: 'busybox:1.36', command: ['sh', '-c', script] }],
    tolerations: [{ operator: 'Exists' }],
  };
}
