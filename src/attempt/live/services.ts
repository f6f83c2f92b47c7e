/** Lesson 13's live view: from a Service's virtual IP to its endpoints, and which matching Pods are left out, and why. Pure. */
import type { KubeObject } from '../../../kernel/kube/object.ts';
import type { ServiceView } from '../../protocol/live-view.ts';
import type { Fields } from './read.ts';
import { fields, isLearners, items, nameOf, sorted, spec, status, text, whole } from './read.ts';

type OneService = ServiceView['services'][number];
type Endpoint = OneService['endpoints'][number];

export interface ServiceObjects {
  readonly services: readonly KubeObject[];
  readonly slices: readonly KubeObject[];
  readonly pods: readonly KubeObject[];
}

export function servicesView(objects: ServiceObjects): ServiceView {
  const services = sorted(objects.services.filter((service) => isLearners(service) && !isApiServer(service)));
  return { view: 'services', services: services.map((service) => serviceView(service, objects)) };
}

/** `default/kubernetes` leads to the API server, not to Pods. */
function isApiServer(service: KubeObject): boolean {
  const { name, namespace } = nameOf(service);
  return name === 'kubernetes' && namespace === 'default';
}

function serviceView(service: KubeObject, { slices, pods }: ServiceObjects): OneService {
  const { name, namespace } = nameOf(service);
  const serviceSpec = spec(service);
  const clusterIP = text(serviceSpec['clusterIP']);
  const selector = Object.entries(fields(serviceSpec['selector']));
  const own = slices.filter(
    (slice) => slice.metadata.namespace === namespace && slice.metadata.labels?.['kubernetes.io/service-name'] === name,
  );
  const endpoints = withShares(own.flatMap(endpointsOf));
  const inside = new Set(endpoints.filter(({ ready }) => ready).map(({ pod }) => pod));
  const neighbours = selector.length === 0 ? [] : pods.filter((pod) => pod.metadata.namespace === namespace);
  const matching = neighbours.filter((pod) => differing(pod, selector).length === 0);
  return {
    name,
    namespace,
    ...(clusterIP ? { clusterIP } : {}),
    selector: selector.map(([key, value]) => `${key}=${String(value)}`).join(','),
    ports: items(serviceSpec['ports']).map(portOf),
    endpoints,
    leftOut: [
      ...sorted(matching)
        .filter((pod) => !inside.has(pod.metadata.name))
        .map((pod) => ({ pod: pod.metadata.name ?? '', why: whyLeftOut(pod) })),
      // Only when nobody matches are the others worth a look: then one of them was probably meant.
      ...(matching.length === 0 ? sorted(neighbours).flatMap((pod) => strangerOf(pod, selector)) : []),
    ],
  };
}

function portOf(port: Fields): OneService['ports'][number] {
  const name = text(port['name']);
  const target = port['targetPort'];
  const number = whole(port['port']);
  return {
    port: number,
    targetPort: target === undefined ? String(number) : String(target),
    ...(name ? { name } : {}),
  };
}

function endpointsOf(slice: KubeObject): Endpoint[] {
  const ports = items(slice['ports']).map((port) => whole(port['port']));
  return items(slice['endpoints']).flatMap((endpoint) => {
    const pod = text(fields(endpoint['targetRef'])['name']);
    const node = text(endpoint['nodeName']);
    // A missing `ready` counts as ready (discovery.k8s.io/v1 EndpointConditions).
    const ready = fields(endpoint['conditions'])['ready'] !== false;
    const addresses = Array.isArray(endpoint['addresses']) ? endpoint['addresses'] : [];
    return addresses.map((ip) => ({
      ip: String(ip),
      ...(pod ? { pod } : {}),
      ...(node ? { node } : {}),
      ready,
      ports,
      share: 0,
    }));
  });
}

/** kube-proxy picks among the ready endpoints with equal chance; when none is ready nothing answers. */
function withShares(endpoints: readonly Endpoint[]): Endpoint[] {
  const ready = endpoints.filter((endpoint) => endpoint.ready).length;
  return endpoints
    .map((endpoint) => ({ ...endpoint, share: endpoint.ready ? 1 / ready : 0 }))
    .toSorted((a, b) => (a.pod ?? a.ip).localeCompare(b.pod ?? b.ip));
}

type Selector = readonly (readonly [key: string, value: unknown])[];

function differing(pod: KubeObject, selector: Selector): Selector {
  return selector.filter(([key, value]) => pod.metadata.labels?.[key] !== value);
}

/** A Pod that has the selector's labels, but with other values. */
function strangerOf(pod: KubeObject, selector: Selector): OneService['leftOut'] {
  const labels = pod.metadata.labels ?? {};
  if (!selector.every(([key]) => key in labels)) return [];
  const why = differing(pod, selector)
    .map(([key, value]) => `its label ${key} is ${labels[key]}, the Service wants ${String(value)}`)
    .join('; ');
  return [{ pod: pod.metadata.name ?? '', why }];
}

function whyLeftOut(pod: KubeObject): string {
  const podStatus = status(pod);
  if (pod.metadata.deletionTimestamp) return 'it is being deleted';
  const phase = text(podStatus['phase']) ?? 'Pending';
  if (phase === 'Succeeded' || phase === 'Failed') return `it has ended (${phase})`;
  if (!text(spec(pod)['nodeName'])) return 'it waits for a node';
  if (!text(podStatus['podIP'])) return 'it has no IP yet';
  const ready = items(podStatus['conditions']).find((condition) => condition['type'] === 'Ready');
  if (ready?.['status'] === 'True') return 'its endpoint is on the way';
  const waiting = items(podStatus['containerStatuses'])
    .map((one) => text(fields(fields(one['state'])['waiting'])['reason']))
    .find(Boolean);
  return waiting ? `it is not ready (${waiting})` : 'it is not ready (readiness)';
}
