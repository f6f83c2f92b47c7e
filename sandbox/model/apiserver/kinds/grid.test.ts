/** What must hold of every row of the grid. */
import { expect, test } from 'vitest';
import type { KubeObject } from '../../../../kernel/kube/object.ts';
import { kinds } from './index.ts';

const NOW = Date.UTC(2026, 0, 1);

function bare(apiVersion: string, kind: string): KubeObject {
  return { apiVersion, kind, metadata: { name: 'x', creationTimestamp: '2025-12-31T23:59:00Z' } };
}

test.each(kinds)('$kind of "$group"', (kind) => {
  const object = bare(kind.group === '' ? kind.version : `${kind.group}/${kind.version}`, kind.kind);
  const filled = kind.defaults?.(object) ?? object;
  for (const given of [object, filled]) {
    const cells = kind.row(given, NOW);
    expect(cells, 'one cell for each column').toHaveLength(kind.columns.length);
    expect(cells).not.toContain(undefined);
    expect(cells.some((cell) => String(cell).includes('undefined'))).toBe(false);
  }
  expect(kind.defaults?.(filled) ?? filled, 'defaulting twice').toEqual(filled);
  expect(() => kind.validate?.(filled)).not.toThrow();
  expect(kind.verbs.length).toBeGreaterThan(0);
});

test('no two rows share a path', () => {
  const paths = kinds.map((kind) => `${kind.group}/${kind.version}/${kind.resource}`);
  expect(new Set(paths).size).toBe(paths.length);
});

test('no two rows share a short name within discovery, but the two faces of events', () => {
  const names = kinds.filter((kind) => !kind.storedAs).flatMap((kind) => kind.shortNames ?? []);
  expect(new Set(names).size).toBe(names.length);
});
