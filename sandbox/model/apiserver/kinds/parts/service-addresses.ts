/**
 * Cluster addresses and node ports of Services, given out so that none is used twice. What is taken is read from the stored
 * Services themselves, so deleting one frees its own. Source: kubernetes `pkg/registry/core/service` (wire-spec §20).
 */
import { isIP } from 'node:net';
import type { KubeObject } from '../../../../../kernel/kube/object.ts';
import { randomInt } from '../../../../../kernel/random.ts';
import { invalid as invalidError } from '../../errors.ts';
import type { Invalid, WriteContext } from '../../kind.ts';
import { invalid } from '../../validation/causes.ts';
import type { Fields } from './reading.ts';
import { items, spec, text, texts, whole } from './reading.ts';

/** kubeadm's service subnet, as an IPv4 number, and how many addresses it has. */
const FIRST_ADDRESS = 0x0a600000;
const ADDRESSES = 65_536;
const RANGE = '10.96.0.0/16';
/** Addresses below are kept for those who ask for one by name. Source: `ipallocator` (KEP-3070). */
const STATIC_ADDRESSES = 256;
const FIRST_PORT = 30_000;
const LAST_PORT = 32_767;
/** As with addresses (KEP-3668). */
const STATIC_PORTS = 86;

/** Whether a Service of this type has an address of its own. */
export function needsAddress(service: KubeObject): boolean {
  return spec(service)['type'] !== 'ExternalName';
}

/** Whether a Service of this type opens a port on each node. */
export function needsNodePorts(service: KubeObject): boolean {
  const { type, allocateLoadBalancerNodePorts } = spec(service);
  return type === 'NodePort' || (type === 'LoadBalancer' && allocateLoadBalancerNodePorts !== false);
}

/**
 * The spec with address and ports filled in. Throws a 422 StatusError when what was asked for cannot be had. An address that
 * the previous state of the Service has is not looked at again: changing it is for validation to refuse.
 */
export function allocate(service: KubeObject, context: WriteContext, previous?: KubeObject): Fields {
  const others = context.lookup.list('services').filter((other) => !isSame(other, service));
  const fixed = previous !== undefined && needsAddress(previous);
  const withAddress =
    needsAddress(service) && !fixed ? { ...spec(service), ...addressOf(service, others, context) } : spec(service);
  return withPorts({ ...service, spec: withAddress }, others, context);
}

function isSame(a: KubeObject, b: KubeObject): boolean {
  return a.metadata.name === b.metadata.name && a.metadata.namespace === b.metadata.namespace;
}

function refuse(service: KubeObject, cause: Invalid): never {
  throw invalidError({ group: '', kind: 'Service' }, service.metadata.name ?? '', [cause]);
}

function addressOf(service: KubeObject, others: readonly KubeObject[], context: WriteContext): Fields {
  const asked = text(spec(service)['clusterIP']) || (texts(spec(service)['clusterIPs'])[0] ?? '');
  const address =
    asked === 'None'
      ? asked
      : asked === ''
        ? freeAddress(service, others, context)
        : checkedAddress(service, asked, others);
  return { clusterIP: address, clusterIPs: [address] };
}

function takenAddresses(others: readonly KubeObject[]): ReadonlySet<string> {
  return new Set(others.map((other) => text(spec(other)['clusterIP'])));
}

function checkedAddress(service: KubeObject, asked: string, others: readonly KubeObject[]): string {
  // What is no address at all is for validation to refuse.
  if (isIP(asked) === 0) return asked;
  const offset = toNumber(asked) - FIRST_ADDRESS;
  const failure = !(offset > 0 && offset < ADDRESSES - 1)
    ? `the provided IP (${asked}) is not in the valid range. The range of valid IPs is ${RANGE}`
    : takenAddresses(others).has(asked)
      ? 'provided IP is already allocated'
      : '';
  if (failure === '') return asked;
  return refuse(service, invalid('spec.clusterIPs', [asked], `failed to allocate IP ${asked}: ${failure}`));
}

function freeAddress(service: KubeObject, others: readonly KubeObject[], { random }: WriteContext): string {
  const taken = takenAddresses(others);
  const start = randomInt(random, STATIC_ADDRESSES, ADDRESSES - 2);
  for (let step = 0; step < ADDRESSES - 2; step++) {
    const address = toAddress(FIRST_ADDRESS + 1 + ((start - 1 + step) % (ADDRESSES - 2)));
    if (!taken.has(address)) return address;
  }
  return refuse(service, invalid('spec.clusterIPs', [], 'failed to allocate a serviceIP: range is full'));
}

function toNumber(address: string): number {
  const parts = address.split('.').map(Number);
  return parts.length === 4 ? parts.reduce((sum, part) => sum * 256 + part, 0) : Number.NaN;
}

function toAddress(value: number): string {
  return [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join('.');
}

function withPorts(service: KubeObject, others: readonly KubeObject[], context: WriteContext): Fields {
  const given = spec(service);
  const balancer = given['type'] === 'LoadBalancer';
  if (!balancer && given['type'] !== 'NodePort') return given;
  const taken = takenPorts(others);
  /** One number may serve two protocols of the same Service. */
  const own = new Map<string, string>();
  const ports = items(given['ports']).map((port, index) => {
    const asked = whole(port['nodePort']);
    if (asked === 0 && !needsNodePorts(service)) return port;
    const protocol = text(port['protocol']);
    if (asked !== 0 && own.has(String(asked)) && own.get(String(asked)) !== protocol) return port;
    const nodePort =
      asked === 0
        ? freePort(service, taken, context)
        : checkedPort({ service, asked, taken, field: `spec.ports[${index}].nodePort` });
    taken.add(nodePort);
    own.set(String(nodePort), protocol);
    return { ...port, nodePort };
  });
  const result = given['ports'] === undefined ? given : { ...given, ports };
  if (!balancer || given['externalTrafficPolicy'] !== 'Local' || whole(given['healthCheckNodePort']) !== 0)
    return result;
  return { ...result, healthCheckNodePort: freePort(service, taken, context) };
}

function takenPorts(others: readonly KubeObject[]): Set<number> {
  const taken = new Set<number>();
  for (const other of others) {
    for (const port of items(spec(other)['ports'])) taken.add(whole(port['nodePort']));
    taken.add(whole(spec(other)['healthCheckNodePort']));
  }
  return taken;
}

function checkedPort({
  service,
  asked,
  taken,
  field,
}: {
  service: KubeObject;
  asked: number;
  taken: ReadonlySet<number>;
  field: string;
}): number {
  if (asked < FIRST_PORT || asked > LAST_PORT) {
    return refuse(
      service,
      invalid(
        field,
        asked,
        `provided port is not in the valid range. The range of valid ports is ${FIRST_PORT}-${LAST_PORT}`,
      ),
    );
  }
  return taken.has(asked) ? refuse(service, invalid(field, asked, 'provided port is already allocated')) : asked;
}

function freePort(service: KubeObject, taken: ReadonlySet<number>, { random }: WriteContext): number {
  const size = LAST_PORT - FIRST_PORT + 1;
  const start = randomInt(random, STATIC_PORTS, size - 1);
  for (let step = 0; step < size; step++) {
    const port = FIRST_PORT + ((start + step) % size);
    if (!taken.has(port)) return port;
  }
  return refuse(service, invalid('spec.ports[0].nodePort', 0, 'failed to allocate a nodePort: range is full'));
}
