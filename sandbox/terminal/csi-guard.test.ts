import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CsiGuard } from './csi-guard.ts';

const CELLS = 80 * 24;
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
const bytes = (s: string): Uint8Array => Buffer.from(s, 'latin1');

describe('CsiGuard', () => {
  test.each(['Z', 'S', 'T', 'L', 'M', 'I', '@', 'P', 'X', 'b'])('swallows a huge CSI %s in either form', (final) => {
    const guard = new CsiGuard(CELLS);
    expect(text(guard.filter(bytes(`a\x1b[2147483647${final}b`)))).toBe('ab');
    expect(text(guard.filter(bytes(`a\xc2\x9b1;99999${final}b`)))).toBe('ab');
  });

  test('passes what programs really send', () => {
    const guard = new CsiGuard(CELLS);
    const honest = '\x1b[2J\x1b[H\x1b[38;2;255;100;0mred\x1b[0m\x1b[10b\x1b[?1049h\x1b]0;title\x07\x1b[3L\x1b[999C';
    expect(text(guard.filter(bytes(honest)))).toBe(honest);
  });

  test('sees through any splitting of the output', () => {
    const parts = fc.array(
      fc.constantFrom('x', '\x1b', '[', '5', '99999999', ';', 'b', 'm', '\xc2', '\x9b', '\x18', 'S'),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(parts, (pieces) => {
        const whole = new CsiGuard(CELLS);
        const split = new CsiGuard(CELLS);
        const once = text(whole.filter(bytes(pieces.join(''))));
        expect(pieces.map((p) => text(split.filter(bytes(p)))).join('')).toBe(once);
        expect(once).not.toMatch(/(\x1b\[|\xc2\x9b)[\d;]*9{8,}[\d;]*[bS]/);
      }),
    );
  });

  test('an endless sequence is dropped, not kept', () => {
    const guard = new CsiGuard(CELLS);
    expect(text(guard.filter(bytes(`a\x1b[${'1;'.repeat(100_000)}`)))).toBe('a');
  });
});
