/**
 * Reads a lesson's quiz while the site is built, and lets only the asking half through: the key and the explanations
 * stay on the server, which judges answers.
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

export const quizSchema = z.strictObject({
  questions: z
    .array(
      z
        .strictObject({
          id: z.string().regex(/^[a-z0-9-]+$/),
          prompt: z.string(),
          choices: z.array(z.strictObject({ id: z.string().regex(/^[a-z0-9-]+$/), text: z.string() })).min(2),
          correct: z.array(z.string()).min(1),
          explanation: z.string(),
        })
        .refine((question) => question.correct.every((id) => question.choices.some((choice) => choice.id === id)), {
          error: 'every id in `correct` must be the id of a choice',
        }),
    )
    .min(1),
});

export interface AskedQuestion {
  readonly id: string;
  readonly prompt: string;
  readonly choices: readonly { readonly id: string; readonly text: string }[];
  /** More than one choice may be right, so boxes are drawn instead of circles. */
  readonly several: boolean;
}

/** The questions of a lesson as a learner may see them. Throws a ZodError when the file is malformed. */
export function askedQuestions(lesson: string, root: string = process.cwd()): AskedQuestion[] {
  const quiz = quizSchema.parse(parse(readFileSync(resolve(root, 'content/quiz', `${lesson}.yaml`), 'utf8')));
  return quiz.questions.map(({ id, prompt, choices, correct }) => ({
    id,
    prompt,
    choices,
    several: correct.length > 1,
  }));
}
