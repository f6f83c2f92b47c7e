/** `drydock lab lint`: reads everything that authors write, as the server would at its start. */
import { join } from 'node:path';
import { loadLabs } from '../../grader/index.ts';
import { systemClock } from '../../kernel/clock.ts';
import { openLabShelf } from '../attempt/lab-shelf.ts';
import { loadQuizzes } from '../attempt/quiz.ts';
import type { ExitCode } from './output.ts';
import { EXIT, print } from './output.ts';

export async function labLint(root: string): Promise<ExitCode> {
  const labs = await loadLabs(join(root, 'labs'));
  const shelf = await openLabShelf(join(root, 'labs'), systemClock);
  // Drawing a variant fills in every variable, so a name that is none is found here and not by a learner.
  for (const { id } of labs) shelf.prepare(id, 'lint');
  const quizzes = await loadQuizzes(join(root, 'content/quiz'));
  print(`${labs.length} labs and ${quizzes.size} quizzes are well formed`);
  return EXIT.ok;
}
