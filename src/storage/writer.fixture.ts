/** A process for the kill -9 test: writes attempts without pause and notes each one once the store has taken it. */
import { appendFileSync } from 'node:fs';
import { openStore } from './sqlite.ts';

const [directory = '', round = '', acknowledged = ''] = process.argv.slice(2);
const store = openStore(directory);
for (let n = 0; ; n++) {
  const id = `${round}-${n}`;
  store.attempts.begin({ id, learner: id, lab: 'l', seed: 's', sandbox: id, driver: 'model', at: 1 });
  store.attempts.saveAnswer(id, 'q', id);
  appendFileSync(acknowledged, `${id}\n`);
  if (n === 0) process.stdout.write('writing\n');
}
