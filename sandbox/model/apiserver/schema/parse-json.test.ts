import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJson } from './parse-json.ts';

describe('parseJson', () => {
  it('reads what JSON.parse reads', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(parseJson(text).value).toEqual(JSON.parse(text));
      }),
    );
  });

  it('names duplicates by path; the last one wins', () => {
    expect(parseJson('{"data":{"a":1,"a":2},"l":[{"x":1,"x":1}]}')).toEqual({
      value: { data: { a: 2 }, l: [{ x: 1 }] },
      duplicates: ['duplicate field "data.a"', 'duplicate field "l[0].x"'],
    });
  });

  it.each([
    ['', 'unexpected end of JSON input'],
    ['{"spec":', 'unexpected end of JSON input'],
    ['hello', "invalid character 'h' looking for beginning of value"],
    ['{a:1}', "invalid character 'a' looking for beginning of object key string"],
    ['{"a" 1}', "invalid character '1' after object key"],
    ['{"a":1 "b":2}', `invalid character '"' after object key:value pair`],
    ['[1 2]', "invalid character '2' after array element"],
    ['{} x', "invalid character 'x' after top-level value"],
    ['trux', "invalid character 'x' in literal true (expecting 'e')"],
    ['"a\\x"', "invalid character 'x' in string escape code"],
  ])('says of %j: %s', (text, words) => {
    expect(() => parseJson(text)).toThrow(words);
  });
});
