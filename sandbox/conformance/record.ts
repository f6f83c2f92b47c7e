/** Records what a real cluster answers. `node sandbox/conformance/record.ts --kubeconfig FILE --kubectl PATH [SCENARIO…]` */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { systemClock } from '../../kernel/clock.ts';
import { loadScenarios, play } from './scenario.ts';

const { values, positionals } = parseArgs({
  options: { kubeconfig: { type: 'string' }, kubectl: { type: 'string', default: 'kubectl' } },
  allowPositionals: true,
});
if (!values.kubeconfig) {
  process.stderr.write('usage: record.ts --kubeconfig FILE [--kubectl PATH] [SCENARIO…]\n');
  process.exit(2);
}
const home = await mkdtemp(join(tmpdir(), 'drydock-record-'));
const bench = { kubectl: values.kubectl, kubeconfig: resolve(values.kubeconfig), home, clock: systemClock };
for (const scenario of await loadScenarios()) {
  if (positionals.length > 0 && !positionals.includes(scenario.name)) continue;
  process.stderr.write(`recording ${scenario.name} (${scenario.steps.length} steps)\n`);
  const answers = await play(scenario, bench);
  await writeFile(new URL(`recorded/${scenario.name}.json`, import.meta.url), `${JSON.stringify(answers, null, 1)}\n`);
}
await rm(home, { recursive: true });
