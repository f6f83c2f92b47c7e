import { describe, expect, it } from 'vitest';
import type { Evidence, ProbeResponse } from '../check.ts';
import { evidenceFrom } from '../evidence.ts';
import type { KubeObject } from '../../kernel/kube/object.ts';
import { bindCheck, checkSpecSchema } from './registry.ts';

const pod = (name: string, extra: Partial<KubeObject> = {}, uid = name): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'shop', uid, labels: { app: 'web' } },
  ...extra,
});
const service: KubeObject = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web', namespace: 'shop' },
  spec: { clusterIP: '10.96.0.7' },
};

function evidence(
  now: readonly KubeObject[],
  more: { before?: readonly KubeObject[]; answers?: Record<string, string>; responses?: ProbeResponse[] } = {},
): Evidence {
  const keyed = (list: readonly KubeObject[], kind: string): [string, readonly KubeObject[]] => [
    `v1|${kind}|shop`,
    list.filter((o) => o.kind === kind),
  ];
  return evidenceFrom({
    lists: new Map([keyed(now, 'Pod'), keyed(now, 'Service')]),
    baseline: { version: 1, objects: Object.fromEntries([keyed(more.before ?? [], 'Pod')]) },
    answers: more.answers ?? {},
    variables: { n: 3 },
    ...(more.responses ? { responses: more.responses } : {}),
  });
}

const look = (spec: object, seen: Evidence): ReturnType<ReturnType<typeof bindCheck>['look']> =>
  bindCheck(checkSpecSchema.parse(spec)).look(seen);
const of = { apiVersion: 'v1', kind: 'Pod', namespace: 'shop' };

describe('object', () => {
  const spec = {
    kind: 'object',
    of: { ...of, name: 'a' },
    expect: [{ that: 'object.status.phase == "Running"', wanted: 'a running Pod' }],
  };
  it('passes, fails with what it saw, and names what is not there', () => {
    expect(look(spec, evidence([pod('a', { status: { phase: 'Running' } })])).verdict).toBe('pass');
    expect(look(spec, evidence([pod('a', { status: { phase: 'Pending' } })]))).toMatchObject({
      verdict: 'fail',
      saw: 'status.phase is "Pending"',
      wanted: 'a running Pod',
    });
    expect(look(spec, evidence([]))).toMatchObject({ verdict: 'fail', saw: 'there is no Pod a in namespace shop' });
  });
  it('compares with the start', () => {
    const same = {
      ...spec,
      expect: [{ that: 'was != null && object.metadata.uid == was.metadata.uid', wanted: 'the same Pod' }],
    };
    expect(look(same, evidence([pod('a')], { before: [pod('a')] })).verdict).toBe('pass');
    expect(look(same, evidence([pod('a', {}, 'new')], { before: [pod('a')] })).verdict).toBe('fail');
    expect(look(same, evidence([pod('a')])).verdict).toBe('fail');
  });
});

describe('objects and absent', () => {
  it('counts by label', () => {
    const spec = {
      kind: 'objects',
      of: { ...of, labelSelector: 'app=web' },
      expect: [{ that: 'size(objects) == vars.n', wanted: '3', saw: 'string(size(objects)) + " Pods"' }],
    };
    expect(look(spec, evidence([pod('a'), pod('b')]))).toMatchObject({ verdict: 'fail', saw: '2 Pods' });
    expect(look(spec, evidence([pod('a'), pod('b'), pod('c')])).verdict).toBe('pass');
  });
  it('says what is still there', () => {
    expect(look({ kind: 'absent', of }, evidence([])).verdict).toBe('pass');
    expect(look({ kind: 'absent', of }, evidence([pod('a')]))).toMatchObject({
      verdict: 'fail',
      saw: '1 still there: shop/a',
    });
  });
});

