/** Plays scenarios on any cluster and prints what differs: `node sandbox/conformance/run.ts --kubeconfig FILE --kubectl PATH [SCENARIO…]`. */
import { compare } from '../cluster.conformance.ts';
import { forEachScenario } from './command-line.ts';

let same = 0;
let different = 0;
await forEachScenario('run.ts', async (scenario, bench) => {
  for (const { command, recorded, answered } of await compare(scenario, bench)) {
    if (recorded === answered) {
      same++;
      continue;
    }
    different++;
    process.stdout.write(`\n== ${scenario.name}: ${command}\n${differingLines(recorded, answered)}`);
  }
});
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
