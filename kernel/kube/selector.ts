/** Label and field selectors: parsed once, asked often. Grammar: apimachinery `labels.Parse`. */
import { InputError } from '../errors.ts';
import { isRecord } from './object.ts';

export type Operator = '=' | '!=' | 'in' | 'notin' | 'exists' | '!exists' | '>' | '<';

export interface Requirement {
  readonly key: string;
  readonly operator: Operator;
  readonly values: readonly string[];
}

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

const KEY = String.raw`[A-Za-z0-9_./-]+`;
const TERM = new RegExp(
  String.raw`^\s*(?:(?<absent>!\s*${KEY})|(?<key>${KEY})\s*(?:(?<op>==|!=|=|>|<)\s*(?<value>[A-Za-z0-9_.-]*)|(?<set>in|notin)\s*\((?<values>[^()]*)\))?)\s*(?:,|$)`,
);

/** Parses `a=b,c!=d,e in (f,g),h,!i`. Throws InputError with what could not be read. */
export function parseSelector(text: string): Selector {
  const requirements: Requirement[] = [];
  let rest = text;
  while (rest.trim() !== '') {
    const match = TERM.exec(rest);
    const groups = match?.groups;
    if (!match || !groups) throw new InputError('bad-selector', `unable to parse requirement: ${JSON.stringify(rest)}`);
    requirements.push(requirementOf(groups));
    rest = rest.slice(match[0].length);
  }
  return makeSelector(requirements);
}

function requirementOf(groups: Record<string, string | undefined>): Requirement {
  const { absent, key = '', op, value = '', set, values = '' } = groups;
  if (absent !== undefined) return { key: absent.slice(1).trim(), operator: '!exists', values: [] };
  if (set !== undefined) {
    return { key, operator: set === 'in' ? 'in' : 'notin', values: values.split(',').map((v) => v.trim()) };
  }
  if (op === undefined) return { key, operator: 'exists', values: [] };
  return { key, operator: op === '==' ? '=' : (op as Operator), values: [value] };
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
  const byLabel = Object.entries(selector.matchLabels ?? {}).map(
    ([key, value]): Requirement => ({ key, operator: '=', values: [value] }),
  );
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
      if (!match) throw new InputError('bad-selector', `invalid selector: ${JSON.stringify(text)}; can't understand ${JSON.stringify(term)}`);
      return { key: match[1] ?? '', operator: match[2] === '!=' ? '!=' : '=', values: [match[3] ?? ''] };
    });
}

/** Whether a value, read by field path, meets a field requirement; a missing field reads as the empty string. */
export function meetsField(requirement: Requirement, value: unknown): boolean {
  const text = value === undefined || value === null || isRecord(value) ? '' : String(value);
  return requirement.operator === '!=' ? text !== requirement.values[0] : text === requirement.values[0];
}
