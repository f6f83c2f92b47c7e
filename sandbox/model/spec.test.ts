import { existsSync, globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const here = fileURLToPath(new URL('.', import.meta.url));

/** The rows of SPEC.md's tables. */
const rows = readFileSync(`${here}SPEC.md`, 'utf8')
  .split('\n')
  .flatMap((line) => {
    const [, rule = '', ...cells] = line.split('|').map((cell) => cell.trim());
    const file = /^`([\w/.-]+\.test\.ts)`$/.exec(cells[2] ?? '')?.[1];
    return /^R-[A-Z]+-\d+$/.test(rule) ? [{ rule, file }] : [];
  });

const sources = globSync('**/*.ts', { cwd: here })
  .map((path) => readFileSync(here + path, 'utf8'))
  .join('\n');
const numbered = new Set(sources.match(/R-[A-Z]+-\d+/g));

describe('SPEC.md', () => {
  test('names each rule once', () => {
    expect(rows.length).toBeGreaterThan(0);
    const rules = rows.map(({ rule }) => rule);
    expect(rules.filter((rule, i) => rules.indexOf(rule) !== i)).toEqual([]);
  });

  test('names for each rule a test that exists', () => {
    expect(rows.filter(({ file }) => file === undefined || !existsSync(here + file))).toEqual([]);
  });

  test('names rules that some file claims to obey', () => {
    expect(rows.filter(({ rule }) => !numbered.has(rule)).map(({ rule }) => rule)).toEqual([]);
  });

  test('has all rules that files claim to obey', () => {
    const known = new Set(rows.map(({ rule }) => rule));
    const others = [...numbered].filter((rule) => !known.has(rule) && !rule.startsWith('R-DRIVER-'));
    expect(others).toEqual([]);
  });
});
