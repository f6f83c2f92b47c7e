/** The command line's entry point; `bin/drydock.mjs` starts it on the right Node. */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { complain } from './output.ts';
import { runProgram } from './program.ts';

for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
  process.on(event, (error: unknown) => process.exit(complain(error)));
}
// A reader that has seen enough (`drydock … | head`) is no fault.
process.stdout.on('error', () => process.exit(0));

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
process.exit(await runProgram(process.argv.slice(2), root));
