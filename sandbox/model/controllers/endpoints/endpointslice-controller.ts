/**
 * Keeps the EndpointSlices of each Service with a selector.
 *
 * R-CTRL-54 Labels `kubernetes.io/service-name`, `endpointslice.kubernetes.io/managed-by: endpointslice-controller.k8s.io` and the
 *   Service's own; name `<service>-<5>`; owned by the Service. Slices of others (managed by somebody else) are left alone.
 * R-CTRL-55 A headless Service's slices carry the label `service.kubernetes.io/headless` (endpointslice util).
 * R-CTRL-56 Annotation `endpoints.kubernetes.io/last-change-trigger-time`: when the content last changed.
 */
import { rfc3339 } from '../../../../kernel/clock.ts';
import type { Disposable } from '../../../../kernel/disposable.ts';
import type { KubeObject } from '../../../../kernel/kube/object.ts';
import { keyOf } from '../../../../kernel/kube/object.ts';
import { fromMap } from '../../../../kernel/kube/selector.ts';
import type { Change } from '../../../client/informer.ts';
import type { EndpointSlice, Pod, Service } from '../../../client/kinds.ts';
import type { ControllerContext } from '../controller.ts';
import { controllerReference, ownKey, refOf, source, startLoop } from '../controller.ts';
import type { SliceContent } from './decide.ts';
import { decideEndpoints } from './decide.ts';

const MANAGED_BY = 'endpointslice.kubernetes.io/managed-by';
const CONTROLLER = 'endpointslice-controller.k8s.io';
const SERVICE = 'kubernetes.io/service-name';
const HEADLESS = 'service.kubernetes.io/headless';
const CHANGED = 'endpoints.kubernetes.io/last-change-trigger-time';

export function startEndpointSliceController(context: ControllerContext): Disposable {
  const { informers, clock } = context;
  return startLoop({
    clock,
    sources: [
      source(informers.services(), ownKey),
      source(informers.pods(), (change) => servicesOf(context, change)),
      source(informers.endpointSlices(), serviceOfSlice),
      { informer: informers.nodes(), keys: () => [] },
    ],
    reconcile: (key) => reconcile(context, key),
  });
}

/** The Services that select a Pod, before or after its change. */
export function servicesOf({ informers }: ControllerContext, { before, now }: Change<Pod>): readonly string[] {
  const namespace = (now ?? before)?.metadata.namespace ?? '';
  return informers
    .services()
    .by('namespace', namespace)
    .filter(
      ({ spec: { selector } }) =>
        selector && [before, now].some((pod) => pod && fromMap(selector).matches(pod.metadata.labels)),
    )
    .map(keyOf);
}

function serviceOfSlice({ before, now }: Change<EndpointSlice>): readonly string[] {
  const { labels, namespace = '' } = (now ?? before)?.metadata ?? {};
  const name = labels?.[SERVICE];
  return labels?.[MANAGED_BY] === CONTROLLER && name !== undefined ? [`${namespace}/${name}`] : [];
}

async function reconcile(context: ControllerContext, key: string): Promise<undefined> {
  const { client, informers, clock } = context;
  const service = informers.services().get(key);
  if (!service || service.metadata.deletionTimestamp !== undefined) return undefined;
  const { namespace = '', name } = service.metadata;
  const all = informers.endpointSlices();
  const slices = all
    .by('namespace', namespace)
    .filter(({ metadata: { labels } }) => labels?.[SERVICE] === name && labels?.[MANAGED_BY] === CONTROLLER);
  const node = (of: string): ReturnType<ReturnType<typeof informers.nodes>['get']> => informers.nodes().get(of);
  const plan = decideEndpoints({ service, pods: informers.pods().by('namespace', namespace), slices, node });
  const now = rfc3339(clock.now());
  for (const { slice, content } of plan.update) await all.shows(await client.update(renewed(slice, content, now)));
  for (const content of plan.create) await all.shows(await client.create(fresh(service, content, now)));
  for (const slice of plan.remove) {
    await client.delete(refOf(slice));
    await all.until(() => all.get(keyOf(slice)) === undefined);
  }
  return undefined;
}

function renewed(slice: EndpointSlice, content: SliceContent, now: string): KubeObject {
  const annotations = { ...slice.metadata.annotations, [CHANGED]: now };
  return { ...slice, ...written(content), metadata: { ...slice.metadata, annotations } };
}

function fresh(service: Service, content: SliceContent, now: string): KubeObject {
  const { name = '', namespace, labels } = service.metadata;
  const headless: Record<string, string> = service.spec.clusterIP === 'None' ? { [HEADLESS]: '' } : {};
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      generateName: `${name}-`,
      namespace,
      labels: { ...labels, ...headless, [MANAGED_BY]: CONTROLLER, [SERVICE]: name },
      annotations: { [CHANGED]: now },
      ownerReferences: [controllerReference(service)],
    },
    addressType: 'IPv4',
    ...written(content),
  };
}

/** Upstream writes null where there is nothing. */
function written({ endpoints, ports }: SliceContent): Pick<EndpointSlice, 'endpoints' | 'ports'> {
  return { endpoints: endpoints.length > 0 ? endpoints : null, ports: ports.length > 0 ? ports : null };
}
