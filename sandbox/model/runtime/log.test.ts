import { expect, it } from 'vitest';
import { LogRing } from './log.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const all = (ring: LogRing): string => new TextDecoder().decode(ring.read({ timestamps: false }));

it('R-RUNTIME-3: keeps whole lines, the last 128 KiB of them', () => {
  const ring = new LogRing(() => 0);
  for (let n = 0; n < 3000; n++) ring.append(bytes(`${n} ${'x'.repeat(94)}\n`));
  const lines = all(ring).split('\n').slice(0, -1);
  expect(lines.at(-1)).toMatch(/^2999 x+$/);
  expect(lines[0]).toMatch(/^\d+ x{94}$/);
  expect(all(ring).length).toBeLessThanOrEqual(128 * 1024);
  expect(all(ring).length).toBeGreaterThan(127 * 1024);
});

it('R-RUNTIME-3: a line that never ends is kept in pieces, and no more of it than of others', () => {
  const ring = new LogRing(() => 0);
  for (let n = 0; n < 300; n++) ring.append(bytes('x'.repeat(1000)));
  const text = all(ring);
  expect(text).toMatch(/^x+$/);
  expect(text.length).toBeLessThanOrEqual(128 * 1024);
  ring.append(bytes('end\n'));
  expect(all(ring)).toMatch(/xend\n$/);
});
