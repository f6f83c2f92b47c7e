import { expect, test } from 'vitest';
import { humanDuration, since } from './duration.ts';

const S = 1000;
const M = 60 * S;
const H = 60 * M;
const D = 24 * H;

test.each([
  [-5 * S, '<invalid>'],
  [-S, '0s'],
  [0, '0s'],
  [119 * S, '119s'],
  [2 * M, '2m'],
  [4 * M + 10 * S, '4m10s'],
  [10 * M + 30 * S, '10m'],
  [179 * M, '179m'],
  [3 * H, '3h'],
  [5 * H + 30 * M, '5h30m'],
  [8 * H + 30 * M, '8h'],
  [47 * H, '47h'],
  [48 * H, '2d'],
  [3 * D + 4 * H, '3d4h'],
  [8 * D + 4 * H, '8d'],
  [729 * D, '729d'],
  [730 * D, '2y'],
  [760 * D, '2y30d'],
  [9 * 365 * D, '9y'],
])('%i ms', (ms, wanted) => {
  expect(humanDuration(ms)).toBe(wanted);
});

test('no time is unknown', () => {
  expect(since(undefined, 0)).toBe('<unknown>');
});
