/** Namespaces, Nodes, Leases and Events. Source: kubernetes `ValidateNamespace`, `ValidateNode`, `ValidateLease`, `ValidateEvent`. */
import type { KubeObject } from '../../../../kernel/kube/object.ts';
import { jsonEqual } from '../../../../kernel/kube/object.ts';
import type { Invalid } from '../kind.ts';
import { fields, spec, text, texts, whole } from '../kinds/parts/reading.ts';
import { cidr } from './addresses.ts';
import { atLeast, forbidden, invalid, invalids } from './causes.ts';
import { qualifiedName } from './names.ts';
import { taints } from './scheduling.ts';

const NAMESPACE_FINALIZERS: ReadonlySet<string> = new Set(['kubernetes', 'orphan']);

export function namespaceCauses(object: KubeObject): readonly Invalid[] {
  return texts(spec(object)['finalizers']).flatMap((name) => {
    const shape = invalids('spec.finalizers', name, qualifiedName(name));
    if (shape.length > 0 || name.includes('/') || NAMESPACE_FINALIZERS.has(name)) return shape;
    return [invalid('spec.finalizers', name, 'name is neither a standard finalizer name nor is it fully qualified')];
  });
}

export function nodeCauses(object: KubeObject): readonly Invalid[] {
  const ranges = texts(spec(object)['podCIDRs']);
  const shapes = ranges.flatMap((range, i) => cidr(`spec.podCIDRs[${i}]`, range));
  const families = new Set(ranges.map((range) => range.includes(':')));
  const crowded = shapes.length === 0 && families.size < ranges.length;
  return [
    // Upstream names this path so.
    ...taints('metadata.taints', spec(object)['taints']),
    ...shapes,
    ...(crowded ? [invalid('spec.podCIDRs', ranges, 'may specify no more than one CIDR for each IP family')] : []),
  ];
}

/** What the cloud or the controller has once said of a node stays. */
export function nodeUpdateCauses(next: KubeObject, previous: KubeObject): readonly Invalid[] {
  const [now, before] = [spec(next), spec(previous)];
  const causes: Invalid[] = [];
  if (texts(before['podCIDRs']).length > 0 && !jsonEqual(now['podCIDRs'], before['podCIDRs'])) {
    causes.push(forbidden('spec.podCIDRs', 'node updates may not change podCIDR except from "" to valid'));
  }
  if (text(before['providerID']) !== '' && now['providerID'] !== before['providerID']) {
    causes.push(forbidden('spec.providerID', 'node updates may not change providerID except from "" to valid'));
  }
  return causes;
}

export function leaseCauses(object: KubeObject): readonly Invalid[] {
  const { leaseDurationSeconds, leaseTransitions } = spec(object);
  const zero = leaseDurationSeconds !== undefined && whole(leaseDurationSeconds) <= 0;
  return [
    ...(zero ? [invalid('spec.leaseDurationSeconds', leaseDurationSeconds, 'must be greater than 0')] : []),
    ...atLeast('spec.leaseTransitions', leaseTransitions),
  ];
}

/** An event stands in the namespace of its object, or in `default` when that has none. */
export function eventCauses(object: KubeObject): readonly Invalid[] {
  const { namespace = '' } = object.metadata;
  const about = text(fields(object['involvedObject'])['namespace']);
  const fits =
    about === '' ? namespace === '' || namespace === 'default' || namespace === 'kube-system' : about === namespace;
  return fits ? [] : [invalid('involvedObject.namespace', about, 'does not match event.namespace')];
}
