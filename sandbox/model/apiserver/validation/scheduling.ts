/** Where a Pod may go: affinity, spread, tolerations. Source: kubernetes `validateAffinity`, `validateTopologySpreadConstraints`, `ValidateTolerations`. */
import type { Invalid } from '../kind.ts';
import type { Fields } from '../kinds/parts/reading.ts';
import { fields, items, text, texts, whole } from '../kinds/parts/reading.ts';
import { duplicate, forbidden, invalid, invalids, notSupported, oneOf, required } from './causes.ts';
import { dnsLabel, labelValue, qualifiedName } from './names.ts';
import { labelSelector, nodeSelector, nodeSelectorTerm } from './selectors.ts';

const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution';
const PREFERRED = 'preferredDuringSchedulingIgnoredDuringExecution';
const EFFECTS = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];
const EMPTY = 'can not be empty';

export function affinity(field: string, value: unknown): readonly Invalid[] {
  const { nodeAffinity, podAffinity, podAntiAffinity } = fields(value);
  return [
    ...nodeCauses(`${field}.nodeAffinity`, fields(nodeAffinity)),
    ...podCauses(`${field}.podAffinity`, fields(podAffinity)),
    ...podCauses(`${field}.podAntiAffinity`, fields(podAntiAffinity)),
  ];
}

function weight(field: string, value: unknown): readonly Invalid[] {
  return whole(value) >= 1 && whole(value) <= 100 ? [] : [invalid(field, whole(value), 'must be in the range 1-100')];
}

function nodeCauses(field: string, rules: Fields): readonly Invalid[] {
  return [
    ...(rules[REQUIRED] === undefined ? [] : nodeSelector(`${field}.${REQUIRED}`, rules[REQUIRED])),
    ...items(rules[PREFERRED]).flatMap((term, i) => [
      ...weight(`${field}.${PREFERRED}[${i}].weight`, term['weight']),
      ...nodeSelectorTerm(`${field}.${PREFERRED}[${i}].preference`, fields(term['preference'])),
    ]),
  ];
}

function podCauses(field: string, rules: Fields): readonly Invalid[] {
  return [
    ...items(rules[REQUIRED]).flatMap((term, i) => podTerm(`${field}.${REQUIRED}[${i}]`, term)),
    ...items(rules[PREFERRED]).flatMap((entry, i) => [
      ...weight(`${field}.${PREFERRED}[${i}].weight`, entry['weight']),
      ...podTerm(`${field}.${PREFERRED}[${i}].podAffinityTerm`, fields(entry['podAffinityTerm'])),
    ]),
  ];
}

function podTerm(field: string, term: Fields): readonly Invalid[] {
  const key = text(term['topologyKey']);
  return [
    ...labelSelector(`${field}.labelSelector`, term['labelSelector']),
    ...labelSelector(`${field}.namespaceSelector`, term['namespaceSelector']),
    ...texts(term['namespaces']).flatMap((name) => invalids(`${field}.namespace`, name, dnsLabel(name))),
    ...(key === '' ? [required(`${field}.topologyKey`, EMPTY)] : []),
    ...invalids(`${field}.topologyKey`, key, qualifiedName(key)),
  ];
}

const HONOR = ['Honor', 'Ignore'];

