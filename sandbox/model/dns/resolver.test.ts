import { expect, it } from 'vitest';
import type { EndpointSlice, Service } from '../proxy/service.ts';
import { Resolver, candidates } from './resolver.ts';

const make = (name: string, spec: Service['spec']): Service => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'a' },
  spec,
});
const services = new Map([
  ['a/web', make('web', { clusterIP: '10.96.1.1' })],
  ['a/db', make('db', { clusterIP: 'None' })],
  ['a/out', make('out', { type: 'ExternalName', externalName: 'web.a.svc.cluster.local' })],
]);
const slices: EndpointSlice[] = [
  {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {},
    endpoints: [
      { addresses: ['10.244.1.2'], hostname: 'db-0', conditions: { ready: true } },
      { addresses: ['10.244.1.3'], conditions: { ready: false } },
    ],
  },
];
let up = true;
const resolver = new Resolver({
  zone: {
    service: (key) => services.get(key),
    slices: (key) => (key === 'a/db' ? slices : []),
    namespaceExists: (name) => name === 'a',
  },
  answers: () => up,
});
const conf = {
  nameserver: '10.96.0.10',
  search: ['a.svc.cluster.local', 'svc.cluster.local', 'cluster.local'],
  ndots: 5,
};

it.each([
  ['web', ['10.96.1.1']],
  ['web.a', ['10.96.1.1']],
  ['web.a.svc.cluster.local', ['10.96.1.1']],
  ['db', ['10.244.1.2']],
  ['db-0.db', ['10.244.1.2']],
  ['out', ['10.96.1.1']],
  ['10-244-1-9.a.pod.cluster.local', ['10.244.1.9']],
  ['nosuch', undefined],
  ['web.b', undefined],
  ['example.com', undefined],
])('R-NET-6: %s', (name, addresses) => {
  expect(resolver.resolve(name, conf)?.addresses).toEqual(addresses);
});

it('R-NET-7: search first below ndots, last from there on; a final dot is absolute', () => {
  expect(candidates('web', conf)).toEqual([
    'web.a.svc.cluster.local',
    'web.svc.cluster.local',
    'web.cluster.local',
    'web',
  ]);
  expect(candidates('a.b', { ...conf, ndots: 1 })[0]).toBe('a.b');
  expect(candidates('web.', conf)).toEqual(['web']);
});

it('R-NET-8: nothing is answered while nobody answers at the nameserver', () => {
  up = false;
  expect(resolver.query('web.a.svc.cluster.local', '10.96.0.10')).toBe('unreachable');
  up = true;
});
