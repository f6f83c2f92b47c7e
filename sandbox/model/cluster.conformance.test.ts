import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../kernel/clock.ts';
import { compare, loadScenarios } from '../cluster.conformance.ts';
import type { Comparison } from '../cluster.conformance.ts';
import type { Sandbox } from '../contract.ts';
import { cachedKubectl, fetchKubectl, fetchable } from '../workstation/kubectl-package.ts';
import { listenOnLoopback } from '../workstation/listener.ts';
import type { Listener } from '../workstation/listener.ts';
import { modelDriver } from './driver.ts';

/** The recordings were made with this very kubectl; another version prints some things differently. */
describe.skipIf(!fetchable())('the model cluster answers kubectl like Kubernetes 1.36.3', async () => {
  const scenarios = await loadScenarios();
  let home: string;
  let kubectl: string;

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'drydock-conformance-'));
    const cache = resolve('.cache/kubectl');
    const found = await cachedKubectl(cache);
    kubectl = (
      found ??
      (await fetchKubectl(cache, (line) =>
        process.stderr.write(`${line}
`),
      ))
    ).path;
  }, 300_000);
  afterAll(() => rm(home, { recursive: true }));

  describe.each(scenarios)('$name', (scenario) => {
    let sandbox: Sandbox;
    let listener: Listener;
    let compared: Comparison[];

    beforeAll(async () => {
      const driver = modelDriver({ clusterName: 'kind' });
      sandbox = await driver.create(
        { topology: 'K3', needs: [] },
        { id: scenario.name, onProgress: () => {}, signal: new AbortController().signal },
      );
      listener = await listenOnLoopback(0, sandbox);
      const kubeconfig = join(home, `${scenario.name}.kubeconfig`);
      await writeFile(kubeconfig, sandbox.cluster.kubeconfig(`https://127.0.0.1:${listener.port}`));
      compared = await compare(scenario, { kubectl, kubeconfig, home, clock: systemClock });
    }, 300_000);
    afterAll(async () => {
      listener.dispose();
      await sandbox.close();
    });

    test.each(scenario.steps.map((step, i) => ({ i, command: 'run' in step ? step.run : step.watch })))(
      '$i $command',
      ({ i }) => {
        expect(compared[i]?.answered).toBe(compared[i]?.recorded);
      },
    );
  });
});
