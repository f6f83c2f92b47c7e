import { describe, expect, test } from 'vitest';
import type { EndpointSlice, Pod, Service } from '../../../client/kinds.ts';
import { decideEndpoints } from './decide.ts';

const service = (spec: Partial<Service['spec']> = {}): Service => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web', namespace: 'default' },
  spec: { selector: { app: 'web' }, ports: [{ port: 80, targetPort: 'http' }], ...spec },
});

interface Fields {
  readonly ready?: boolean;
  readonly deleting?: boolean;
  readonly port?: number;
  readonly portName?: string;
  readonly ip?: string | null;
  readonly phase?: string;
}

function pod(
  name: string,
  { ready = true, deleting, port = 8080, portName = 'http', ip, phase = 'Running' }: Fields = {},
): Pod {
  const address = ip === null ? {} : { podIP: ip ?? `10.0.0.${name}` };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: 'default',
      uid: name,
      labels: { app: 'web' },
      deletionTimestamp: deleting ? 'now' : undefined,
    },
    spec: { containers: [{ name: 'c', ports: [{ name: portName, containerPort: port }] }], nodeName: 'n' },
    status: { phase, ...address, conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }] },
  };
}

const decide = (
  one: Service,
  pods: readonly Pod[],
  slices: readonly EndpointSlice[] = [],
): ReturnType<typeof decideEndpoints> => decideEndpoints({ service: one, pods, slices, node: () => undefined });

describe('endpoints', () => {
  test.each<[string, Pod, { ready: boolean; serving: boolean; terminating: boolean }]>([
    ['ready', pod('1'), { ready: true, serving: true, terminating: false }],
    ['not ready', pod('1', { ready: false }), { ready: false, serving: false, terminating: false }],
    ['being deleted', pod('1', { deleting: true }), { ready: false, serving: true, terminating: true }],
  ])('of a Pod that is %s', (_, one, conditions) => {
    expect(decide(service(), [one]).create[0]?.endpoints[0]?.conditions).toEqual(conditions);
  });

  test('count as ready when the Service publishes them anyway', () => {
    const { create } = decide(service({ publishNotReadyAddresses: true }), [pod('1', { ready: false })]);
    expect(create[0]?.endpoints[0]?.conditions).toEqual({ ready: true, serving: false, terminating: false });
  });

  test('leave out Pods without an IP and those that ended', () => {
    expect(decide(service(), [pod('1', { ip: null }), pod('2', { phase: 'Succeeded' })]).create).toEqual([
      { endpoints: [], ports: [] },
    ]);
  });

  test('a port name is looked up in each Pod; where it is unknown the slice has no port', () => {
    const { create } = decide(service(), [pod('1'), pod('2', { port: 9090 }), pod('3', { portName: 'web' })]);
    expect(
      create.map(({ ports, endpoints }) => [
        ports.map(({ port }) => port),
        endpoints.map(({ addresses }) => addresses[0]),
      ]),
    ).toEqual([
      [[8080], ['10.0.0.1']],
      [[9090], ['10.0.0.2']],
      [[], ['10.0.0.3']],
    ]);
  });

  test('fill slices of 100', () => {
    const pods = Array.from({ length: 101 }, (_, i) => pod(String(i)));
    expect(decide(service(), pods).create.map(({ endpoints }) => endpoints.length)).toEqual([100, 1]);
  });

  test('are not made without a selector, and what is right is left alone', () => {
    expect(decide(service({ selector: undefined }), [pod('1')]).create).toEqual([]);
    const [content] = decide(service(), [pod('1')]).create;
    const slice: EndpointSlice = {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { name: 's' },
      addressType: 'IPv4',
      ...content,
    };
    expect(decide(service(), [pod('1')], [slice])).toEqual({ create: [], update: [], remove: [] });
    expect(decide(service(), [pod('1', { ready: false })], [slice]).update).toHaveLength(1);
    expect(decide(service({ selector: undefined }), [], [slice]).remove).toEqual([slice]);
  });
});
