/** Judges quiz answers. The right answers stay on this side until the question was answered. */
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import type { Clock } from '../../kernel/clock.ts';
import { InputError } from '../../kernel/errors.ts';
import type { QuizVerdict } from '../protocol/http.ts';
import type { ProgressStore } from '../storage/store.ts';

const name = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/);
const questionSchema = z
  .object({
    id: name,
    prompt: z.string(),
    choices: z.array(z.object({ id: name, text: z.string() })).min(2),
    correct: z.array(name).min(1),
    explanation: z.string(),
  })
  .refine(
    (question) => question.correct.every((id) => question.choices.some((choice) => choice.id === id)),
    'correct names a choice that is not there',
  );
const quizSchema = z.object({ questions: z.array(questionSchema) });
type Question = z.infer<typeof questionSchema>;

export interface QuizAnswerGiven {
  readonly lesson: string;
  readonly question: string;
  readonly choice: readonly string[];
}

export interface Quizzes {
  /** Judges and keeps the answer. Throws InputError `unknown-question` or `bad-choice`. */
  judge(learner: string, answer: QuizAnswerGiven): QuizVerdict;
}

/** Reads `<lesson>.yaml` for each lesson. Throws InputError that names the file and the line. */
export async function loadQuizzes(directory: string): Promise<ReadonlyMap<string, readonly Question[]>> {
  const files = (await readdir(directory).catch(() => [])).filter((file) => file.endsWith('.yaml'));
  const read = files.map(async (file): Promise<[string, readonly Question[]]> => {
    const lines = new LineCounter();
    const document = parseDocument(await readFile(join(directory, file), 'utf8'), { lineCounter: lines });
    const [error] = document.errors;
    if (error) throw new InputError('bad-quiz', `${file}: ${error.message}`, { remedy: 'Mend the file.' });
    const parsed = quizSchema.safeParse(document.toJS());
    if (!parsed.success)
      throw new InputError('bad-quiz', `${file}: ${z.prettifyError(parsed.error)}`, { remedy: 'Mend the file.' });
    return [file.replace(/\.yaml$/, ''), parsed.data.questions];
  });
  return new Map(await Promise.all(read));
}

export class QuizJudge implements Quizzes {
  readonly #quizzes: ReadonlyMap<string, readonly Question[]>;
  readonly #progress: ProgressStore;
  readonly #clock: Clock;

  constructor(quizzes: ReadonlyMap<string, readonly Question[]>, progress: ProgressStore, clock: Clock) {
    this.#quizzes = quizzes;
    this.#progress = progress;
    this.#clock = clock;
  }

  judge(learner: string, { lesson, question, choice }: QuizAnswerGiven): QuizVerdict {
    const found = this.#quizzes.get(lesson)?.find(({ id }) => id === question);
    if (!found) throw new InputError('unknown-question', 'there is no such question');
    const chosen = new Set(choice);
    if (chosen.size === 0 || !choice.every((id) => found.choices.some((known) => known.id === id))) {
      throw new InputError('bad-choice', 'this is no choice of the question', {
        remedy: 'Choose one of the answers shown.',
      });
    }
    const correct = chosen.size === found.correct.length && found.correct.every((id) => chosen.has(id));
    this.#progress.saveQuizAnswer({ learner, lesson, question, choice: [...chosen], correct, at: this.#clock.now() });
    return { correct, explanation: found.explanation };
  }
}
