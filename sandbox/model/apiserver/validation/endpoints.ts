/** EndpointSlices and Endpoints. Source: kubernetes `ValidateEndpointSlice` (pkg/apis/discovery/validation), `ValidateEndpoints`. */
import { isIPv4, isIPv6 } from 'node:net';
import type { KubeObject } from '../../../../kernel/kube/object.ts';
import type { Invalid } from '../kind.ts';
import type { Fields } from '../kinds/parts/reading.ts';
import { items, text, texts, whole } from '../kinds/parts/reading.ts';
import { ipAddress, reachableAddress } from './addresses.ts';
import { duplicate, invalid, invalids, oneOf, required, tooMany } from './causes.ts';
import { dnsLabel, dnsSubdomain, portNumber } from './names.ts';

const TYPES = ['FQDN', 'IPv4', 'IPv6'];
const PROTOCOLS = ['SCTP', 'TCP', 'UDP'];
const MOST_ENDPOINTS = 1000;
const MOST_PORTS = 100;

export function endpointSliceCauses(object: KubeObject): readonly Invalid[] {
  const type = text(object['addressType']);
  if (type === '') return [required('addressType')];
  const unknown = oneOf('addressType', type, TYPES);
  return unknown.length > 0 ? unknown : [...ports(object), ...endpoints(object, type)];
}

function ports(object: KubeObject): readonly Invalid[] {
  const list = items(object['ports']);
  if (list.length > MOST_PORTS) return [tooMany('ports', list.length, MOST_PORTS)];
  const names = new Set<string>();
  return list.flatMap((entry, i) => {
    const name = text(entry['name']);
    const causes: Invalid[] = name === '' ? [] : [...invalids(`ports[${i}].name`, name, dnsLabel(name))];
    if (names.has(name)) causes.push(duplicate(`ports[${i}].name`, name));
    names.add(name);
    return [...causes, ...oneOf(`ports[${i}].protocol`, text(entry['protocol']), PROTOCOLS)];
  });
}

function endpoints(object: KubeObject, type: string): readonly Invalid[] {
  const list = items(object['endpoints']);
  if (list.length > MOST_ENDPOINTS) return [tooMany('endpoints', list.length, MOST_ENDPOINTS)];
  return list.flatMap((endpoint, i) => {
    const at = `endpoints[${i}]`;
    const [node, host] = [text(endpoint['nodeName']), text(endpoint['hostname'])];
    return [
      ...addresses(`${at}.addresses`, endpoint, type),
      ...(node === '' ? [] : invalids(`${at}.nodeName`, node, dnsSubdomain(node))),
      ...(host === '' ? [] : invalids(`${at}.hostname`, host, dnsLabel(host))),
    ];
  });
}

function addresses(field: string, endpoint: Fields, type: string): readonly Invalid[] {
  const given = texts(endpoint['addresses']);
  if (given.length === 0) return [required(field, 'must contain at least 1 address')];
  if (given.length > MOST_PORTS) return [tooMany(field, given.length, MOST_PORTS)];
  return given.flatMap((address, i) => {
    const at = `${field}[${i}]`;
    if (type === 'FQDN') return invalids(at, address, dnsSubdomain(address));
    const shape = ipAddress(at, address);
    if (shape.length > 0) return shape;
    const family = type === 'IPv4' ? isIPv4(address) : isIPv6(address);
    return [
      ...(family ? [] : [invalid(field, address, `must be an ${type} address`)]),
      ...reachableAddress(at, address),
    ];
  });
}

export function endpointsCauses(object: KubeObject): readonly Invalid[] {
  return items(object['subsets']).flatMap((subset, i) => {
    const at = `subsets[${i}]`;
    const lists = ['addresses', 'notReadyAddresses'];
    if (lists.every((list) => items(subset[list]).length === 0))
      return [required(at, 'must specify `addresses` or `notReadyAddresses`')];
    return [
      ...lists.flatMap((list) =>
        items(subset[list]).flatMap(({ ip }, j) => oldAddress(`${at}.${list}[${j}].ip`, text(ip))),
      ),
      ...items(subset['ports']).flatMap((entry, j) => [
        ...invalids(`${at}.ports[${j}].port`, whole(entry['port']), portNumber(whole(entry['port']))),
        ...oneOf(`${at}.ports[${j}].protocol`, text(entry['protocol']), PROTOCOLS),
      ]),
    ];
  });
}

/** Upstream judges the shape twice. */
function oldAddress(field: string, ip: string): readonly Invalid[] {
  const shape = ipAddress(field, ip);
  return shape.length > 0 ? [...shape, invalid(field, ip, 'must be a valid IP address')] : reachableAddress(field, ip);
}
