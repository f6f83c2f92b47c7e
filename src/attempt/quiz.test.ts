import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ManualClock } from '../../kernel/clock.manual.ts';
import type { QuizAnswer } from '../storage/store.ts';
import { loadQuizzes, QuizJudge } from './quiz.ts';

let directory: string;
beforeEach(() => void (directory = mkdtempSync(join(tmpdir(), 'drydock-quiz-'))));
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const FILE = `questions:
  - id: q
    prompt: Which?
    choices: [{ id: a, text: A }, { id: b, text: B }, { id: c, text: C }]
    correct: [a, c]
    explanation: Because.
`;

it('judges whole choices, keeps each answer, and refuses what is no choice', async () => {
  writeFileSync(join(directory, '06.yaml'), FILE);
  const kept: QuizAnswer[] = [];
  const progress = {
    saveQuizAnswer: (answer: QuizAnswer) => void kept.push(answer),
    bestReports: () => [],
    quizAnswers: () => ({}),
  };
  const judge = new QuizJudge(await loadQuizzes(directory), progress, new ManualClock(7));
  const asked = { lesson: '06', question: 'q' };
  expect(judge.judge('me', { ...asked, choice: ['c', 'a'] })).toEqual({ correct: true, explanation: 'Because.' });
  for (const choice of [['a'], ['a', 'b', 'c']]) expect(judge.judge('me', { ...asked, choice }).correct).toBe(false);
  for (const choice of [[], ['x']])
    expect(() => judge.judge('me', { ...asked, choice })).toThrow(expect.objectContaining({ code: 'bad-choice' }));
  expect(() => judge.judge('me', { lesson: '../06', question: 'q', choice: ['a'] })).toThrow(
    expect.objectContaining({ code: 'unknown-question' }),
  );
  expect(kept.map(({ learner, correct, at }) => [learner, correct, at])).toEqual([
    ['me', true, 7],
    ['me', false, 7],
    ['me', false, 7],
  ]);
});

it('names the file that is wrong', async () => {
  writeFileSync(join(directory, '06.yaml'), FILE.replace('[a, c]', '[z]'));
  await expect(loadQuizzes(directory)).rejects.toMatchObject({
    code: 'bad-quiz',
    message: expect.stringMatching(/06\.yaml.*correct names a choice/s),
  });
  expect((await loadQuizzes(join(directory, 'none'))).size).toBe(0);
});
