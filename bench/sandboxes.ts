/** Ready time and memory of model sandboxes, 10 and 50 at once, and what one `kubectl get pods` takes on the last of them. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Sandbox } from '../sandbox/contract.ts';
import { modelDriver } from '../sandbox/model/driver.ts';
import { findKubectl } from '../sandbox/workstation/kubectl.ts';
import { listenOnLoopback } from '../sandbox/workstation/listener.ts';
import type { Figure } from './stats.ts';
import { mb, ms, percentile, print, settledMemory } from './stats.ts';

const BAR = { ready: 100, memory: 15 * 1024 * 1024 };

export async function sandboxes(): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'drydock-bench-'));
  const driver = modelDriver({ directory });
  const open: Sandbox[] = [];
  const create = async (): Promise<number> => {
    const began = performance.now();
    open.push(
      await driver.create(
        { topology: 'K3', needs: [] },
        { id: `bench-${open.length}`, onProgress: () => {}, signal: new AbortController().signal },
      ),
    );
    return performance.now() - began;
  };
  const first = await create();
  const figures: Figure[] = [{ name: 'first sandbox of a process, ready', value: ms(first) }];
  const before = await settledMemory();
  const counted = open.length;
  for (const count of [10, 50]) {
    const times: number[] = [];
    while (open.length - counted < count) times.push(await create());
    const each = ((await settledMemory()) - before) / count;
    const ready = percentile(times, 95);
    figures.push({
      name: `${count} sandboxes: ready (p50 / p95)`,
      value: `${ms(percentile(times, 50))} / ${ms(ready)}`,
      bar: '<= 100 ms',
      met: ready <= BAR.ready,
    });
    figures.push({
      name: `${count} sandboxes: memory each`,
      value: mb(each),
      bar: '<= 15 MB',
      met: each <= BAR.memory,
    });
  }
  figures.push(...(await kubectlTimes(open.at(-1), directory)));
  print('Sandboxes (model, K3)', figures);
  for (const sandbox of open) await sandbox.close();
  await rm(directory, { recursive: true });
}

async function kubectlTimes(sandbox: Sandbox | undefined, directory: string): Promise<Figure[]> {
  if (!sandbox) return [];
  const kubectl = await findKubectl({ cacheDirectory: '.cache/kubectl' });
  const listener = await listenOnLoopback(0, sandbox);
  const kubeconfig = join(directory, 'kubeconfig');
  await writeFile(kubeconfig, sandbox.cluster.kubeconfig(`https://127.0.0.1:${listener.port}`));
  const time = async (args: string[]): Promise<number> => {
    const began = performance.now();
    await promisify(execFile)(kubectl.path, args, { env: { ...process.env, KUBECONFIG: kubeconfig, HOME: directory } });
    return performance.now() - began;
  };
  const alone: number[] = [];
  const pods: number[] = [];
  await time(['get', 'pods', '-A']);
  for (let i = 0; i < 10; i++) {
    alone.push(await time(['version', '--client']));
    pods.push(await time(['get', 'pods', '-A']));
  }
  listener.dispose();
  const ratio = percentile(pods, 50) / percentile(alone, 50);
  return [
    { name: 'kubectl version --client (p50)', value: ms(percentile(alone, 50)) },
    {
      name: 'kubectl get pods -A (p50), and as a ratio to that',
      value: `${ms(percentile(pods, 50))}, ${ratio.toFixed(2)}×`,
    },
  ];
}
