/** Plays scenarios on any cluster and prints what differs: `node sandbox/conformance/run.ts --kubeconfig FILE --kubectl PATH [SCENARIO…]`. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { systemClock } from '../../kernel/clock.ts';
import { compare, loadScenarios } from '../cluster.conformance.ts';

const { values, positionals } = parseArgs({
  options: { kubeconfig: { type: 'string' }, kubectl: { type: 'string', default: 'kubectl' } },
  allowPositionals: true,
});
if (!values.kubeconfig) {
  process.stderr.write('usage: run.ts --kubeconfig FILE [--kubectl PATH] [SCENARIO…]\n');
  process.exit(2);
}
const home = await mkdtemp(join(tmpdir(), 'drydock-compare-'));
const bench = { kubectl: values.kubectl, kubeconfig: resolve(values.kubeconfig), home, clock: systemClock };
let same = 0;
let different = 0;
for (const scenario of await loadScenarios()) {
  if (positionals.length > 0 && !positionals.includes(scenario.name)) continue;
  for (const { command, recorded, answered } of await compare(scenario, bench)) {
    if (recorded === answered) {
      same++;
      continue;
    }
    different++;
    process.stdout.write(`\n== ${scenario.name}: ${command}\n${differingLines(recorded, answered)}`);
  }
}
await rm(home, { recursive: true });
process.stdout.write(`\n${same} passed, ${different} failed\n`);
process.exit(different > 0 ? 1 : 0);

function differingLines(recorded: string, answered: string): string {
  const [before, after] = [recorded.split('\n'), answered.split('\n')];
  const only = (lines: string[], others: string[], sign: string): string =>
    lines
      .filter((line) => !others.includes(line))
      .map((line) => `${sign} ${line}\n`)
      .join('');
  return only(before, after, '-') + only(after, before, '+') || '(the order of lines differs)\n';
}
