import { describe, expect, it } from 'vitest';
import { compile, MissingField } from './cel.ts';
import { sawFor } from './explain.ts';
import { CouldNotTell, InputError } from '../kernel/errors.ts';

const object = {
  metadata: { labels: { app: 'web' } },
  spec: { replicas: 2, cpu: '500m' },
  status: { conditions: [{ type: 'Ready', status: 'True' }] },
};
const test = (text: string, context: Record<string, unknown> = { object }): boolean => compile(text).test(context);

describe('CEL', () => {
  it('counts with whole numbers of JSON as ints', () => {
    expect(test('object.spec.replicas + 1 == 3')).toBe(true);
  });

  it('takes a missing field as false, at any depth', () => {
    expect(test('object.spec.template.spec.nodeName == "a"')).toBe(false);
    expect(() => compile('object.spec.template').value({ object })).toThrow(MissingField);
  });

  it('refuses an answer that is no bool, and other failures, as CouldNotTell', () => {
    expect(() => test('object.spec.replicas')).toThrow(CouldNotTell);
    expect(() => test('object.spec.cpu + 1 == 2')).toThrow(CouldNotTell);
    expect(() => test('nobody == 1')).toThrow(CouldNotTell);
  });

  it('refuses what cannot be parsed or could run for long', () => {
    expect(() => compile('object.spec.')).toThrow(InputError);
    expect(() => compile('object.name.matches("(a+)+$")')).toThrow(/pattern/);
    const loop = '[1].all(a, [1].all(b, [1].all(c, [1].all(d, true))))';
    expect(() => compile(loop)).toThrow(/nested/);
    const many = Array.from({ length: 2000 }, (_, i) => i);
    expect(() => test('many.all(a, many.all(b, a + b >= 0))', { many })).toThrow(/too many/);
  });

  it('knows quantities, conditions, labels, skew and endpoints', () => {
    expect(test('quantity(object.spec.cpu) == 0.5')).toBe(true);
    expect(test('condition(object, "Ready") == "True" && condition(object, "Old") == ""')).toBe(true);
    expect(test('labels(object).app == "web" && size(labels({})) == 0')).toBe(true);
    expect(test('skew(["a", "b", "c"], ["a", "a", "b"]) == 2')).toBe(true);
    expect(test('distinct(["a", "a", "b"]).size() == 2 && counts(["a", "a"]).a == 2')).toBe(true);
    const slices = [
      { ports: [{ port: 1 }], endpoints: [{ conditions: { ready: false } }, { addresses: ['x'] }] },
      { endpoints: null, ports: null },
    ];
    expect(test('endpoints(slices).filter(e, e.ready && e.ports > 0).size() == 1', { slices })).toBe(true);
  });

  it('says what it saw instead of the first false part', () => {
    const saw = (text: string): string => sawFor(compile(text), { object });
    expect(saw('object.spec.replicas > 1 && object.spec.replicas == 3')).toBe('spec.replicas is 2');
    expect(saw('object.spec.paused == true')).toBe('spec.paused is not set');
    expect(saw('has(object.spec.paused)')).toBe('spec.paused is not set');
    expect(saw('object.metadata.labels.app == "x"')).toBe('metadata.labels.app is "web"');
  });
});
