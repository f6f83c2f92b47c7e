import { expect, it } from 'vitest';
import { seededRandom } from '../../../kernel/random.ts';
import type { Informer } from '../../client/informer.ts';
import { Forwarder } from './forwarder.ts';
import type { EndpointSlice, Service } from './service.ts';

/** The part of an informer that a forwarder reads. */
function caches<T>(objects: readonly T[]): Informer<T & Service> & Informer<T & EndpointSlice> {
  const cache = { list: () => objects, by: () => objects, onChange: () => ({ dispose: () => undefined }) };
  return cache as unknown as Informer<T & Service> & Informer<T & EndpointSlice>;
}

function forwarder(spec: Service['spec'], addresses: readonly string[]): Forwarder {
  const service: Service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'web', namespace: 'a' }, spec };
  const slice: EndpointSlice = {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {},
    ports: [{ port: 8080 }],
    endpoints: addresses.map((address) => ({ addresses: [address], conditions: { ready: true } })),
  };
  return new Forwarder({
    services: caches([service]),
    slices: caches([slice]),
    nodeAddresses: new Set(['172.18.0.2', '172.18.0.3']),
    random: seededRandom('forwarder'),
  });
}

const CLUSTER_IP = { address: '10.96.1.1', port: 80 };
const spec: Service['spec'] = { clusterIP: CLUSTER_IP.address, ports: [{ port: 80, nodePort: 30080 }] };
const three = ['10.244.1.2', '10.244.1.3', '10.244.2.2'];
const backends = (proxy: Forwarder, from: string): Set<string> =>
  new Set(Array.from({ length: 40 }, () => JSON.stringify(proxy.forward(CLUSTER_IP, from))));

it('a NodePort leads to the backends from every node, and from no other address', () => {
  const proxy = forwarder(spec, ['10.244.1.2']);
  const backend = { address: '10.244.1.2', port: 8080 };
  for (const address of ['172.18.0.2', '172.18.0.3'])
    expect(proxy.forward({ address, port: 30080 }, '10.244.2.9')).toEqual(backend);
  expect(proxy.forward({ address: '172.18.0.2', port: 30081 }, 'x')).toBeUndefined();
  expect(proxy.forward({ address: '10.244.1.2', port: 30080 }, 'x')).toBeUndefined();
  expect(forwarder(spec, []).forward({ address: '172.18.0.3', port: 30080 }, 'x')).toBe('refused');
});

it('R-NET-5: with ClientIP affinity a client keeps its backend; without, all are used', () => {
  expect(backends(forwarder(spec, three), 'client').size).toBe(3);
  const sticky = forwarder({ ...spec, sessionAffinity: 'ClientIP' }, three);
  expect(backends(sticky, 'client').size).toBe(1);
  const each = Array.from({ length: 30 }, (_, i) => [...backends(sticky, `client-${i}`)][0]);
  expect(new Set(each).size).toBe(3);
});
