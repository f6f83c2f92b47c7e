import { describe, expect, it } from 'vitest';
import { canonicalQuantity, canonicalTime, checkBase64 } from './go-values.ts';

describe('canonicalQuantity', () => {
  it.each([
    ['1', '1'],
    ['500m', '500m'],
    ['1000m', '1'],
    ['0.5', '500m'],
    ['1.5Gi', '1536Mi'],
    ['1024Mi', '1Gi'],
    ['1000Mi', '1000Mi'],
    ['1024', '1024'],
    ['1000', '1k'],
    ['1e3', '1e3'],
    ['0', '0'],
    ['100k', '100k'],
    ['0.1', '100m'],
    ['2000m', '2'],
    ['1Ki', '1Ki'],
    ['0.5Ki', '512'],
    ['12345678', '12345678'],
    ['100000000', '100M'],
  ])('%s is written %s', (given, canonical) => {
    expect(canonicalQuantity(given)).toBe(canonical);
  });

  it.each([
    ['1GG', "unable to parse quantity's suffix"],
    ['', 'quantities must match'],
    ['abc', 'quantities must match'],
  ])('refuses %j', (given, words) => {
    expect(() => canonicalQuantity(given)).toThrow(words);
  });
});

describe('canonicalTime', () => {
  it('keeps UTC and whole seconds', () => {
    expect(canonicalTime('2026-01-02T03:04:05.678+01:00', false)).toBe('2026-01-02T02:04:05Z');
    expect(canonicalTime('2026-01-02T03:04:05.678Z', true)).toBe('2026-01-02T03:04:05.678000Z');
  });

  it('says what it could not read', () => {
    expect(() => canonicalTime('soon', false)).toThrow(
      'parsing time "soon" as "2006-01-02T15:04:05Z07:00": cannot parse "soon" as "2006"',
    );
    expect(() => canonicalTime('2026-01-01', false)).toThrow('cannot parse "" as "T"');
    expect(() => canonicalTime('2026-13-01T00:00:00Z', false)).toThrow(
      'parsing time "2026-13-01T00:00:00Z": month out of range',
    );
  });
});

describe('checkBase64', () => {
  it.each([
    ['YWJj', -1],
    ['YWI=', -1],
    ['', -1],
    ['abc', 0],
    ['nope!', 4],
    ['YW=j', 2],
  ])('%j stumbles at %i', (text, at) => {
    if (at < 0) expect(() => checkBase64(text)).not.toThrow();
    else expect(() => checkBase64(text)).toThrow(`illegal base64 data at input byte ${at}`);
  });
});
