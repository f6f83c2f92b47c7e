import { expect, test } from 'vitest';
import { canonicalQuantity } from './quantities.ts';

// Recorded but for the exponents: what a real API server writes back.
test.each([
  ['0.5', '500m'],
  ['1000m', '1'],
  ['100m', '100m'],
  ['1024Mi', '1Gi'],
  ['1.5Gi', '1536Mi'],
  ['1000Mi', '1000Mi'],
  ['1000000000', '1G'],
  ['1000', '1k'],
  ['128Mi', '128Mi'],
  ['0', '0'],
  ['1e3', '1e3'],
  ['0.5Gi', '512Mi'],
  ['512Ki', '512Ki'],
  ['4', '4'],
])('%s', (given, wanted) => {
  expect(canonicalQuantity(given)).toBe(wanted);
});
