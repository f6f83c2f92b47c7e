/**
 * Service forwarding as pure rules: from Services and EndpointSlices to "this address and port goes to one of these".
 * R-NET-3: a cluster IP port with no ready endpoint refuses (kube-proxy's REJECT); ports that a Service does not name time out.
 * R-NET-4: when no endpoint is ready, those that serve while terminating are used (proxy `CategorizeEndpoints`).
 */
import type { EndpointSlice, Service, ServicePort } from './service.ts';

export interface Backend {
  readonly address: string;
  readonly port: number;
}

export interface Rule {
  readonly service: string;
  readonly backends: readonly Backend[];
  readonly clientIPAffinity: boolean;
}

/** Keys are `address:port/PROTOCOL`, and `*:nodePort/PROTOCOL` for node ports. */
export type RuleTable = ReadonlyMap<string, Rule>;

export function buildRules(
  services: readonly Service[],
  slicesOf: (service: Service) => readonly EndpointSlice[],
): RuleTable {
  const table = new Map<string, Rule>();
  for (const service of services) {
    const { spec } = service;
    if (
      spec.type === 'ExternalName' ||
      spec.clusterIP === undefined ||
      spec.clusterIP === 'None' ||
      spec.clusterIP === ''
    )
      continue;
    const slices = slicesOf(service);
    for (const port of spec.ports ?? []) {
      const rule: Rule = {
        service: `${service.metadata.namespace}/${service.metadata.name}`,
        backends: backendsOf(port, slices),
        clientIPAffinity: spec.sessionAffinity === 'ClientIP',
      };
      const protocol = port.protocol ?? 'TCP';
      for (const address of [spec.clusterIP, ...(spec.externalIPs ?? [])])
        table.set(`${address}:${port.port}/${protocol}`, rule);
      if (port.nodePort) table.set(`*:${port.nodePort}/${protocol}`, rule);
    }
  }
  return table;
}

export function backendsOf(port: ServicePort, slices: readonly EndpointSlice[]): readonly Backend[] {
  const ready: Backend[] = [];
  const terminating: Backend[] = [];
  for (const slice of slices) {
    const target = slice.ports?.find((candidate) => (candidate.name ?? '') === (port.name ?? ''))?.port;
    if (target === undefined || target === null) continue;
    for (const { addresses, conditions } of slice.endpoints ?? []) {
      const into =
        conditions?.ready !== false
          ? ready
          : conditions.serving === true && conditions.terminating === true
            ? terminating
            : undefined;
      for (const address of addresses) into?.push({ address, port: target });
    }
  }
  return ready.length > 0 ? ready : terminating;
}
