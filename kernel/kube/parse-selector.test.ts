import { expect, test } from 'vitest';
import { parseRequirements } from './parse-selector.ts';

test.each([
  ['', []],
  ['a', [['a', 'exists', []]]],
  ['!a', [['a', '!exists', []]]],
  [
    'a==1, b!=',
    [
      ['a', '=', ['1']],
      ['b', '!=', ['']],
    ],
  ],
  [
    'a in (x, y,),b notin ()',
    [
      ['a', 'in', ['x', 'y', '']],
      ['b', 'notin', ['']],
    ],
  ],
  ['in in (in)', [['in', 'in', ['in']]]],
  ['a>-5', [['a', '>', ['-5']]]],
])('reads %o', (text, wanted) => {
  expect(parseRequirements(text).map(({ key, operator, values }) => [key, operator, values])).toEqual(wanted);
});

test.each([
  ['a in', "unable to parse requirement: found '' expected: '('"],
  ['a in (', "unable to parse requirement: found '', expected: ',', ')' or identifier"],
  ['a in (b c', "unable to parse requirement: found 'c', expected: ',' or ')'"],
  ['=b', "found '=', expected: !, identifier, or 'end of string'"],
  ['a b', "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt"],
  ['a,=', "found '=', expected: identifier after ','"],
  ['a=b c', "found 'c', expected: ',' or 'end of string'"],
  ['!', "unable to parse requirement: found '', expected: identifier"],
])('says what is wrong with %o', (text, words) => {
  expect(() => parseRequirements(text)).toThrow(words);
});
