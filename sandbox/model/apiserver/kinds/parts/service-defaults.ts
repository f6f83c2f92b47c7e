/** Defaults of a Service, and what an update keeps of what was given out. Source: kubernetes `SetDefaults_Service`, `patchAllocatedValues`. */
import type { KubeObject } from '../../../../../kernel/kube/object.ts';
import { invalid as invalidError } from '../../errors.ts';
import type { WriteContext } from '../../kind.ts';
import { invalid } from '../../validation/causes.ts';
import type { Fields } from './reading.ts';
import { fields, fill, fillZero, items, spec, text, texts, whole } from './reading.ts';
import { needsAddress, needsNodePorts } from './service-addresses.ts';

const AFFINITY_SECONDS = 10_800;

export function withServiceDefaults(service: KubeObject): KubeObject {
  const filled: Record<string, unknown> = {
    ...fillZero(spec(service), { type: 'ClusterIP', sessionAffinity: 'None' }),
  };
  const type = text(filled['type']);
  if (filled['sessionAffinity'] === 'ClientIP') {
    const clientIP = fill(fields(fields(filled['sessionAffinityConfig'])['clientIP']), {
      timeoutSeconds: AFFINITY_SECONDS,
    });
    filled['sessionAffinityConfig'] = { ...fields(filled['sessionAffinityConfig']), clientIP };
  }
  if (filled['ports'] !== undefined) {
    filled['ports'] = items(filled['ports']).map((port) => {
      const target = port['targetPort'] === 0 || port['targetPort'] === '' ? undefined : port['targetPort'];
      return { ...port, protocol: text(port['protocol']) || 'TCP', targetPort: target ?? port['port'] };
    });
  }
  if (
    type === 'NodePort' ||
    type === 'LoadBalancer' ||
    (type === 'ClusterIP' && texts(filled['externalIPs']).length > 0)
  ) {
    filled['externalTrafficPolicy'] ??= 'Cluster';
  }
  if (type !== 'ExternalName') filled['internalTrafficPolicy'] ??= 'Cluster';
  if (type === 'LoadBalancer') filled['allocateLoadBalancerNodePorts'] ??= true;
  return { ...service, spec: filled };
}

/** The address families of a cluster that has IPv4 alone. Throws a 422 StatusError when both are required. */
export function familiesOf(service: KubeObject): Fields {
  const { clusterIP, selector, ipFamilyPolicy, ipFamilies } = spec(service);
  if (!needsAddress(service)) return {};
  const headless = clusterIP === 'None';
  if (headless && Object.keys(fields(selector)).length === 0) {
    // Without a selector nobody knows the families of the addresses to come, so upstream allows both.
    return { ipFamilies: ipFamilies ?? ['IPv4', 'IPv6'], ipFamilyPolicy: ipFamilyPolicy ?? 'RequireDualStack' };
  }
  if (ipFamilyPolicy === 'RequireDualStack') {
    const cause = invalid(
      'spec.ipFamilyPolicy',
      ipFamilyPolicy,
      'this cluster is not configured for dual-stack services',
    );
    throw invalidError({ group: '', kind: 'Service' }, service.metadata.name ?? '', [cause]);
  }
  const foreign = texts(ipFamilies).findIndex((family) => family === 'IPv6');
  if (foreign !== -1) {
    const cause = invalid(`spec.ipFamilies[${foreign}]`, 'IPv6', 'not configured on this cluster');
    throw invalidError({ group: '', kind: 'Service' }, service.metadata.name ?? '', [cause]);
  }
  return {
    ipFamilies: texts(ipFamilies).length > 0 ? ipFamilies : ['IPv4'],
    ipFamilyPolicy: ipFamilyPolicy ?? 'SingleStack',
  };
}

/** Refills what a client left out on update, and drops what its new type has no use for. */
export function carryOver(next: KubeObject, previous: KubeObject): KubeObject {
  const result: Record<string, unknown> = { ...spec(next) };
  const old = spec(previous);
  if (needsAddress(next) && needsAddress(previous)) keepAddress(result, old);
  if (!needsAddress(next) && needsAddress(previous)) {
    for (const key of ['clusterIP', 'clusterIPs', 'ipFamilies', 'ipFamilyPolicy', 'internalTrafficPolicy'])
      if (same(result[key], old[key])) delete result[key];
  }
  if (needsNodePorts(next) && needsNodePorts(previous))
    result['ports'] = keepNodePorts(items(result['ports']), items(old['ports']));
  if (!opensPorts(next) && opensPorts(previous)) dropNodeFields(result, old);
  if (
    next['spec'] !== undefined &&
    result['healthCheckNodePort'] === undefined &&
    isLocalBalancer(result) &&
    isLocalBalancer(old)
  ) {
    result['healthCheckNodePort'] = old['healthCheckNodePort'];
  }
  return { ...next, spec: result };
}

function keepAddress(result: Record<string, unknown>, old: Fields): void {
  if (text(result['clusterIP']) === '' && texts(result['clusterIPs']).length === 0) {
    result['clusterIP'] = old['clusterIP'];
    result['clusterIPs'] = old['clusterIPs'];
  } else if (text(result['clusterIP']) !== text(old['clusterIP']) && same(result['clusterIPs'], old['clusterIPs'])) {
    // A client that knows only the singular field means both.
    result['clusterIPs'] = text(result['clusterIP']) === '' ? old['clusterIPs'] : [result['clusterIP']];
    if (text(result['clusterIP']) === '') result['clusterIP'] = old['clusterIP'];
  }
  result['ipFamilies'] ??= old['ipFamilies'];
  result['ipFamilyPolicy'] ??= old['ipFamilyPolicy'];
}

function keepNodePorts(ports: readonly Fields[], old: readonly Fields[]): readonly Fields[] {
  const used = new Set(ports.map((port) => whole(port['nodePort'])));
  return ports.map((port) => {
    if (whole(port['nodePort']) !== 0) return port;
    const before = old.find(
      (candidate) => candidate['port'] === port['port'] && candidate['protocol'] === port['protocol'],
    );
    const nodePort = whole(before?.['nodePort']);
    return nodePort === 0 || used.has(nodePort) ? port : { ...port, nodePort };
  });
}

function dropNodeFields(result: Record<string, unknown>, old: Fields): void {
  const before = new Set(items(old['ports']).map((port) => whole(port['nodePort'])));
  result['ports'] = items(result['ports']).map((port) => {
    const { nodePort, ...rest } = port;
    return before.has(whole(nodePort)) ? rest : port;
  });
  for (const key of ['externalTrafficPolicy', 'healthCheckNodePort', 'allocateLoadBalancerNodePorts'])
    if (same(result[key], old[key])) delete result[key];
}

function opensPorts(service: KubeObject): boolean {
  const { type } = spec(service);
  return type === 'NodePort' || type === 'LoadBalancer';
}

function isLocalBalancer(given: Fields): boolean {
  return given['type'] === 'LoadBalancer' && given['externalTrafficPolicy'] === 'Local';
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** Upstream's deprecation notes on a Service. */
export function warnAbout(service: KubeObject, { warn }: WriteContext): void {
  if (texts(spec(service)['externalIPs']).length > 0)
    warn('spec.externalIPs is deprecated and may no longer be implemented in some clusters');
}
