/**
 * Keeps the old Endpoints object of each Service with a selector, for those who still read it.
 *
 * R-CTRL-57 Same name as the Service, label `endpoints.kubernetes.io/managed-by: endpoint-controller` and the Service's own;
 *   one subset a set of ports; Pods that are not ready stand in `notReadyAddresses`; gone with the Service (endpoints_controller).
 */
import { rfc3339 } from '../../../../kernel/clock.ts';
import type { Disposable } from '../../../../kernel/disposable.ts';
import type { KubeObject } from '../../../../kernel/kube/object.ts';
import { jsonEqual } from '../../../../kernel/kube/object.ts';
import type { Endpoint, Service } from '../../../client/kinds.ts';
import type { ControllerContext } from '../controller.ts';
import { ownKey, refOf, source, startLoop } from '../controller.ts';
import type { SliceContent } from './decide.ts';
import { decideEndpoints } from './decide.ts';
import { servicesOf } from './endpointslice-controller.ts';

const MANAGED_BY = 'endpoints.kubernetes.io/managed-by';
const CHANGED = 'endpoints.kubernetes.io/last-change-trigger-time';
const CONTROLLER = 'endpoint-controller';

export function startEndpointsController(context: ControllerContext): Disposable {
  const { informers, clock } = context;
  return startLoop({
    clock,
    sources: [
      source(informers.services(), ownKey),
      source(informers.pods(), (change) => servicesOf(context, change)),
      source(informers.of('v1', 'Endpoints'), ownKey),
    ],
    reconcile: (key) => reconcile(context, key),
  });
}

async function reconcile({ client, informers, clock }: ControllerContext, key: string): Promise<undefined> {
  const endpoints = informers.of('v1', 'Endpoints');
  const there = endpoints.get(key);
  const service = informers.services().get(key);
  if (!service) {
    if (there?.metadata.labels?.[MANAGED_BY] === CONTROLLER) await client.delete(refOf(there));
    return undefined;
  }
  const { namespace = '' } = service.metadata;
  const { create } = decideEndpoints({
    service,
    pods: informers.pods().by('namespace', namespace),
    slices: [],
    node: () => undefined,
  });
  if (create.length === 0) return undefined;
  const wanted = endpointsOf(service, create);
  if (
    there &&
    jsonEqual(there['subsets'] ?? [], wanted['subsets'] ?? []) &&
    jsonEqual(there.metadata.labels, wanted.metadata.labels)
  )
    return undefined;
  const annotations = { [CHANGED]: rfc3339(clock.now()) };
  const next = { ...wanted, metadata: { ...there?.metadata, ...wanted.metadata, annotations } };
  await endpoints.shows(there ? await client.update(next) : await client.create(next));
  return undefined;
}

function endpointsOf(service: Service, contents: readonly SliceContent[]): KubeObject {
  const { name, namespace, labels } = service.metadata;
  const headless: Record<string, string> =
    service.spec.clusterIP === 'None' ? { 'service.kubernetes.io/headless': '' } : {};
  const subsets = contents.filter(({ endpoints }) => endpoints.length > 0).map(subsetOf);
  return {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: { name, namespace, labels: { ...labels, ...headless, [MANAGED_BY]: CONTROLLER } },
    ...(subsets.length > 0 ? { subsets } : {}),
  };
}

function subsetOf({ endpoints, ports }: SliceContent): Record<string, unknown> {
  const running = endpoints.filter((endpoint) => endpoint.conditions?.terminating !== true);
  const ready = running.filter((endpoint) => endpoint.conditions?.ready === true).map(addressOf);
  const notReady = running.filter((endpoint) => endpoint.conditions?.ready !== true).map(addressOf);
  return {
    ...(ready.length > 0 ? { addresses: ready } : {}),
    ...(notReady.length > 0 ? { notReadyAddresses: notReady } : {}),
    ports: ports.map(({ name, ...port }) => (name === '' ? port : { name, ...port })),
  };
}

function addressOf({ addresses, nodeName, targetRef, hostname }: Endpoint): Record<string, unknown> {
  return {
    ip: addresses[0],
    ...(hostname === undefined ? {} : { hostname }),
    ...(nodeName === undefined ? {} : { nodeName }),
    targetRef,
  };
}
