/**
 * Priority: turns a Pod's class name into a number. PriorityClass itself is not served yet, so only the two classes that
 * upstream builds in exist. Source: kubernetes `plugin/pkg/admission/priority`.
 */
import type { KubeObject } from '../../../../kernel/kube/object.ts';
import { admissionName, forbidden } from '../errors.ts';
import type { Admission, AdmissionRequest } from '../kind.ts';
import { fill, spec, text, whole } from '../kinds/parts/reading.ts';

const BUILT_IN: Readonly<Record<string, number>> = {
  'system-cluster-critical': 2_000_000_000,
  'system-node-critical': 2_000_001_000,
};
const PODS = { group: '', resource: 'pods' };

export const priority: Admission = {
  name: 'Priority',
  admit(request) {
    const { kind, operation, object, previous } = request;
    if (kind.resource !== 'pods' || operation === 'delete') return object;
    return operation === 'create' ? withPriority(object) : keepPriority(object, previous);
  },
};

function withPriority(pod: KubeObject): KubeObject {
  const { priorityClassName, priority: asked, preemptionPolicy } = spec(pod);
  const className = text(priorityClassName);
  const value = className === '' ? 0 : BUILT_IN[className];
  const name = admissionName(pod.metadata);
  if (value === undefined) throw forbidden(PODS, name, `no PriorityClass with name ${className} was found`);
  if (asked !== undefined && whole(asked) !== value) {
    throw forbidden(
      PODS,
      name,
      `the integer value of priority (${whole(asked)}) must not be provided in pod spec; priority admission controller computed ${value} from the given PriorityClass name`,
    );
  }
  const policy = 'PreemptLowerPriority';
  if (preemptionPolicy !== undefined && preemptionPolicy !== policy) {
    throw forbidden(
      PODS,
      name,
      `the string value of PreemptionPolicy (${text(preemptionPolicy)}) must not be provided in pod spec; priority admission controller computed ${policy} from the given PriorityClass name`,
    );
  }
  return { ...pod, spec: { ...spec(pod), priority: value, preemptionPolicy: policy } };
}

/** A client that was made before these fields existed leaves them out; that is no change. */
function keepPriority(pod: KubeObject, previous: AdmissionRequest['previous']): KubeObject {
  if (previous === undefined) return pod;
  const { priority: value, preemptionPolicy } = spec(previous);
  return { ...pod, spec: fill(spec(pod), { priority: value, preemptionPolicy }) };
}
