import { describe, expect, it } from 'vitest';
import type { AttemptView, CriterionView } from '../../protocol/http.ts';
import { changes, wordingOf } from './wording.ts';

const criterion = (change: Partial<CriterionView>): CriterionView => ({
  id: 'a',
  title: 'The Pod runs',
  points: 1,
  verdict: 'waiting',
  broken: false,
  onCheckOnly: false,
  hints: { shown: [], left: 0 },
  ...change,
});
const attempt = (...criteria: CriterionView[]): AttemptView => ({
  id: 'x',
  lab: 'l',
  title: 'L',
  state: 'ready',
  steps: [],
  html: '',
  tasks: [{ id: 't', title: 'T', criteria, questions: [] }],
  points: 0,
  of: 1,
  terminals: [],
  shell: { kind: 'isolated' },
});

describe('wordingOf', () => {
  it('has a sign and a word for each state, no two alike', () => {
    const all = [
      ...(['waiting', 'pass', 'fail', 'error', 'skipped'] as const).map((verdict) => wordingOf(criterion({ verdict }))),
      wordingOf(criterion({ verdict: 'fail', broken: true })),
    ];
    expect(new Set(all.map((wording) => wording.word)).size).toBe(all.length);
    expect(new Set(all.map((wording) => wording.sign)).size).toBe(all.length);
  });
});

describe('changes', () => {
  it('tells of a tick and of its loss', () => {
    const open = attempt(criterion({ verdict: 'fail' }));
    const done = attempt(criterion({ verdict: 'pass' }));
    const broken = attempt(criterion({ verdict: 'fail', broken: true }));
    expect(changes(open, done)).toEqual(['The Pod runs: passed.']);
    expect(changes(done, broken)).toEqual(['The Pod runs: was passing, now broken.']);
  });

  it('is silent when nothing changed, and about the first look at something undone', () => {
    expect(changes(attempt(criterion({})), attempt(criterion({ verdict: 'fail' })))).toEqual([]);
    expect(changes(attempt(criterion({ verdict: 'pass' })), attempt(criterion({ verdict: 'pass' })))).toEqual([]);
  });
});