describe('unchanged', () => {
  const before = [pod('a', { spec: { x: 1, y: 1 }, status: { phase: 'Pending' } })];
  const spec = { kind: 'unchanged', of: { ...of }, except: ['spec.y'] };
  it('ignores status and what it is told to', () => {
    expect(
      look(spec, evidence([pod('a', { spec: { x: 1, y: 2 }, status: { phase: 'Running' } })], { before })).verdict,
    ).toBe('pass');
  });
  it('names the field, the loss, the new one and the one made again', () => {
    expect(look(spec, evidence([pod('a', { spec: { x: 2, y: 1 } })], { before }))).toMatchObject({
      saw: 'spec.x of Pod shop/a is 2; it was 1',
    });
    expect(look(spec, evidence([], { before }))).toMatchObject({ saw: 'Pod shop/a is gone' });
    expect(look(spec, evidence([...before, pod('b')], { before }))).toMatchObject({ saw: 'Pod shop/b is new' });
    expect(look({ ...spec, identity: true }, evidence([pod('a', {}, 'z')], { before }))).toMatchObject({
      saw: 'Pod shop/a was deleted and made again',
    });
    expect(
      look({ ...spec, identity: true }, evidence([pod('a', { spec: { x: 9 } }), pod('b')], { before })).verdict,
    ).toBe('pass');
  });
});

describe('answer', () => {
  const answer = (match: object, text: string, slips: object[] = []): ReturnType<typeof look> =>
    look({ kind: 'answer', question: 'q', match, wanted: 'a thing', slips }, evidence([], { answers: { q: text } }));
  it('compares in five ways', () => {
    expect(answer({ by: 'exact', value: 'yes', ignoreCase: true }, ' YES ').verdict).toBe('pass');
    expect(answer({ by: 'exact', value: ['a', { cel: '"n" + string(vars.n)' }] }, 'n3').verdict).toBe('pass');
    expect(answer({ by: 'set', values: ['a', 'b'] }, 'b, a').verdict).toBe('pass');
    expect(answer({ by: 'set', values: { cel: '["x", "y"]' } }, 'x').verdict).toBe('fail');
    expect(answer({ by: 'number', value: { cel: 'vars.n * 2' }, tolerance: 0.5 }, '6,4').verdict).toBe('pass');
    expect(answer({ by: 'number', value: 6 }, 'six').verdict).toBe('fail');
    expect(answer({ by: 'pattern', pattern: '(?i:get) /x' }, 'GET /x').verdict).toBe('pass');
    expect(answer({ by: 'cel', that: 'answer.startsWith("a")' }, 'abc').verdict).toBe('pass');
  });
  it('says what was answered, and has a word for known slips', () => {
    expect(answer({ by: 'exact', value: 'x' }, '')).toMatchObject({ saw: 'no answer yet', wanted: 'a thing' });
    expect(answer({ by: 'exact', value: 'x' }, 'yy', [{ pattern: 'y+', hint: 'not y' }])).toMatchObject({
      saw: 'the answer "yy"',
      hint: 'not y',
    });
  });
  it('is not held by a pattern that would backtrack for ever', () => {
    expect(answer({ by: 'pattern', pattern: '(a+)+b' }, 'a'.repeat(4000)).verdict).toBe('fail');
  });
});

describe('reaches', () => {
  const spec = { kind: 'reaches', to: { kind: 'Service', namespace: 'shop', name: 'web' }, requests: 2, distinct: 2 };
  const ok = (body: string): ProbeResponse => ({ status: 200, body, error: '' });
  it('asks the Service at its ClusterIP', () => {
    expect(bindCheck(checkSpecSchema.parse(spec)).probe(evidence([service]))).toEqual({
      url: 'http://10.96.0.7:80/',
      requests: 2,
      pauseSeconds: 0,
      untilChange: false,
    });
    expect(bindCheck(checkSpecSchema.parse(spec)).probe(evidence([]))).toBeUndefined();
  });
  it('judges status, body and variety', () => {
    expect(look(spec, evidence([service], { responses: [ok('a'), ok('b')] })).verdict).toBe('pass');
    expect(look(spec, evidence([service], { responses: [ok('a'), ok('a')] }))).toMatchObject({
      saw: '1 different answer in 2 requests',
    });
    const refused = { status: 0, body: '', error: 'Connection refused' };
    expect(look(spec, evidence([service], { responses: [ok('a'), refused] }))).toMatchObject({
      saw: 'no HTTP answer: Connection refused',
    });
    expect(look(spec, evidence([]))).toMatchObject({ saw: 'Service web has no address to ask' });
    expect(look({ ...spec, body: 'b' }, evidence([service], { responses: [ok('a'), ok('b')] })).verdict).toBe('fail');
  });
});
