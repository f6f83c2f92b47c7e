/**
 * The endpoints of a Service, from its Pods. Pure. Source: k8s.io/endpointslice reconciler, util.
 *
 * R-CTRL-50 A Pod is an endpoint when the selector matches, it has an IP and has not ended; one being deleted stays while it runs.
 * R-CTRL-51 ready: Ready and not being deleted (or publishNotReadyAddresses); serving: Ready; terminating: being deleted.
 * R-CTRL-52 A named targetPort is looked up in each Pod: Pods with different numbers go into different slices; a Pod that has
 *   no port of that name is in a slice without that port.
 * R-CTRL-53 At most 100 endpoints a slice; a Service without endpoints keeps one empty slice; without selector none is made.
 */
import { jsonEqual } from '../../../../kernel/kube/object.ts';
import { fromMap } from '../../../../kernel/kube/selector.ts';
import type {
  Container,
  Endpoint,
  EndpointPort,
  EndpointSlice,
  Node,
  Pod,
  Service,
  ServicePort,
} from '../../../client/kinds.ts';
import { isPodReady, isPodTerminal } from '../../../client/kinds.ts';

export interface SliceContent {
  readonly endpoints: readonly Endpoint[];
  readonly ports: readonly EndpointPort[];
}

export interface EndpointsObservation {
  readonly service: Service;
  /** All Pods of the namespace. */
  readonly pods: readonly Pod[];
  /** The slices that this controller made for the Service. */
  readonly slices: readonly EndpointSlice[];
  readonly node: (name: string) => Node | undefined;
}

export interface EndpointsPlan {
  readonly create: readonly SliceContent[];
  readonly update: readonly { readonly slice: EndpointSlice; readonly content: SliceContent }[];
  readonly remove: readonly EndpointSlice[];
}

const PER_SLICE = 100;

export function decideEndpoints(observation: EndpointsObservation): EndpointsPlan {
  const wanted = contentsOf(observation);
  const free = [...observation.slices];
  const update: { slice: EndpointSlice; content: SliceContent }[] = [];
  const create: SliceContent[] = [];
  for (const content of wanted) {
    const at = free.findIndex((slice) => jsonEqual(slice.ports ?? [], content.ports));
    const [slice] = free.splice(Math.max(at, 0), 1);
    if (!slice) create.push(content);
    else if (!jsonEqual(slice.ports ?? [], content.ports) || !jsonEqual(slice.endpoints ?? [], content.endpoints))
      update.push({ slice, content });
  }
  return { create, update, remove: free };
}

function contentsOf({ service, pods, node }: EndpointsObservation): readonly SliceContent[] {
  const { selector, type } = service.spec;
  if (selector === undefined || Object.keys(selector).length === 0 || type === 'ExternalName') return [];
  const matching = fromMap(selector);
  const groups = new Map<string, { ports: readonly EndpointPort[]; endpoints: Endpoint[] }>();
  for (const pod of pods.filter((one) => matching.matches(one.metadata.labels) && isEndpoint(one))) {
    const ports = portsFor(service, pod);
    const key = JSON.stringify(ports);
    const group = groups.get(key) ?? { ports, endpoints: [] };
    group.endpoints.push(endpointOf(service, pod, node(pod.spec.nodeName ?? '')));
    groups.set(key, group);
  }
  if (groups.size === 0) return [{ ports: [], endpoints: [] }];
  return [...groups.values()].flatMap(({ ports, endpoints }) =>
    chunks(endpoints).map((some) => ({ ports, endpoints: some })),
  );
}

function chunks(endpoints: readonly Endpoint[]): readonly (readonly Endpoint[])[] {
  const count = Math.ceil(endpoints.length / PER_SLICE);
  return Array.from({ length: count }, (_, i) => endpoints.slice(i * PER_SLICE, (i + 1) * PER_SLICE));
}

export function isEndpoint(pod: Pod): boolean {
  return pod.status?.podIP !== undefined && !isPodTerminal(pod);
}

function endpointOf(service: Service, pod: Pod, node: Node | undefined): Endpoint {
  const terminating = pod.metadata.deletionTimestamp !== undefined;
  const serving = isPodReady(pod);
  const ready = service.spec.publishNotReadyAddresses === true || (serving && !terminating);
  const { name, namespace, uid } = pod.metadata;
  const zone = node?.metadata.labels?.['topology.kubernetes.io/zone'];
  const isOwn = pod.spec.subdomain === service.metadata.name && pod.spec.hostname !== undefined;
  return {
    addresses: [pod.status?.podIP ?? ''],
    conditions: { ready, serving, terminating },
    ...(isOwn ? { hostname: pod.spec.hostname } : {}),
    ...(pod.spec.nodeName === undefined ? {} : { nodeName: pod.spec.nodeName }),
    targetRef: { kind: 'Pod', namespace, name, uid },
    ...(zone === undefined ? {} : { zone }),
  };
}

function portsFor(service: Service, pod: Pod): readonly EndpointPort[] {
  return (service.spec.ports ?? []).flatMap((port) => {
    const number = portNumber(pod, port);
    if (number === undefined) return [];
    const { name = '', protocol = 'TCP', appProtocol } = port;
    return [{ name, port: number, protocol, ...(appProtocol === undefined ? {} : { appProtocol }) }];
  });
}

/** The number of a Service's target port in a Pod; undefined when the Pod has no port of that name. */
export function portNumber(pod: Pod, { port, targetPort = port, protocol = 'TCP' }: ServicePort): number | undefined {
  if (typeof targetPort === 'number') return targetPort === 0 ? port : targetPort;
  const sidecars = (pod.spec.initContainers ?? []).filter((container) => container.restartPolicy === 'Always');
  const ports = [...pod.spec.containers, ...sidecars].flatMap((container: Container) => container.ports ?? []);
  return ports.find((one) => one.name === targetPort && (one.protocol ?? 'TCP') === protocol)?.containerPort;
}
