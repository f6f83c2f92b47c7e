/** What a schema cannot say: names that must be unique or known, expressions that must compile. Pure. */
import type { Path } from './yaml.ts';
import type { Lab, Criterion } from './schema.ts';
import { bindCheck } from '../checks/registry.ts';
import { messageOf } from '../../kernel/errors.ts';
import { drawVariables, fillLab } from './variables.ts';

export interface Problem {
  readonly message: string;
  /** Where in lab.yaml; a text that stands there when no path leads to it. */
  readonly at: Path | string;
}

/** Every problem found; empty when the lab is sound. */
export function lintLab(lab: Lab): Problem[] {
  try {
    const filled = fillLab(lab, drawVariables(lab, 'lint'));
    return [...lintNames(filled), ...lintVariables(lab), ...placedCriteria(filled).flatMap(lintCriterion)];
  } catch (error) {
    const message = messageOf(error);
    return [{ message, at: /\$\{[^}]*\}/.exec(message)?.[0] ?? [] }];
  }
}

interface Placed {
  readonly criterion: Criterion;
  readonly at: Path;
}

function placedCriteria(lab: Lab): Placed[] {
  return lab.tasks.flatMap((task, i) =>
    task.criteria.map((criterion, j) => ({ criterion, at: ['tasks', i, 'criteria', j] })),
  );
}

function lintCriterion({ criterion, at }: Placed): Problem[] {
  return bindCheck(criterion.check)
    .lint()
    .map((problem) => ({ message: `criterion ${criterion.id}: ${problem}`, at: [...at, 'check'] }));
}

function lintVariables(lab: Lab): Problem[] {
  return Object.entries(lab.variables).flatMap(([name, variable]) =>
    'from' in variable && variable.from > variable.to
      ? [{ message: `variable ${name}: from is larger than to`, at: ['variables', name] }]
      : [],
  );
}

function lintNames(lab: Lab): Problem[] {
  const criteria = placedCriteria(lab);
  const tasks = lab.tasks.map(({ id }, i) => ({ id, at: ['tasks', i, 'id'] }));
  const questions = lab.tasks.flatMap((task, i) =>
    task.questions.map(({ id }, j) => ({ id, at: ['tasks', i, 'questions', j, 'id'] })),
  );
  const problems = [
    ...repeated('task', tasks),
    ...repeated(
      'criterion',
      criteria.map(({ criterion, at }) => ({ id: criterion.id, at: [...at, 'id'] })),
    ),
    ...repeated('question', questions),
  ];
  const seen = new Set<string>();
  for (const { criterion, at } of criteria) {
    const { id, requires, check } = criterion;
    for (const name of requires.filter((required) => !seen.has(required))) {
      const message = `criterion ${id} requires ${name}, which is no criterion before it`;
      problems.push({ message, at: [...at, 'requires'] });
    }
    seen.add(id);
    if (check.kind === 'answer' && !questions.some((question) => question.id === check.question)) {
      const message = `criterion ${id} looks at question ${check.question}, which is not asked`;
      problems.push({ message, at: [...at, 'check', 'question'] });
    }
  }
  if (lab.workstation.contexts.filter((context) => context.current).length > 1)
    problems.push({ message: 'more than one context is current', at: ['workstation', 'contexts'] });
  return problems;
}

function repeated(what: string, named: readonly { readonly id: string; readonly at: Path }[]): Problem[] {
  return named
    .filter(({ id }, i) => named.findIndex((other) => other.id === id) !== i)
    .map(({ id, at }) => ({ message: `the ${what} id ${id} is used twice`, at }));
}
