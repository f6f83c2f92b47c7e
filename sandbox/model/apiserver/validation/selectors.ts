/** Labels and selectors in fields. Source: apimachinery `metav1/validation`, kubernetes `ValidateNodeSelector`. */
import type { Invalid } from '../kind.ts';
import type { Fields } from '../kinds/parts/reading.ts';
import { fields, items, text, textMap, texts } from '../kinds/parts/reading.ts';
import { forbidden, invalid, invalids, required, tooLong } from './causes.ts';
import { labelValue, qualifiedName } from './names.ts';

const MOST_ANNOTATION_BYTES = 262_144;

/** A map of labels. */
export function labels(field: string, value: unknown): readonly Invalid[] {
  return Object.entries(textMap(value)).flatMap(([key, item]) => [
    ...invalids(field, key, qualifiedName(key)),
    ...invalids(field, item, labelValue(item)),
  ]);
}

/** A map of annotations: keys are judged in lower case, values by their total size. */
export function annotations(field: string, value: unknown): readonly Invalid[] {
  const entries = Object.entries(textMap(value));
  const keys = entries.flatMap(([key]) => invalids(field, key, qualifiedName(key.toLowerCase())));
  const size = entries.reduce((sum, [key, item]) => sum + Buffer.byteLength(key) + Buffer.byteLength(item), 0);
  return size > MOST_ANNOTATION_BYTES ? [...keys, tooLong(field, MOST_ANNOTATION_BYTES)] : keys;
}

/** A `metav1.LabelSelector`; an absent one is fine. */
export function labelSelector(field: string, value: unknown): readonly Invalid[] {
  const { matchLabels, matchExpressions } = fields(value);
  return [
    ...labels(`${field}.matchLabels`, matchLabels),
    ...items(matchExpressions).flatMap((expression, i) =>
      labelExpression(`${field}.matchExpressions[${i}]`, expression),
    ),
  ];
}

const SET_OPERATORS = ['In', 'NotIn'];
const EXISTENCE_OPERATORS = ['Exists', 'DoesNotExist'];
const NO_OPERATOR = 'not a valid selector operator';

function labelExpression(field: string, { key, operator, values }: Fields): readonly Invalid[] {
  return [
    ...operatorCauses(field, text(operator), texts(values)),
    ...invalids(`${field}.key`, text(key), qualifiedName(text(key))),
    ...texts(values).flatMap((value, i) => invalids(`${field}.values[${i}]`, value, labelValue(value))),
  ];
}

function operatorCauses(field: string, operator: string, values: readonly string[]): readonly Invalid[] {
  if (SET_OPERATORS.includes(operator)) {
    return values.length > 0
      ? []
      : [required(`${field}.values`, "must be specified when `operator` is 'In' or 'NotIn'")];
  }
  if (EXISTENCE_OPERATORS.includes(operator)) {
    return values.length === 0
      ? []
      : [forbidden(`${field}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'")];
  }
  return [invalid(`${field}.operator`, operator, NO_OPERATOR)];
}

/** A required node selector: at least one term. */
export function nodeSelector(field: string, value: unknown): readonly Invalid[] {
  const terms = items(fields(value)['nodeSelectorTerms']);
  if (terms.length === 0) return [required(`${field}.nodeSelectorTerms`, 'must have at least one node selector term')];
  return terms.flatMap((term, i) => nodeSelectorTerm(`${field}.nodeSelectorTerms[${i}]`, term));
}

/** One term: expressions over labels, and over the node's name. */
export function nodeSelectorTerm(field: string, { matchExpressions, matchFields }: Fields): readonly Invalid[] {
  return [
    ...items(matchExpressions).flatMap((expression, i) =>
      nodeExpression(`${field}.matchExpressions[${i}]`, expression),
    ),
    ...items(matchFields).flatMap((expression, i) => nodeField(`${field}.matchFields[${i}]`, expression)),
  ];
}

function nodeExpression(field: string, { key, operator, values }: Fields): readonly Invalid[] {
  const given = texts(values);
  const compares = operator === 'Gt' || operator === 'Lt';
  const count = compares
    ? given.length === 1
      ? []
      : [required(`${field}.values`, "must be specified single value when `operator` is 'Lt' or 'Gt'")]
    : operatorCauses(field, text(operator), given);
  return [
    ...count,
    ...invalids(`${field}.key`, text(key), qualifiedName(text(key))),
    ...given.flatMap((value, i) => invalids(`${field}.values[${i}]`, value, labelValue(value))),
  ];
}

function nodeField(field: string, { key, operator, values }: Fields): readonly Invalid[] {
  const causes: Invalid[] = [];
  if (!SET_OPERATORS.includes(text(operator))) causes.push(invalid(`${field}.operator`, text(operator), NO_OPERATOR));
  else if (texts(values).length !== 1) {
    causes.push(
      required(`${field}.values`, "must be only one value when `operator` is 'In' or 'NotIn' for node field selector"),
    );
  }
  if (key !== 'metadata.name') causes.push(invalid(`${field}.key`, text(key), 'not a valid field selector key'));
  return causes;
}
