/** What of a Pod's spec may still change. Source: kubernetes `ValidatePodUpdate`; of its text we give the sentence, not the dump of Go structs. */
import type { KubeObject } from '../../../../kernel/kube/object.ts';
import { jsonEqual } from '../../../../kernel/kube/object.ts';
import type { Invalid } from '../kind.ts';
import type { Fields } from '../kinds/parts/reading.ts';
import { fields, items, spec, text, textMap, whole } from '../kinds/parts/reading.ts';
import { forbidden, invalid, required } from './causes.ts';

const SENTENCE =
  'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';

export function podUpdateCauses(next: KubeObject, previous: KubeObject): readonly Invalid[] {
  const [now, before] = [spec(next), spec(previous)];
  const counted = sameCount(now, before);
  if (counted.length > 0) return counted;
  const causes = [...images(now), ...deadline(now, before), ...gatesOnlyRemoved(now, before)];
  const gated = items(before['schedulingGates']).length > 0;
  if (gated) causes.push(...additionsToSelector(now, before));
  if (causes.length > 0 && !causes.every((cause) => cause.field?.endsWith('.image'))) return causes;
  return jsonEqual(frozen(now, before, gated), frozen(before, before, gated))
    ? causes
    : [...causes, forbidden('spec', SENTENCE)];
}

function sameCount(now: Fields, before: Fields): readonly Invalid[] {
  return ['containers', 'initContainers'].flatMap((list) =>
    items(now[list]).length === items(before[list]).length
      ? []
      : [forbidden(`spec.${list}`, 'pod updates may not add or remove containers')],
  );
}

function images(now: Fields): Invalid[] {
  return ['containers', 'initContainers'].flatMap((list) =>
    items(now[list]).flatMap(({ image }, i) => (text(image) === '' ? [required(`spec.${list}[${i}].image`)] : [])),
  );
}

function deadline(now: Fields, before: Fields): readonly Invalid[] {
  const field = 'spec.activeDeadlineSeconds';
  const [given, old] = [now['activeDeadlineSeconds'], before['activeDeadlineSeconds']];
  if (old === undefined || given === old) return [];
  if (given === undefined) return [invalid(field, null, 'must not update from a positive integer to nil value')];
  return whole(given) > whole(old) ? [invalid(field, given, `must be less than or equal to previous value`)] : [];
}

function gatesOnlyRemoved(now: Fields, before: Fields): readonly Invalid[] {
  const old = new Set(items(before['schedulingGates']).map(({ name }) => text(name)));
  return items(now['schedulingGates']).flatMap(({ name }, i) =>
    old.has(text(name))
      ? []
      : [
          forbidden(
            `spec.schedulingGates[${i}].name`,
            `only deletion is allowed, but found new scheduling gate '${text(name)}'`,
          ),
        ],
  );
}

/** While gates hold a Pod back, where it may go can still be narrowed. */
function additionsToSelector(now: Fields, before: Fields): readonly Invalid[] {
  const given = textMap(now['nodeSelector']);
  const kept = Object.entries(textMap(before['nodeSelector'])).every(([key, value]) => given[key] === value);
  return kept
    ? []
    : [
        invalid(
          'spec.nodeSelector',
          given,
          'only additions to spec.nodeSelector are allowed (no mutations or deletions)',
        ),
      ];
}

/** The spec with every field that may change set to what it was. */
function frozen(now: Fields, before: Fields, gated: boolean): Fields {
  const imageless = (list: string): readonly Fields[] =>
    items(now[list]).map((container) => ({ ...container, image: '' }));
  const shortened =
    whole(before['terminationGracePeriodSeconds']) < 0 && whole(now['terminationGracePeriodSeconds']) === 1;
  const added = toleratesAll(now, before);
  return {
    ...now,
    containers: imageless('containers'),
    initContainers: imageless('initContainers'),
    activeDeadlineSeconds: undefined,
    schedulingGates: undefined,
    tolerations: added ? before['tolerations'] : now['tolerations'],
    terminationGracePeriodSeconds: shortened
      ? before['terminationGracePeriodSeconds']
      : now['terminationGracePeriodSeconds'],
    ...(gated ? { nodeSelector: undefined, affinity: gatedAffinity(now, before) } : {}),
  };
}

function toleratesAll(now: Fields, before: Fields): boolean {
  const given = items(now['tolerations']);
  return items(before['tolerations']).every((old) => {
    const { tolerationSeconds: _seconds, ...rest } = old;
    return given.some(({ tolerationSeconds: _s, ...candidate }) => jsonEqual(candidate, rest));
  });
}

/** Node affinity may be added to a gated Pod that has none, and narrowed after; the rest of its affinity may not change. */
function gatedAffinity(now: Fields, before: Fields): unknown {
  const given = fields(now['affinity']);
  const old = fields(before['affinity']);
  const { nodeAffinity: _n, ...rest } = given;
  return {
    ...rest,
    ...(old['nodeAffinity'] === undefined || given['nodeAffinity'] !== undefined ? {} : { nodeAffinity: 'removed' }),
  };
}
