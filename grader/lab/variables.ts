/** The values drawn for one attempt, and how `${name}` in a lab is filled with them. */
import type { Variables, VariableValue } from '../check.ts';
import { InputError } from '../../kernel/errors.ts';
import { isRecord } from '../../kernel/kube/object.ts';
import { pick, randomInt, seededRandom } from '../../kernel/random.ts';
import type { Lab } from './schema.ts';

/** The same lab and seed always give the same values. */
export function drawVariables(lab: Lab, seed: string): Variables {
  const entries = Object.entries(lab.variables).map(([name, variable]): [string, VariableValue] => {
    const random = seededRandom(`${lab.id}/${seed}/${name}`);
    return [
      name,
      'choices' in variable ? pick(random, variable.choices) : randomInt(random, variable.from, variable.to),
    ];
  });
  return Object.fromEntries(entries);
}

/** The lab with every `${name}` filled in. Throws InputError for a name that is no variable. */
export function fillLab(lab: Lab, variables: Variables): Lab {
  const { directory, variables: declared, values: _, ...rest } = lab;
  return { ...fill(rest, { variables, where: `lab ${lab.id}` }), directory, variables: declared, values: variables };
}

interface Filling {
  readonly variables: Variables;
  /** For the error, such as `lab why-pending`. */
  readonly where: string;
  /** A text that is nothing but one number's `${name}` becomes that number, as manifests need. */
  readonly numbers?: boolean;
}

/** A copy with every `${name}` in texts and keys filled in; `$${` stays a literal `${`. */
export function fill<T>(value: T, filling: Filling): T;
export function fill(value: unknown, filling: Filling): unknown {
  if (typeof value === 'string') return fillText(value, filling);
  if (Array.isArray(value)) return value.map((item) => fill<unknown>(item, filling));
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      String(fillText(key, { ...filling, numbers: false })),
      fill(item, filling),
    ]),
  );
}

const NAME = /\$?\$\{([^}]*)\}/g;

function fillText(text: string, { variables, where, numbers }: Filling): VariableValue {
  const valueOf = (name: string): VariableValue => {
    const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
    if (value !== undefined) return value;
    throw new InputError('unknown-variable', `${where}: \${${name}} is no variable of the lab`, {
      remedy: `Name it under variables in lab.yaml (there are: ${Object.keys(variables).join(', ') || 'none'}).`,
    });
  };
  const alone = /^\$\{([^}]*)\}$/.exec(text)?.[1];
  if (numbers && alone !== undefined) return valueOf(alone);
  return text.replace(NAME, (whole, name: string) => (whole.startsWith('$$') ? whole.slice(1) : String(valueOf(name))));
}
