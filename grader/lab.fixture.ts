/** A filled lab for tests, from criteria written as an author would. */
import { labFileSchema } from './lab/schema.ts';
import type { criterionSchema, Lab } from './lab/schema.ts';
import type { z } from 'zod';

export function labOf(criteria: readonly z.input<typeof criterionSchema>[], questions: readonly string[] = []): Lab {
  const file = labFileSchema.parse({
    id: 'a-lab',
    title: 'A lab',
    minutes: 5,
    difficulty: 'easy',
    tasks: [{ id: 'only', title: 'The only task', criteria, questions: questions.map((id) => ({ id, prompt: id })) }],
  });
  return { ...file, directory: '/nowhere', values: {} };
}
