/** Label and field selectors of a request as one question about an object. */
import { readPath } from '../../../kernel/kube/field-path.ts';
import type { KubeObject } from '../../../kernel/kube/object.ts';
import { InputError } from '../../../kernel/errors.ts';
import { unreadable } from '../../../kernel/kube/parse-selector.ts';
import type { Requirement, Selector } from '../../../kernel/kube/selector.ts';
import { meetsField, parseFieldSelector, parseSelector } from '../../../kernel/kube/selector.ts';
import { badRequest } from './errors.ts';
import type { Kind } from './kind.ts';
import { labelValue, qualifiedName } from './validation/names.ts';

export interface Selection {
  readonly all: boolean;
  matches(object: KubeObject): boolean;
}

/** Throws StatusError 400 for selectors that cannot be read or fields that cannot be selected. */
export function readSelection(kind: Kind, query: URLSearchParams): Selection {
  const labels = parsed(() => valid(parseSelector(query.get('labelSelector') ?? '')));
  const fields = parsed(() => parseFieldSelector(query.get('fieldSelector') ?? '')).map((requirement) =>
    resolve(kind, requirement),
  );
  return {
    all: labels.requirements.length === 0 && fields.length === 0,
    matches: (object) =>
      labels.matches(object.metadata.labels) && fields.every((field) => meetsField(field, readPath(object, field.key))),
  };
}

/** Throws InputError when a key or a value can be no label's. Source: apimachinery `labels.NewRequirement`. */
function valid(selector: Selector): Selector {
  for (const { key, values } of selector.requirements) {
    const [badKey] = qualifiedName(key);
    if (badKey !== undefined) throw unreadable(`<nil>: Invalid value: ${JSON.stringify(key)}: ${badKey}`);
    for (const [i, value] of values.entries()) {
      const [badValue] = labelValue(value);
      if (badValue !== undefined)
        throw unreadable(`values[${i}][${key}]: Invalid value: ${JSON.stringify(value)}: ${badValue}`);
    }
  }
  return selector;
}

function resolve(kind: Kind, requirement: Requirement): Requirement {
  const { key } = requirement;
  if (key === 'metadata.name' || (key === 'metadata.namespace' && kind.namespaced)) return requirement;
  const path = kind.fieldLabels?.[key];
  if (path === undefined) {
    if (kind.fieldLabels) throw badRequest(`field label not supported: ${key}`);
    throw badRequest(
      `${JSON.stringify(key)} is not a known field selector: only "metadata.name", "metadata.namespace"`,
    );
  }
  return { ...requirement, key: path };
}

function parsed<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (error instanceof InputError) throw badRequest(error.message);
    throw error;
  }
}
