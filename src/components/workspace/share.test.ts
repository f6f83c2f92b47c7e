import { describe, expect, it } from 'vitest';
import { clampShare, shareAfterKey } from './share.ts';

describe('the splitter', () => {
  it('keeps both halves usable, whatever was stored', () => {
    expect([clampShare(3), clampShare(99), clampShare(40.4), clampShare(Number.NaN)]).toEqual([25, 75, 40, 52]);
  });

  it('moves the bar with the arrows, to its ends with Home and End, and closes with Enter', () => {
    expect(shareAfterKey('ArrowLeft', 50)).toBe(55);
    expect(shareAfterKey('ArrowRight', 27)).toBe(25);
    expect(shareAfterKey('Home', 50)).toBe(75);
    expect(shareAfterKey('End', 50)).toBe(25);
    expect(shareAfterKey('Enter', 50)).toBe('collapse');
    expect(shareAfterKey('a', 50)).toBeUndefined();
  });
});
