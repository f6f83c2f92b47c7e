/** `npm run bench [-- NAME…]`: runs the measurements named, or all but `fresh`. */
import { page } from './page.ts';
import { sandboxes } from './sandboxes.ts';
import { terminal } from './terminal.ts';
import { tick } from './tick.ts';
import { fresh } from './fresh.ts';

const benches: Readonly<Record<string, () => Promise<void>>> = { sandboxes, tick, terminal, page, fresh };
const named = process.argv.slice(2);
const unknown = named.filter((name) => !(name in benches));
if (unknown.length > 0) {
  process.stderr.write(`bench: there is no ${unknown.join(', ')}; there are ${Object.keys(benches).join(', ')}\n`);
  process.exit(2);
}
for (const [name, bench] of Object.entries(benches)) {
  if (named.length > 0 ? named.includes(name) : name !== 'fresh') await bench();
}
process.exit(0);
