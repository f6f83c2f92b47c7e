/** The labs of a folder, through the grader's front door. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Lab } from '../../grader/index.ts';
import {
  baselineSchema,
  drawVariables,
  fillLab,
  gradeLab,
  loadLabs,
  setUpLab,
  takeBaseline,
  watchLab,
} from '../../grader/index.ts';
import type { Clock } from '../../kernel/clock.ts';
import { InputError } from '../../kernel/errors.ts';
import type { LabShelf, PreparedLab, Sighting } from './prepared-lab.ts';
import type { TaskText } from './task-text.ts';
import { compileTaskText } from './task-text.ts';

/** Loads and compiles all labs. Throws InputError that names the file, the line and what to do. */
export async function openLabShelf(directory: string, clock: Clock): Promise<LabShelf> {
  const labs = await loadLabs(directory);
  const shelf = new Map(
    await Promise.all(labs.map(async (lab) => [lab.id, { lab, text: await taskText(lab) }] as const)),
  );
  return {
    prepare(id, seed) {
      const found = shelf.get(id);
      if (!found)
        throw new InputError('unknown-lab', 'there is no such lab', { remedy: 'Choose one from the course.' });
      return prepared(found.lab, found.text, { seed, clock });
    },
  };
}

async function taskText(lab: Lab): Promise<TaskText> {
  const file = join(lab.directory, 'task.mdx');
  const source = await readFile(file, 'utf8').catch(() => '');
  return compileTaskText(source, `labs/${lab.id}/task.mdx`);
}

function prepared(loaded: Lab, text: TaskText, { seed, clock }: { seed: string; clock: Clock }): PreparedLab {
  const variables = drawVariables(loaded, seed);
  const lab = fillLab(loaded, variables);
  return {
    id: lab.id,
    title: lab.title,
    spec: lab.sandbox,
    view: lab.view,
    contexts: lab.workstation.contexts,
    html: text(variables),
    tasks: lab.tasks.map((task) => ({
      ...task,
      criteria: task.criteria.map(({ id, title, points, hints, after }) => ({
        id,
        title,
        points,
        hints,
        onCheckOnly: after !== undefined,
      })),
    })),
    async setUp(cluster, driver) {
      await setUpLab({ lab, driver, variables, cluster });
      return takeBaseline(lab, cluster);
    },
    watch({ baseline, onChange, ...rest }) {
      return watchLab({
        ...rest,
        lab,
        clock,
        baseline: baselineSchema.parse(baseline),
        onChange: (states) =>
          onChange(
            states.flatMap(({ verdict, ...state }): Sighting[] =>
              verdict === 'waiting' ? [] : [{ ...state, verdict }],
            ),
          ),
      });
    },
    grade: ({ baseline, task, onResult, ...rest }) =>
      gradeLab({
        ...rest,
        lab,
        clock,
        baseline: baselineSchema.parse(baseline),
        ...(task === undefined ? {} : { task }),
        onResult: ({ id, verdict, observation }) => onResult({ id, verdict, ...observation }),
      }),
  };
}
