/**
 * `update` regenerates tables/types.json; `verify` checks that the committed file is well-formed and consistent and, with a kubeconfig and
 * sources, that it is what `update` would write. See README.md in this folder.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { InputError, messageOf } from '../../../../../kernel/errors.ts';
import type { Table } from '../table.ts';
import { tableSchema } from '../table.ts';
import { buildTable } from './build-table.ts';
import { inconsistencies } from './consistency.ts';
import { readOpenApi } from './openapi-facts.ts';

const FILE = fileURLToPath(new URL('../tables/types.json', import.meta.url));
const USAGE =
  'Usage: node run.ts update|verify [--kubeconfig FILE --sources DIR]   (update needs both; DIR holds k8s.io/api …)';

function main(): void {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { kubeconfig: { type: 'string' }, sources: { type: 'string' } },
  });
  const [verb] = positionals;
  if (verb !== 'update' && verb !== 'verify') throw new InputError('usage', USAGE);
  const fresh = values.kubeconfig && values.sources ? generate(values.kubeconfig, values.sources) : undefined;
  if (verb === 'update') {
    if (!fresh) throw new InputError('usage', USAGE);
    refuseIfAny(inconsistencies(fresh));
    writeFileSync(FILE, printTable(fresh));
    return;
  }
  const text = readFileSync(FILE, 'utf8');
  refuseIfAny(inconsistencies(tableSchema.parse(JSON.parse(text))));
  if (fresh && printTable(fresh) !== text)
    throw new InputError('stale-tables', 'tables/types.json differs from what the API server and the sources say', {
      remedy: 'Run `update`.',
    });
}

function generate(kubeconfig: string, sources: string): Table {
  const { table, complaints } = buildTable(readOpenApi(kubeconfig), sources);
  for (const complaint of complaints) console.warn(complaint);
  return table;
}

/** One type a line, so that a change is readable in a diff. */
function printTable(table: Table): string {
  const lines = Object.entries(table.types).map(([name, entry]) => `${JSON.stringify(name)}:${JSON.stringify(entry)}`);
  return `{"version":${JSON.stringify(table.version)},"types":{\n${lines.join(',\n')}\n}}\n`;
}

function refuseIfAny(found: readonly string[]): void {
  if (found.length > 0) throw new InputError('bad-tables', `The tables are inconsistent:\n${found.join('\n')}`);
}

try {
  main();
} catch (error) {
  console.error(messageOf(error));
  process.exitCode = 1;
}
