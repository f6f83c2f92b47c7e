import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Happening, Life } from './machine.ts';
import { BEGINNING, next } from './machine.ts';

const happening: fc.Arbitrary<Happening> = fc.oneof(
  fc.constant<Happening>({ kind: 'made' }),
  fc.constant<Happening>({ kind: 'ended' }),
  fc.constant<Happening>({ kind: 'broke', failure: { message: 'm' } }),
  fc
    .record({ step: fc.constantFrom('a', 'b'), state: fc.constantFrom('started' as const, 'done' as const) })
    .map((progress): Happening => ({ kind: 'progress', progress })),
);

it('only ever moves on, whatever happens in whatever order', () => {
  const rank: Record<Life['state'], number> = { creating: 0, ready: 1, failed: 2, ended: 3 };
  fc.assert(
    fc.property(fc.array(happening), (all) => {
      let life = BEGINNING;
      for (const one of all) {
        const after = next(life, one);
        expect(rank[after.state]).toBeGreaterThanOrEqual(rank[life.state]);
        if (after.state === 'ready' || after.state === 'failed')
          expect(after.steps.some(({ state }) => state === 'started')).toBe(false);
        life = after;
      }
    }),
  );
});

it('closes open steps as done when made, and as failed when broken', () => {
  const begun = next(BEGINNING, { kind: 'progress', progress: { step: 'a', state: 'started' } });
  expect(next(begun, { kind: 'made' })).toEqual({ state: 'ready', steps: [{ name: 'a', state: 'done' }] });
  expect(next(begun, { kind: 'broke', failure: { message: 'm' } }).steps).toEqual([{ name: 'a', state: 'failed' }]);
});
