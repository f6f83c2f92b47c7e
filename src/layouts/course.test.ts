import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { describe, expect, it } from 'vitest';
import { loadCourse } from './course.ts';
import { askedQuestions, quizSchema } from './quiz.ts';

const lessons = loadCourse().modules.flatMap((module) => module.lessons);

describe('the course', () => {
  it('numbers its 32 lessons in order', () => {
    expect(lessons.map((lesson) => lesson.number)).toEqual(Array.from({ length: 32 }, (_, at) => at + 1));
  });

  it('links only what is written', () => {
    const open = lessons.filter((lesson) => lesson.href !== undefined).map((lesson) => lesson.number);
    expect(open).toEqual(expect.arrayContaining([2, 6, 13]));
    for (const lesson of lessons) expect(lesson.href !== undefined).toBe(existsSync(`content/${lesson.slug}.mdx`));
  });
});

describe('the quizzes', () => {
  for (const file of readdirSync('content/quiz')) {
    it(`${file} is well formed and belongs to an open lesson`, () => {
      const quiz = quizSchema.parse(parse(readFileSync(`content/quiz/${file}`, 'utf8')));
      expect(new Set(quiz.questions.map(({ id }) => id)).size).toBe(quiz.questions.length);
      expect(lessons.find(({ id }) => `${id}.yaml` === file)?.href).toBeDefined();
    });
  }

  it('give away neither key nor explanation', () => {
    const asked = askedQuestions('02-pods-and-your-bench');
    expect(Object.keys(asked[0] ?? {}).toSorted()).toEqual(['choices', 'id', 'prompt', 'several']);
  });
});
