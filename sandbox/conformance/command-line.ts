/** What the tools of this folder are told: which cluster, which kubectl, which scenarios. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { systemClock } from '../../kernel/clock.ts';
import type { Bench, Scenario } from './scenario.ts';
import { loadScenarios } from './scenario.ts';

/**
 * Reads `--kubeconfig FILE [--kubectl PATH] [SCENARIO…]` and runs `work` for each scenario named, or for all. Ends the process
 * with 2 and the usage when no cluster is named.
 */
export async function forEachScenario(
  tool: string,
  work: (scenario: Scenario, bench: Bench) => Promise<void>,
): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { kubeconfig: { type: 'string' }, kubectl: { type: 'string', default: 'kubectl' } },
    allowPositionals: true,
  });
  if (!values.kubeconfig) {
    process.stderr.write(`usage: ${tool} --kubeconfig FILE [--kubectl PATH] [SCENARIO…]\n`);
    process.exit(2);
  }
  const home = await mkdtemp(join(tmpdir(), 'drydock-kubectl-'));
  const bench = { kubectl: values.kubectl, kubeconfig: resolve(values.kubeconfig), home, clock: systemClock };
  for (const scenario of await loadScenarios()) {
    if (positionals.length === 0 || positionals.includes(scenario.name)) await work(scenario, bench);
  }
  await rm(home, { recursive: true });
}
