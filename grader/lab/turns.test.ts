import { describe, expect, it } from 'vitest';
import { takeTurns } from './turns.ts';

describe('takeTurns', () => {
  it('runs so many at once, the others in their order, and passes on what fails', async () => {
    const turns = takeTurns(2);
    const begun: number[] = [];
    const ends: (() => void)[] = [];
    const work = [0, 1, 2, 3].map((i) =>
      turns(async () => {
        begun.push(i);
        await new Promise<void>((resolve) => (ends[i] = resolve));
        if (i === 1) throw new Error('one');
        return i;
      }),
    );
    const settled = Promise.allSettled(work);
    expect(begun).toEqual([0, 1]);
    ends[1]?.();
    await expect(work[1]).rejects.toThrow('one');
    await Promise.resolve();
    expect(begun).toEqual([0, 1, 2]);
    for (const i of [0, 2]) ends[i]?.();
    await Promise.all([work[0], work[2]]);
    ends[3]?.();
    expect((await settled).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
  });
});
