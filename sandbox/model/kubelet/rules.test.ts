import { describe, expect, it } from 'vitest';
import type { Layer } from '../runtime/files.ts';
import { completeName, findImage } from '../runtime/images/catalogue.ts';
import type { Image } from '../runtime/images/image.ts';
import { BackOff, goSeconds } from './back-off.ts';
import { commandOf, environmentOf, substitute } from './environment.ts';
import type { Lookups } from './lookups.ts';
import type { ContainerSpec, Pod } from './pod.ts';
import { restartPolicyOf } from './pod.ts';
import { NodeStorage, mountVolume } from './volumes.ts';

const lookups: Lookups = {
  configMap: (_, name) =>
    name === 'cm'
      ? { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { a: 'one', b: 'two' } }
      : undefined,
  secret: (_, name) =>
    name === 's' ? { apiVersion: 'v1', kind: 'Secret', metadata: { name }, data: { k: 'aGk=' } } : undefined,
  claim: () => undefined,
  services: (namespace) => [
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: namespace === 'default' ? 'kubernetes' : 'my-db', namespace },
      spec: { clusterIP: '10.96.0.9', ports: [{ port: 5432 }] },
    },
  ],
  node: { name: 'n', ip: '172.18.0.3', cpu: '4', memory: '8Gi' },
};
const pod: Pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', namespace: 'a' }, spec: { containers: [] } };
const environment = (container: Partial<ContainerSpec>): Map<string, string> =>
  environmentOf({ pod, container: { name: 'c', image: 'i', ...container }, lookups, podIP: '10.244.1.2' });

describe('environment', () => {
  it('R-KUBELET-4: Services, envFrom, env and references in that order', () => {
    const env = environment({
      envFrom: [{ prefix: 'P_', configMapRef: { name: 'cm' } }],
      env: [
        { name: 'X', value: '$(P_a) $$(P_a) $(NOPE)' },
        { name: 'IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
        { name: 'S', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } },
        { name: 'M', valueFrom: { resourceFieldRef: { resource: 'limits.memory', divisor: '1Gi' } } },
      ],
    });
    expect(Object.fromEntries(env)).toMatchObject({
      MY_DB_SERVICE_HOST: '10.96.0.9',
      KUBERNETES_SERVICE_PORT: '5432',
      P_b: 'two',
      X: 'one $(P_a) $(NOPE)',
      IP: '10.244.1.2',
      S: 'hi',
      M: '8',
    });
  });

  it.each([
    [{ envFrom: [{ secretRef: { name: 'no' } }] }, 'secret "no" not found'],
    [
      { env: [{ name: 'X', valueFrom: { configMapKeyRef: { name: 'cm', key: 'z' } } }] },
      "couldn't find key z in ConfigMap a/cm",
    ],
  ])('names what is missing', (container, words) => {
    expect(() => environment(container)).toThrow(words);
    expect(substitute('$$', new Map())).toBe('$');
  });

  it('R-KUBELET-5: command and args over the image', () => {
    const image: Image = { ...imageOf('agnhost'), entrypoint: ['/agnhost'], cmd: ['pause'] };
    const of = (container: Partial<ContainerSpec>): string[] =>
      commandOf({ name: 'c', image: 'i', ...container }, image, new Map());
    expect(of({})).toEqual(['/agnhost', 'pause']);
    expect(of({ args: ['x'] })).toEqual(['/agnhost', 'x']);
    expect(of({ command: ['sh'] })).toEqual(['sh']);
  });
});

function imageOf(name: string): Image {
  const image = findImage(`registry.k8s.io/e2e-test-images/${name}:2.63.0`);
  if (!image) throw new Error('not in the catalogue');
  return image;
}

it('R-KUBELET-3: 0, 10, 20 … 300 s, forgotten after a long run', () => {
  const backOff = new BackOff();
  const waits = Array.from({ length: 8 }, () => backOff.next(0) / 1000);
  expect(waits).toEqual([0, 10, 20, 40, 80, 160, 300, 300]);
  expect(backOff.next(2_000_000)).toBe(0);
  expect([goSeconds(10_000), goSeconds(160_000), goSeconds(300_000)]).toEqual(['10s', '2m40s', '5m0s']);
});

it('R-KUBELET-6: volumes by kind', () => {
  const storage = new NodeStorage(new Map<string, Layer>());
  const scope = { pod, lookups, storage, podIP: undefined, token: undefined, now: 0 };
  expect(
    mountVolume({ name: 'v', configMap: { name: 'cm', items: [{ key: 'a', path: 'x/y' }] } }, scope).layer.get('x/y')
      ?.kind,
  ).toBe('file');
  expect(() => mountVolume({ name: 'v', secret: { secretName: 'no' } }, scope)).toThrow('secret "no" not found');
  const first = mountVolume({ name: 'v', hostPath: { path: '/data' } }, scope);
  expect(mountVolume({ name: 'w', hostPath: { path: '/data' } }, scope).layer).toBe(first.layer);
  expect(() => mountVolume({ name: 'v', hostPath: { path: '/nope', type: 'Directory' } }, scope)).toThrow(
    'hostPath type check failed: /nope is not a directory',
  );
});

it.each([
  ['nginx', 'docker.io/library/nginx:latest'],
  ['a/b:1', 'docker.io/a/b:1'],
  ['registry.k8s.io/pause:3.10', 'registry.k8s.io/pause:3.10'],
  ['localhost:5000/x', 'localhost:5000/x:latest'],
  ['Not An Image', undefined],
])('R-RUNTIME-4: %s', (name, full) => {
  expect(completeName(name)).toBe(full);
});

it('a restart policy holds for main containers and sidecars, ends init steps, and leaves ephemeral ones alone', () => {
  const [main, step, sidecar, debug] = ['main', 'step', 'sidecar', 'debug'].map((name) => ({ name, image: 'i' }));
  if (!main || !step || !sidecar || !debug) throw new Error('four containers');
  const always = { ...sidecar, restartPolicy: 'Always' };
  const policies = (restartPolicy: string): string[] => {
    const spec = { restartPolicy, containers: [main], initContainers: [step, always], ephemeralContainers: [debug] };
    return [main, step, always, debug].map((one) => restartPolicyOf({ ...pod, spec }, one));
  };
  expect(policies('Always')).toEqual(['Always', 'OnFailure', 'Always', 'Never']);
  expect(policies('Never')).toEqual(['Never', 'Never', 'Always', 'Never']);
});