export function topologySpread(field: string, value: unknown): readonly Invalid[] {
  const all = items(value);
  return all.flatMap((constraint, i) => {
    const at = `${field}[${i}]`;
    const {
      maxSkew,
      topologyKey,
      whenUnsatisfiable,
      nodeAffinityPolicy,
      nodeTaintsPolicy,
      matchLabelKeys,
      labelSelector: selector,
    } = constraint;
    const causes: Invalid[] = [];
    if (whole(maxSkew) <= 0) causes.push(invalid(`${at}.maxSkew`, whole(maxSkew), 'must be greater than zero'));
    if (text(topologyKey) === '') causes.push(required(`${at}.topologyKey`, EMPTY));
    causes.push(...oneOf(`${at}.whenUnsatisfiable`, text(whenUnsatisfiable), ['DoNotSchedule', 'ScheduleAnyway']));
    const twin = all
      .slice(i + 1)
      .some((other) => other['topologyKey'] === topologyKey && other['whenUnsatisfiable'] === whenUnsatisfiable);
    if (twin)
      causes.push(
        duplicate(`${at}.{topologyKey, whenUnsatisfiable}`, `{${text(topologyKey)}, ${text(whenUnsatisfiable)}}`),
      );
    causes.push(...minDomains(`${at}.minDomains`, constraint));
    if (nodeAffinityPolicy !== undefined) causes.push(...oneOf(`${at}.nodeAffinityPolicy`, nodeAffinityPolicy, HONOR));
    if (nodeTaintsPolicy !== undefined) causes.push(...oneOf(`${at}.nodeTaintsPolicy`, nodeTaintsPolicy, HONOR));
    if (texts(matchLabelKeys).length > 0 && selector === undefined)
      causes.push(forbidden(`${at}.matchLabelKeys`, 'must not be specified when labelSelector is not set'));
    return [...causes, ...labelSelector(`${at}.labelSelector`, selector)];
  });
}

function minDomains(field: string, { minDomains: least, whenUnsatisfiable }: Fields): readonly Invalid[] {
  if (least === undefined) return [];
  const causes: Invalid[] = whole(least) <= 0 ? [invalid(field, least, 'must be greater than zero')] : [];
  if (whenUnsatisfiable !== 'DoNotSchedule') {
    causes.push(
      invalid(
        field,
        least,
        `can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ${text(whenUnsatisfiable)}`,
      ),
    );
  }
  return causes;
}

export function tolerations(field: string, value: unknown): readonly Invalid[] {
  return items(value).flatMap((toleration, i) => tolerationCauses(`${field}[${i}]`, toleration));
}

function tolerationCauses(field: string, toleration: Fields): readonly Invalid[] {
  const { tolerationSeconds } = toleration;
  const [key, operator, value, effect] = [
    text(toleration['key']),
    text(toleration['operator']),
    text(toleration['value']),
    text(toleration['effect']),
  ];
  const causes: Invalid[] = key === '' ? [] : [...invalids(`${field}.key`, key, qualifiedName(key))];
  if (key === '' && operator !== 'Exists') {
    causes.push(
      invalid(
        `${field}.operator`,
        operator,
        'operator must be Exists when `key` is empty, which means "match all values and all keys"',
      ),
    );
  }
  if (tolerationSeconds !== undefined && effect !== 'NoExecute') {
    causes.push(invalid(`${field}.effect`, effect, "effect must be 'NoExecute' when `tolerationSeconds` is set"));
  }
  if (operator === '' || operator === 'Equal') causes.push(...invalids(`${field}.operator`, value, labelValue(value)));
  else if (operator !== 'Exists') causes.push(notSupported(`${field}.operator`, operator, ['Equal', 'Exists']));
  else if (value !== '')
    causes.push(invalid(`${field}.operator`, value, "value must be empty when `operator` is 'Exists'"));
  if (effect !== '') causes.push(...oneOf(`${field}.effect`, effect, EFFECTS));
  return causes;
}

/** A node's taints; upstream names their path `metadata.taints`. */
export function taints(field: string, value: unknown): readonly Invalid[] {
  const seen = new Set<string>();
  return items(value).flatMap((taint, i) => {
    const [key, given, effect] = [text(taint['key']), text(taint['value']), text(taint['effect'])];
    const causes: Invalid[] = [
      ...invalids(`${field}[${i}].key`, key, qualifiedName(key)),
      ...invalids(`${field}[${i}].value`, given, labelValue(given)),
    ];
    causes.push(
      ...(effect === '' ? [required(`${field}[${i}].effect`)] : oneOf(`${field}[${i}].effect`, effect, EFFECTS)),
    );
    if (seen.has(`${key}:${effect}`)) {
      const { message, ...cause } = duplicate(`${field}[${i}]`, {
        Key: key,
        Value: given,
        Effect: effect,
        TimeAdded: taint['timeAdded'] ?? null,
      });
      causes.push({ ...cause, message: `${message ?? ''}: taints must be unique by key and effect pair` });
    }
    seen.add(`${key}:${effect}`);
    return causes;
  });
}
