/** Loads labs from their folders. What it returns has passed the schema and the lint. */
import { readdir, readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { InputError, messageOf } from '../../kernel/errors.ts';
import { lintLab } from './lint.ts';
import type { Lab } from './schema.ts';
import { labFileSchema } from './schema.ts';
import { placeIn, readYaml } from './yaml.ts';

/** Loads one lab folder. Throws InputError that names file, line and field. */
export async function loadLab(directory: string): Promise<Lab> {
  const folder = resolve(directory);
  const file = `labs/${basename(folder)}/lab.yaml`;
  const text = await readText(join(folder, 'lab.yaml'), file);
  const lab: Lab = { ...readYaml({ file, text }, labFileSchema), directory: folder, values: {} };
  const problems = lintLab(lab);
  if (lab.id !== basename(folder))
    problems.unshift({ message: `the id ${lab.id} is not the name of its folder`, at: ['id'] });
  if (problems.length > 0) {
    const words = problems.map(({ message, at }) => `${file}:${placeIn(text, at)} ${message}`);
    throw new InputError('bad-lab', words.join('\n'), {
      remedy: 'Mend lab.yaml.',
    });
  }
  return lab;
}

/** Loads every folder that has a lab.yaml, in the order of their names. One broken lab fails all, with its reasons. */
export async function loadLabs(directory: string): Promise<Lab[]> {
  const entries = await readdir(directory, { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return Promise.all(folders.sort().map((name) => loadLab(join(directory, name))));
}

async function readText(path: string, file: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new InputError('no-lab', `cannot read ${file}: ${messageOf(error)}`, {
      remedy: 'A lab is a folder with a lab.yaml; remove the folder or add the file.',
      cause: error,
    });
  }
}
