/** The cells that a real 1.36.3 API server printed of objects (Table requests, recorded into fixtures/printed.gen.json), against ours. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { kinds } from './index.ts';

const object = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string() }),
});
const condition = z.object({ type: z.string(), status: z.string(), reason: z.string(), message: z.string() });
const cases = z
  .array(z.object({ now: z.number(), object, cells: z.array(z.unknown()), conditions: z.array(condition).optional() }))
  .parse(JSON.parse(readFileSync(new URL('fixtures/printed.gen.json', import.meta.url), 'utf8')));

/** The server counted from within the second that it stamped on its answer: an age may be one second off. */
function withoutAges(cells: readonly unknown[]): readonly unknown[] {
  return cells.map((cell) => (typeof cell === 'string' ? cell.replace(/\b(\d+[ydhms])+(?= ago|$)/, 'AGE') : cell));
}

test.each(cases.map((given) => ({ title: `${given.object.kind} ${given.object.metadata.name}`, ...given })))(
  '$title',
  (given) => {
    const kind = kinds.find((row) => row.kind === given.object.kind && !row.storedAs);
    if (!kind) throw new Error(`no row for ${given.object.kind}`);
    const cells = kind.row(given.object, given.now * 1000);
    expect(withoutAges(cells)).toEqual(withoutAges(given.cells));
    expect(kind.rowConditions?.(given.object) ?? []).toEqual(given.conditions ?? []);
  },
);
