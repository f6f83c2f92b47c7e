/** What a Service is given, keeps and gives back: R-SVC. */
import { expect, test } from 'vitest';
import { ManualClock } from '../../../../kernel/clock.manual.ts';
import type { KubeObject } from '../../../../kernel/kube/object.ts';
import { seededRandom } from '../../../../kernel/random.ts';
import type { WriteContext } from '../kind.ts';
import { items, spec } from './parts/reading.ts';
import { service } from './service.ts';

function context(stored: readonly KubeObject[] = []): WriteContext {
  return {
    clock: new ManualClock(),
    random: seededRandom('svc'),
    lookup: { get: () => undefined, list: () => stored },
    warn: () => undefined,
  };
}

function make(name: string, given: object): KubeObject {
  const object = { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace: 'n' }, spec: given };
  return service.defaults?.(object) ?? object;
}

function create(name: string, given: object, stored: readonly KubeObject[] = []): KubeObject {
  return service.onCreate?.(make(name, given), context(stored)) ?? make(name, given);
}

function update(next: KubeObject, previous: KubeObject): KubeObject {
  const filled = service.defaults?.(next) ?? next;
  return service.onUpdate?.(filled, previous, context([previous])) ?? filled;
}

const ports = [{ port: 80 }];

test('addresses and node ports come from the upper bands and are never given twice', () => {
  const stored: KubeObject[] = [];
  for (let i = 0; i < 200; i++) stored.push(create(`s${i}`, { type: 'NodePort', ports }, stored));
  const addresses = stored.map((object) => String(spec(object)['clusterIP']));
  const nodePorts = stored.map((object) => Number(items(spec(object)['ports'])[0]?.['nodePort']));
  expect(new Set(addresses).size).toBe(200);
  expect(new Set(nodePorts).size).toBe(200);
  expect(addresses.every((address) => /^10\.96\.\d+\.\d+$/.test(address) && !address.startsWith('10.96.0.'))).toBe(
    true,
  );
  expect(Math.min(...nodePorts)).toBeGreaterThanOrEqual(30_086);
  expect(Math.max(...nodePorts)).toBeLessThanOrEqual(32_767);
});

test('what is taken, or outside the range, is refused in upstream words', () => {
  const first = create('a', { clusterIP: '10.96.0.10', type: 'NodePort', ports: [{ port: 80, nodePort: 30_001 }] });
  expect(() => create('b', { clusterIP: '10.96.0.10', ports }, [first])).toThrow(
    'Service "b" is invalid: spec.clusterIPs: Invalid value: ["10.96.0.10"]: failed to allocate IP 10.96.0.10: provided IP is already allocated',
  );
  expect(() => create('b', { clusterIP: '10.9.0.1', ports })).toThrow(
    'the provided IP (10.9.0.1) is not in the valid range. The range of valid IPs is 10.96.0.0/16',
  );
  expect(() => create('b', { type: 'NodePort', ports: [{ port: 80, nodePort: 30_001 }] }, [first])).toThrow(
    'Service "b" is invalid: spec.ports[0].nodePort: Invalid value: 30001: provided port is already allocated',
  );
  expect(() => create('b', { type: 'NodePort', ports: [{ port: 80, nodePort: 80 }] })).toThrow(
    'provided port is not in the valid range. The range of valid ports is 30000-32767',
  );
});

test('an update that leaves address and node port out keeps both', () => {
  const before = create('a', { type: 'NodePort', ports });
  const after = update(make('a', { type: 'NodePort', ports }), before);
  expect(spec(after)).toEqual(spec(before));
});

test('a type without node ports loses them, ExternalName also the address', () => {
  const before = create('a', { type: 'NodePort', ports });
  const plain = update({ ...before, spec: { ...spec(before), type: 'ClusterIP' } }, before);
  expect(items(spec(plain)['ports'])[0]).not.toHaveProperty('nodePort');
  expect(spec(plain)).not.toHaveProperty('externalTrafficPolicy');
  expect(service.validate?.(plain)).toEqual([]);
  const external = update({ ...plain, spec: { ...spec(plain), type: 'ExternalName', externalName: 'a.b' } }, plain);
  expect(spec(external)).not.toHaveProperty('clusterIP');
  expect(service.validate?.(external)).toEqual([]);
  const back = update(
    { ...external, spec: { ...spec(external), type: 'ClusterIP', externalName: undefined } },
    external,
  );
  expect(String(spec(back)['clusterIP'])).toMatch(/^10\.96\./);
});

test('one number may serve two protocols', () => {
  const both = [
    { name: 't', port: 53, nodePort: 30_053 },
    { name: 'u', port: 53, protocol: 'UDP', nodePort: 30_053 },
  ];
  expect(
    items(spec(create('dns', { type: 'NodePort', ports: both }))['ports']).map(({ nodePort }) => nodePort),
  ).toEqual([30_053, 30_053]);
});
