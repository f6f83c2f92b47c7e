/** What a Pod's configuration may refer to: ConfigMaps, Secrets, claims, Services; read from the node's caches. */
import type { KubeObject } from '../../../kernel/kube/object.ts';
import { isRecord } from '../../../kernel/kube/object.ts';
import type { Service } from '../proxy/service.ts';
import type { Pod } from './pod.ts';

export interface Lookups {
  configMap(namespace: string, name: string): KubeObject | undefined;
  secret(namespace: string, name: string): KubeObject | undefined;
  claim(namespace: string, name: string): KubeObject | undefined;
  services(namespace: string): readonly Service[];
  /** Allocatable CPU and memory of the node, for missing limits in the downward API. */
  readonly node: { readonly name: string; readonly ip: string; readonly cpu: string; readonly memory: string };
}

/** The configuration cannot be made; the message is the kubelet's. */
export class ConfigTrouble extends Error {}

export function valuesOf(object: KubeObject): ReadonlyMap<string, Uint8Array> {
  const values = new Map<string, Uint8Array>();
  const text = (field: string, encoding: 'utf8' | 'base64'): void => {
    const entries = object[field];
    if (isRecord(entries))
      for (const [key, value] of Object.entries(entries)) values.set(key, Buffer.from(String(value), encoding));
  };
  text('binaryData', 'base64');
  text('data', object.kind === 'Secret' ? 'base64' : 'utf8');
  text('stringData', 'utf8');
  return values;
}

/** A downward API field of a Pod; undefined when the path is none. */
export function podField(pod: Pod, path: string, lookups: Lookups, podIP: string | undefined): string | undefined {
  const { metadata, spec } = pod;
  const keyed = /^metadata\.(labels|annotations)\['(.+)'\]$/.exec(path);
  if (keyed) return (keyed[1] === 'labels' ? metadata.labels : metadata.annotations)?.[keyed[2] ?? ''] ?? '';
  switch (path) {
    case 'metadata.name':
      return metadata.name ?? '';
    case 'metadata.namespace':
      return metadata.namespace ?? '';
    case 'metadata.uid':
      return metadata.uid ?? '';
    case 'metadata.labels':
      return lines(metadata.labels);
    case 'metadata.annotations':
      return lines(metadata.annotations);
    case 'spec.nodeName':
      return spec.nodeName ?? '';
    case 'spec.serviceAccountName':
      return spec.serviceAccountName ?? 'default';
    case 'status.hostIP':
    case 'status.hostIPs':
      return lookups.node.ip;
    case 'status.podIP':
    case 'status.podIPs':
      return podIP ?? '';
    default:
      return undefined;
  }
}

function lines(map: Readonly<Record<string, string>> | undefined): string {
  return Object.entries(map ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
    .join('\n');
}

const UNITS: Readonly<Record<string, number>> = {
  '1': 1,
  '1m': 0.001,
  '1k': 1e3,
  '1M': 1e6,
  '1G': 1e9,
  '1Ki': 1024,
  '1Mi': 1024 ** 2,
  '1Gi': 1024 ** 3,
};

export function unitOf(divisor: string | undefined): number {
  return UNITS[divisor ?? '1'] ?? 1;
}
