/** A lab's proof scripts: `solution/*.sh` and `wrong/*.sh`, with what their header comments declare. */
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Answers, Variables } from '../check.ts';
import { InputError } from '../../kernel/errors.ts';
import type { Lab } from './schema.ts';
import { fill } from './variables.ts';

export interface LabScript {
  /** Such as `wrong/untaint.sh`. */
  readonly name: string;
  readonly text: string;
  /** `# answer: question = value`, filled. */
  readonly answers: Answers;
  /** `# fails: criterion, criterion`. */
  readonly fails: readonly string[];
}

/** Reads the scripts of one folder for one variant. Throws InputError when a wrong one names no criterion of the lab. */
export async function readScripts(lab: Lab, folder: 'solution' | 'wrong', variables: Variables): Promise<LabScript[]> {
  const names = (await filesIn(join(lab.directory, folder))).filter((name) => name.endsWith('.sh')).sort();
  return Promise.all(
    names.map(async (name) => {
      const script = parseScript(
        `${folder}/${name}`,
        await readFile(join(lab.directory, folder, name), 'utf8'),
        variables,
      );
      if (folder === 'wrong') requireKnown(lab, script);
      return script;
    }),
  );
}

/** Exported for its test. */
export function parseScript(name: string, source: string, variables: Variables): LabScript {
  const where = `labs/${basename(name)}`;
  const header = source.split('\n').filter((line) => line.startsWith('#'));
  const answers = header.flatMap((line): [string, string][] => {
    const [, question, value] = /^# answer: ([a-z0-9-]+) = (.*)$/.exec(line) ?? [];
    return question === undefined || value === undefined ? [] : [[question, fill(value, { variables, where })]];
  });
  const fails = header.flatMap((line) => /^# fails: (.+)$/.exec(line)?.[1]?.split(/[\s,]+/) ?? []);
  return { name, text: withVariables(source, variables), answers: Object.fromEntries(answers), fails };
}

/** The script sees the variant's values as shell variables of the same names. */
function withVariables(source: string, variables: Variables): string {
  const lines = Object.entries(variables).map(([name, value]) => `${name}='${String(value).replaceAll("'", "'\\''")}'`);
  return [...lines, source].join('\n');
}

function requireKnown(lab: Lab, { name, fails }: LabScript): void {
  const known = new Set(lab.tasks.flatMap((task) => task.criteria.map((criterion) => criterion.id)));
  const unknown = fails.find((id) => !known.has(id));
  if (fails.length > 0 && unknown === undefined) return;
  throw new InputError(
    'bad-script',
    `labs/${lab.id}/${name}: ${unknown === undefined ? 'names no criterion' : `there is no criterion ${unknown}`}`,
    {
      remedy: 'Start the script with a line such as `# fails: criterion-id`.',
    },
  );
}

async function filesIn(directory: string): Promise<string[]> {
  try {
    return await readdir(directory);
  } catch {
    return [];
  }
}
