/**
 * The names that cluster DNS knows, as a pure lookup. Source: the Kubernetes DNS specification, as CoreDNS's `kubernetes` plugin
 * answers it.
 * R-NET-6: `svc.ns.svc.cluster.local` → cluster IP; headless → one address per ready endpoint, and `hostname.svc…` each;
 * ExternalName → the alias; `1-2-3-4.ns.pod.cluster.local` → that address (`pods insecure`).
 */
import type { EndpointSlice, Service } from '../proxy/service.ts';

export interface Zone {
  service(key: string): Service | undefined;
  slices(key: string): readonly EndpointSlice[];
  namespaceExists(name: string): boolean;
}

export type DnsAnswer =
  | { readonly kind: 'addresses'; readonly addresses: readonly string[] }
  | { readonly kind: 'alias'; readonly target: string };

const DOMAIN = '.cluster.local';

/** Undefined: NXDOMAIN. `name` is absolute, with or without its last dot. */
export function lookUp(name: string, zone: Zone): DnsAnswer | undefined {
  const absolute = name.toLowerCase().replace(/\.$/, '');
  if (!absolute.endsWith(DOMAIN)) return undefined;
  const labels = absolute.slice(0, -DOMAIN.length).split('.');
  const type = labels.pop();
  const namespace = labels.pop();
  if (namespace === undefined || labels.length === 0) return undefined;
  if (type === 'pod') return podAnswer(labels, namespace, zone);
  if (type !== 'svc' || labels.length > 2) return undefined;
  const key = `${namespace}/${labels.at(-1)}`;
  const service = zone.service(key);
  if (!service) return undefined;
  const { spec } = service;
  const host = labels.length === 2 ? labels[0] : undefined;
  if (spec.type === 'ExternalName')
    return host === undefined ? { kind: 'alias', target: spec.externalName ?? '' } : undefined;
  if (spec.clusterIP !== 'None')
    return host === undefined && spec.clusterIP ? { kind: 'addresses', addresses: [spec.clusterIP] } : undefined;
  return headless(zone.slices(key), host);
}

function podAnswer(labels: readonly string[], namespace: string, zone: Zone): DnsAnswer | undefined {
  const address = labels.length === 1 ? labels[0]?.replaceAll('-', '.') : undefined;
  if (address === undefined || !/^\d{1,3}(\.\d{1,3}){3}$/.test(address) || !zone.namespaceExists(namespace))
    return undefined;
  return { kind: 'addresses', addresses: [address] };
}

function headless(slices: readonly EndpointSlice[], host: string | undefined): DnsAnswer | undefined {
  const addresses: string[] = [];
  for (const { endpoints } of slices) {
    for (const endpoint of endpoints ?? []) {
      if (endpoint.conditions?.ready === false) continue;
      const named = endpoint.hostname ?? endpoint.addresses[0]?.replaceAll('.', '-');
      if (host === undefined || named === host) addresses.push(...endpoint.addresses);
    }
  }
  return addresses.length > 0 ? { kind: 'addresses', addresses } : undefined;
}
