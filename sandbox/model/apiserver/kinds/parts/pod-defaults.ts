/**
 * Defaults of a Pod spec and of a Pod. A template gets the first alone: service links and requests taken from limits come
 * when a Pod is made of it. Source: kubernetes `SetDefaults_PodSpec`, `SetDefaults_Pod`.
 */
import type { KubeObject } from '../../../../../kernel/kube/object.ts';
import { withContainerDefaults } from './container-defaults.ts';
import { canonicalQuantities } from './quantities.ts';
import type { Fields } from './reading.ts';
import { fields, fill, fillZero, items, spec, text, whole } from './reading.ts';
import { withVolumeDefaults } from './volume-defaults.ts';

const CONTAINER_LISTS = ['initContainers', 'containers', 'ephemeralContainers'];

/** Fills a Pod spec as it stands in a template. */
export function withPodSpecDefaults(podSpec: Fields): Fields {
  const strings = { dnsPolicy: 'ClusterFirst', restartPolicy: 'Always', schedulerName: 'default-scheduler' };
  const filled = fill(fillZero(podSpec, strings), { securityContext: {}, terminationGracePeriodSeconds: 30 });
  const result: Record<string, unknown> = { ...withServiceAccountMirror(filled) };
  for (const list of CONTAINER_LISTS) {
    if (podSpec[list] === undefined) continue;
    const containers = items(podSpec[list]).map(withContainerDefaults);
    result[list] = podSpec['hostNetwork'] === true ? containers.map(withHostPorts) : containers;
  }
  if (podSpec['volumes'] !== undefined) result['volumes'] = items(podSpec['volumes']).map(withVolumeDefaults);
  if (podSpec['overhead'] !== undefined) result['overhead'] = canonicalQuantities(podSpec['overhead']);
  return result;
}

/** Fills `spec.template` of a workload. */
export function withTemplateDefaults(workload: KubeObject): KubeObject {
  const template = fields(spec(workload)['template']);
  const filled = { ...fill(template, { metadata: {} }), spec: withPodSpecDefaults(fields(template['spec'])) };
  return { ...workload, spec: { ...spec(workload), template: filled } };
}

/** Fills a Pod. */
export function withPodDefaults(pod: KubeObject): KubeObject {
  const podSpec: Record<string, unknown> = { ...fill(withPodSpecDefaults(spec(pod)), { enableServiceLinks: true }) };
  for (const list of ['initContainers', 'containers']) {
    if (podSpec[list] !== undefined) podSpec[list] = items(podSpec[list]).map(withRequestsFromLimits);
  }
  return { ...pod, spec: podSpec };
}

/** `serviceAccount` is the old name of `serviceAccountName`; the server keeps both equal. */
function withServiceAccountMirror(podSpec: Fields): Fields {
  const name = text(podSpec['serviceAccountName']) || text(podSpec['serviceAccount']);
  return name === '' ? podSpec : { ...podSpec, serviceAccountName: name, serviceAccount: name };
}

function withHostPorts(container: Fields): Fields {
  if (container['ports'] === undefined) return container;
  return {
    ...container,
    ports: items(container['ports']).map((port) => ({
      ...port,
      hostPort: whole(port['hostPort']) || whole(port['containerPort']),
    })),
  };
}

function withRequestsFromLimits(container: Fields): Fields {
  const resources = fields(container['resources']);
  if (resources['limits'] === undefined) return container;
  return {
    ...container,
    resources: { ...resources, requests: fill(fields(resources['requests']), fields(resources['limits'])) },
  };
}
