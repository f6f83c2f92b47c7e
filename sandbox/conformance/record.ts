/** Records what a real cluster answers. `node sandbox/conformance/record.ts --kubeconfig FILE --kubectl PATH [SCENARIO…]` */
import { writeFile } from 'node:fs/promises';
import { forEachScenario } from './command-line.ts';
import { play } from './scenario.ts';

await forEachScenario('record.ts', async (scenario, bench) => {
  process.stderr.write(`recording ${scenario.name} (${scenario.steps.length} steps)\n`);
  const answers = await play(scenario, bench);
  await writeFile(new URL(`recorded/${scenario.name}.json`, import.meta.url), `${JSON.stringify(answers, null, 1)}\n`);
});
