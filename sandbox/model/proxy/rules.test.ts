import { expect, it } from 'vitest';
import { buildRules } from './rules.ts';
import type { EndpointSlice, Service } from './service.ts';

const service: Service = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web', namespace: 'a' },
  spec: {
    clusterIP: '10.96.1.1',
    ports: [
      { name: 'http', port: 80, nodePort: 30080 },
      { name: 'admin', port: 81 },
    ],
  },
};
const slice = (
  conditions: { ready?: boolean; serving?: boolean; terminating?: boolean },
  address = '10.244.1.2',
): EndpointSlice => ({
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: {},
  ports: [{ name: 'http', port: 8080 }],
  endpoints: [{ addresses: [address], conditions }],
});

it('sends each named port to the ready endpoints, and node ports too', () => {
  const rules = buildRules([service], () => [slice({ ready: true }), slice({ ready: false }, '10.244.1.3')]);
  expect(rules.get('10.96.1.1:80/TCP')?.backends).toEqual([{ address: '10.244.1.2', port: 8080 }]);
  expect(rules.get('*:30080/TCP')?.backends).toHaveLength(1);
});

it('R-NET-3: a port without endpoints stays as a rule without backends; other ports are no rules', () => {
  const rules = buildRules([service], () => [slice({ ready: true })]);
  expect(rules.get('10.96.1.1:81/TCP')?.backends).toEqual([]);
  expect(rules.has('10.96.1.1:82/TCP')).toBe(false);
});

it('R-NET-4: falls back to endpoints that serve while they terminate', () => {
  const rules = buildRules([service], () => [slice({ ready: false, serving: true, terminating: true })]);
  expect(rules.get('10.96.1.1:80/TCP')?.backends).toHaveLength(1);
});

it('makes no rules for headless and external Services', () => {
  const headless: Service = { ...service, spec: { ...service.spec, clusterIP: 'None' } };
  const external: Service = { ...service, spec: { type: 'ExternalName', externalName: 'x.y', clusterIP: '' } };
  expect(buildRules([headless, external], () => []).size).toBe(0);
});
