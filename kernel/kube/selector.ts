/** Label and field selectors: parsed once, asked often. Grammar: apimachinery `labels.Parse`. */
import { InputError } from '../errors.ts';
import { isRecord } from './object.ts';
import { parseRequirements } from './parse-selector.ts';
import type { Operator, Requirement } from './requirement.ts';

export type { Operator, Requirement } from './requirement.ts';

export interface Selector {
  readonly requirements: readonly Requirement[];
  matches(labels: Readonly<Record<string, string>> | undefined): boolean;
}

export interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly { key: string; operator: string; values?: readonly string[] }[];
}

export function makeSelector(requirements: readonly Requirement[]): Selector {
  return { requirements, matches: (labels) => requirements.every((r) => meets(r, labels?.[r.key])) };
}

export const everything: Selector = makeSelector([]);
export const nothing: Selector = { requirements: [], matches: () => false };

function meets({ operator, values }: Requirement, value: string | undefined): boolean {
  switch (operator) {
    case '=':
    case 'in':
      return value !== undefined && values.includes(value);
    case '!=':
    case 'notin':
      return value === undefined || !values.includes(value);
    case 'exists':
      return value !== undefined;
    case '!exists':
      return value === undefined;
    case '>':
      return value !== undefined && Number(value) > Number(values[0]);
    case '<':
      return value !== undefined && Number(value) < Number(values[0]);
  }
}

/** Parses `a=b,c!=d,e in (f,g),h,!i`. Throws InputError with what could not be read. */
export function parseSelector(text: string): Selector {
  return makeSelector(parseRequirements(text));
}

const OPERATORS: Record<string, Operator> = {
  In: 'in',
  NotIn: 'notin',
  Exists: 'exists',
  DoesNotExist: '!exists',
  Gt: '>',
  Lt: '<',
};

/** A `metav1.LabelSelector`: an absent one matches nothing, an empty one everything. */
export function fromLabelSelector(selector: LabelSelector | undefined): Selector {
  if (selector === undefined) return nothing;
  const byLabel = Object.entries(selector.matchLabels ?? {}).map(([key, value]): Requirement => ({
    key,
    operator: '=',
    values: [value],
  }));
  return makeSelector([...byLabel, ...(selector.matchExpressions ?? []).map(fromExpression)]);
}

/** One `matchExpressions` entry of a label selector or a node selector. */
export function fromExpression(e: { key: string; operator: string; values?: readonly string[] }): Requirement {
  const operator = OPERATORS[e.operator];
  if (!operator) throw new InputError('bad-selector', `${JSON.stringify(e.operator)} is not a valid selector operator`);
  return { key: e.key, operator, values: e.values ?? [] };
}

/** A plain `{key: value}` selector as in Service.spec.selector. */
export function fromMap(map: Readonly<Record<string, string>>): Selector {
  return fromLabelSelector({ matchLabels: map });
}

/** Parses `metadata.name=x,spec.nodeName!=y`; only equality, as upstream's field selectors. */
export function parseFieldSelector(text: string): readonly Requirement[] {
  return text
    .split(',')
    .filter((term) => term.trim() !== '')
    .map((term) => {
      const match = /^\s*([^=!\s]+)\s*(!=|==|=)\s*(.*?)\s*$/.exec(term);
      if (!match) throw new InputError('bad-selector', `invalid selector: '${text}'; can't understand '${term}'`);
      return { key: match[1] ?? '', operator: match[2] === '!=' ? '!=' : '=', values: [match[3] ?? ''] };
    });
}

/** Whether a value, read by field path, meets a field requirement; a missing field reads as the empty string. */
export function meetsField(requirement: Requirement, value: unknown): boolean {
  const text = value === undefined || value === null || isRecord(value) ? '' : String(value);
  return requirement.operator === '!=' ? text !== requirement.values[0] : text === requirement.values[0];
}
