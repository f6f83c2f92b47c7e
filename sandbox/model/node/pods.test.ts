/** Rules of kubelet and network that need a whole cluster to be seen. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sleep, systemClock } from '../../../kernel/clock.ts';
import { readPath } from '../../../kernel/kube/field-path.ts';
import type { KubeObject } from '../../../kernel/kube/object.ts';
import { seededRandom } from '../../../kernel/random.ts';
import { ApiClient } from '../../client/client.ts';
import type { Sandbox } from '../../contract.ts';
import { TestServer } from '../apiserver/server-for-test.ts';
import { modelDriver } from '../driver.ts';
import type { ContainerSpec, Pod } from '../kubelet/pod.ts';
import { nodesOf } from '../topology.ts';
import { Registration } from './registration.ts';

const driver = modelDriver({});
const WORKER = 'drydock-worker';
let sandbox: Sandbox;
beforeAll(async () => {
  const signal = new AbortController().signal;
  sandbox = await driver.create({ topology: 'K3', needs: [] }, { id: 'pods', onProgress: () => undefined, signal });
  await run('box', { command: ['sleep', '3600'] }, { nodeName: WORKER });
  await ready('box');
});
afterAll(() => driver.destroy('pods'));

async function run(name: string, container: Partial<ContainerSpec>, spec: object = {}): Promise<void> {
  await sandbox.cluster.apply([
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace: 'default', labels: { app: name } },
      spec: {
        terminationGracePeriodSeconds: 2,
        containers: [{ name: 'c', image: 'busybox:1.36', ...container }],
        ...spec,
      },
    },
  ]);
}
const ref = (name: string) => ({ apiVersion: 'v1', kind: 'Pod', namespace: 'default', name });
const get = async (name: string): Promise<Pod | undefined> => (await sandbox.cluster.get(ref(name))) as Pod | undefined;
const status = async (name: string) => (await get(name))?.status?.containerStatuses?.[0];
const ready = (name: string): Promise<void> => until(async () => (await status(name))?.ready === true);
const gone = async (name: string): Promise<void> => {
  await sandbox.cluster.delete(ref(name));
  await until(async () => (await get(name)) === undefined);
};
const sh = async (pod: string, text: string): Promise<string> => {
  const signal = new AbortController().signal;
  const { stdout, stderr } = await sandbox.cluster.exec({ namespace: 'default', pod }, ['sh', '-c', text], signal);
  return stdout + stderr;
};
async function until(met: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + 8_000;
  while (!(await met())) {
    if (performance.now() > end) throw new Error('not met in time');
    await sleep(systemClock, 5);
  }
}
const SLEEP = ['sh', '-c', 'trap "exit 0" TERM; while true; do sleep 0.05; done'];

test('R-KUBELET-6: a hostPath lives with its node, a claim with its volume; both outlive their Pods', async () => {
  await sandbox.cluster.apply([
    {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'claim', namespace: 'default' },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Mi' } } },
    },
  ]);
  const volumes = [
    { name: 'host', hostPath: { path: '/srv', type: 'DirectoryOrCreate' } },
    { name: 'claim', persistentVolumeClaim: { claimName: 'claim' } },
  ];
  const volumeMounts = [
    { name: 'host', mountPath: '/host' },
    { name: 'claim', mountPath: '/claim' },
  ];
  const container = { command: SLEEP, volumeMounts };
  await run('writer', container, { volumes, nodeSelector: { 'kubernetes.io/hostname': WORKER } });
  await ready('writer');
  await sh('writer', 'echo kept > /host/f; echo kept > /claim/f');
  await gone('writer');
  await run('reader', container, { volumes });
  await ready('reader');
  expect((await get('reader'))?.spec.nodeName).toBe(WORKER);
  expect(await sh('reader', 'cat /host/f /claim/f')).toBe('kept\nkept\n');
  await run(
    'elsewhere',
    { command: SLEEP, volumeMounts: volumeMounts.slice(0, 1) },
    { volumes: volumes.slice(0, 1), nodeName: 'drydock-worker2' },
  );
  await ready('elsewhere');
  expect(await sh('elsewhere', 'cat /host/f')).toMatch(/No such file/);
});

test('R-KUBELET-10: postStart runs beside the program, preStop before TERM', async () => {
  const volumes = [{ name: 'host', hostPath: { path: '/hooks', type: 'DirectoryOrCreate' } }];
  const volumeMounts = [{ name: 'host', mountPath: '/hooks' }];
  const write = (word: string) => ({ exec: { command: ['sh', '-c', `echo ${word} >> /hooks/log`] } });
  const command = ['sh', '-c', 'trap "echo term >> /hooks/log; exit 0" TERM; while true; do sleep 0.05; done'];
  await run(
    'hooked',
    { command, volumeMounts, lifecycle: { postStart: write('post'), preStop: write('pre') } },
    { volumes, nodeName: WORKER },
  );
  await ready('hooked');
  await gone('hooked');
  await run('after', { command: SLEEP, volumeMounts }, { volumes, nodeName: WORKER });
  await ready('after');
  expect(await sh('after', 'cat /hooks/log')).toBe('post\npre\nterm\n');
});

test('R-KUBELET-7: until the startup probe has succeeded, liveness waits and the container is not ready', async () => {
  const probe = { exec: { command: ['cat', '/up'] }, periodSeconds: 1, failureThreshold: 1 };
  await run('slow', {
    command: SLEEP,
    startupProbe: { ...probe, failureThreshold: 30 },
    livenessProbe: probe,
  });
  await until(async () => (await status('slow'))?.state?.running !== undefined);
  await sleep(systemClock, 1_500);
  expect(await status('slow')).toMatchObject({ started: false, ready: false, restartCount: 0 });
  await sh('slow', 'touch /up');
  await ready('slow');
  expect(await status('slow')).toMatchObject({ started: true, restartCount: 0 });
});

test('R-KUBELET-8: Never pulls nothing, Always pulls each time, IfNotPresent once a node', async () => {
  const on = { nodeName: 'drydock-worker2' };
  await run('never', { image: 'nginx:1.27', imagePullPolicy: 'Never' }, on);
  await until(async () => (await status('never'))?.state?.waiting?.reason === 'ErrImageNeverPull');
  const image = 'nginx:1.27';
  for (const [name, imagePullPolicy] of [
    ['first', 'IfNotPresent'],
    ['second', 'IfNotPresent'],
    ['always', 'Always'],
  ] as const) {
    await run(name, { image, imagePullPolicy }, on);
    await ready(name);
  }
  const { items } = await sandbox.cluster.list({ apiVersion: 'v1', kind: 'Event', namespace: 'default' });
  const pulls = (name: string): number =>
    items.filter((event: KubeObject) => {
      const about = event['involvedObject'] as { name?: string } | undefined;
      return event['reason'] === 'Pulling' && about?.name === name;
    }).length;
  expect(['never', 'first', 'second', 'always'].map(pulls)).toEqual([0, 1, 0, 1]);
});

test('a NodePort is reached at every node; R-NET-9: a Pod answers ping, a Service does not', async () => {
  const { cluster } = sandbox;
  await run('web', { image: 'nginx:1.27' });
  const port = { port: 80, nodePort: 30080 };
  const [service] = await cluster.apply([
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'web', namespace: 'default' },
      spec: { type: 'NodePort', selector: { app: 'web' }, ports: [port] },
    },
  ]);
  await ready('web');
  for (const { internalIP } of nodesOf('K3', 'drydock'))
    await until(async () => (await sh('box', `wget -qO- ${internalIP}:30080`)).includes('Welcome to nginx!'));
  const clusterIP = String(readPath(service, 'spec.clusterIP'));
  expect(await sh('box', `ping -c1 ${(await get('web'))?.status?.podIP}`)).toMatch(/ 0% packet loss/);
  expect(await sh('box', `ping -c1 -W1 ${clusterIP}`)).toMatch(/ 100% packet loss/);
});

test('R-KUBELET-14: the Lease is renewed every 10 s, the status written every 5 minutes', async () => {
  const { clock, transport } = await TestServer.make();
  const client = new ApiClient({ transport, clock });
  const [node] = nodesOf('K1', 'x');
  if (!node) throw new Error('no node');
  const namespace = 'kube-node-lease';
  await client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  const parts = { client, clock, random: seededRandom('lease'), node, cluster: 'x', pulled: new Set<string>() };
  const registration = new Registration(parts);
  await registration.start();
  const lease = async (): Promise<unknown> =>
    (await client.get({ apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', namespace, name: node.name }))?.['spec'];
  const version = async (): Promise<unknown> =>
    (await client.get({ apiVersion: 'v1', kind: 'Node', name: node.name }))?.metadata.resourceVersion;
  const [first, version1] = [await lease(), await version()];
  expect(first).toMatchObject({ holderIdentity: node.name, leaseDurationSeconds: 40 });
  await clock.advance(9_000);
  expect(await lease()).toEqual(first);
  await clock.advance(2_000);
  expect(await lease()).not.toEqual(first);
  expect(await version()).toBe(version1);
  await clock.advance(300_000);
  expect(await version()).not.toBe(version1);
  registration.dispose();
});
