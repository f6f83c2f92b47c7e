/** `drydock sandbox`: a cluster for the user's own kubectl, gone when the command ends. */
import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DisposableStore, disposable } from '../../kernel/disposable.ts';
import { InputError } from '../../kernel/errors.ts';
import { modelDriver } from '../../sandbox/model/driver.ts';
import { listenOnLoopback } from '../../sandbox/workstation/listener.ts';
import type { ExitCode } from './output.ts';
import { EXIT, print, say } from './output.ts';
import { untilStopped } from './until-stopped.ts';

const MARK = '# Written by `drydock sandbox`; removed when it ends.\n';

export async function sandbox(options: { topology: 'K1' | 'K3'; kubeconfig?: string }): Promise<ExitCode> {
  const stopped = untilStopped();
  const abort = new AbortController();
  void stopped.then(() => abort.abort(new InputError('stopped', 'stopped before the sandbox was ready')));
  const owned = new DisposableStore();
  const driver = modelDriver({});
  const file = kubeconfigFile(options.kubeconfig, owned);
  const id = randomUUID();
  try {
    const onProgress = ({ step, state }: { step: string; state: string }): void =>
      void (state === 'started' && say(`  ${step} …`));
    const made = await driver.create(
      { topology: options.topology, needs: [] },
      { id, onProgress, signal: abort.signal },
    );
    owned.add(disposable(() => void made.close()));
    const { port } = owned.add(await listenOnLoopback(0, made));
    writeFileSync(file, MARK + made.cluster.kubeconfig(`https://127.0.0.1:${port}`), { mode: 0o600 });
    say(`Kubernetes ${made.version} (model cluster, ${options.topology}), until Ctrl-C.`);
    print(`export KUBECONFIG=${file}`);
    await stopped;
  } finally {
    owned.dispose();
    await driver.destroy(id);
  }
  return EXIT.ok;
}

/** Somebody else's kubeconfig is never overwritten. */
function kubeconfigFile(wanted: string | undefined, owned: DisposableStore): string {
  if (wanted === undefined) {
    const directory = mkdtempSync(join(tmpdir(), 'drydock-sandbox-'));
    owned.add(disposable(() => rmSync(directory, { recursive: true, force: true })));
    return join(directory, 'kubeconfig');
  }
  const file = resolve(wanted);
  if (existsSync(file) && !readFileSync(file, 'utf8').startsWith(MARK)) {
    throw new InputError('file-exists', `${file} is there already and is not ours`, {
      remedy: 'Name another file with --kubeconfig.',
    });
  }
  owned.add(disposable(() => rmSync(file, { force: true })));
  return file;
}
