/** Nodes over the model's own API server, controllers and scheduler, all in this process. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sleep, systemClock } from '../../../kernel/clock.ts';
import type { Disposable } from '../../../kernel/disposable.ts';
import type { KubeObject } from '../../../kernel/kube/object.ts';
import { seededRandom } from '../../../kernel/random.ts';
import { ApiClient } from '../../client/client.ts';
import type { Transport } from '../../client/transport.ts';
import { ApiServer } from '../apiserver/server.ts';
import { bootstrap } from '../bootstrap.ts';
import { startControllers } from '../controllers/index.ts';
import { Store } from '../etcd/store.ts';
import type { ContainerSpec, Pod } from '../kubelet/pod.ts';
import { startScheduler } from '../scheduler/index.ts';
import { nodesOf } from '../topology.ts';
import type { Nodes } from './index.ts';
import { startNodes } from './index.ts';

const clock = systemClock;
const random = seededRandom('nodes');
let nodes: Nodes | undefined;
let others: Disposable[] = [];
let client: ApiClient;
let transport: Transport;
const start = (): void => void (nodes = startNodes({ transport, clock, random, nodes: nodesOf('K3', 'drydock') }));

beforeAll(async () => {
  const server = new ApiServer({ store: new Store(), clock, random, kubelet: (name) => nodes?.kubelet(name) });
  transport = server.transport({ username: 'test', groups: ['system:masters', 'system:authenticated'] });
  client = new ApiClient({ transport, clock });
  await bootstrap(transport, '172.18.0.2');
  others = [startControllers({ transport, clock, random, ca: 'CA' }), startScheduler({ transport, clock, random })];
  start();
  await until(
    async () =>
      (
        await client.list({
          apiVersion: 'v1',
          kind: 'Pod',
          namespace: 'kube-system',
          labelSelector: 'k8s-app=kube-dns',
        })
      ).items.filter(isReady).length === 2,
  );
});
afterAll(() => {
  nodes?.dispose();
  for (const other of others) other.dispose();
});

async function until(met: () => Promise<boolean>, ms = 8_000): Promise<void> {
  const end = performance.now() + ms;
  while (!(await met())) {
    if (performance.now() > end) throw new Error('not met in time');
    await sleep(clock, 5);
  }
}

function isReady(object: KubeObject): boolean {
  return (object as Pod).status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;
}

const ref = (name: string) => ({ apiVersion: 'v1', kind: 'Pod', namespace: 'default', name });
const get = async (name: string): Promise<Pod | undefined> => (await client.get(ref(name))) as Pod | undefined;
const create = (name: string, containers: ContainerSpec[], spec: object = {}): Promise<KubeObject> =>
  client.create({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default', labels: { app: name } },
    spec: { terminationGracePeriodSeconds: 1, ...spec, containers },
  });
const ready = (name: string): Promise<void> =>
  until(async () => {
    const pod = await get(name);
    return pod !== undefined && isReady(pod);
  });
const sh = async (pod: string, text: string): Promise<string> => {
  const { stdout, stderr } = await client.exec(
    { namespace: 'default', pod },
    ['sh', '-c', text],
    new AbortController().signal,
  );
  return stdout + stderr;
};
const box: ContainerSpec = { name: 'c', image: 'busybox:1.36', command: ['sleep', '3600'] };
const state = async (name: string) => (await get(name))?.status?.containerStatuses?.[0]?.state;

describe('Pods run', () => {
  it('nginx is Ready soon, is reached through its Service and its name, and logs', async () => {
    await create('web', [{ name: 'web', image: 'nginx:1.27', readinessProbe: { httpGet: { path: '/', port: 80 } } }]);
    await create('box', [box]);
    await client.create({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'web', namespace: 'default' },
      spec: { selector: { app: 'web' }, ports: [{ port: 8080, targetPort: 80 }] },
    });
    await client.create({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'none', namespace: 'default' },
      spec: { selector: { app: 'none' }, ports: [{ port: 80 }] },
    });
    await Promise.all([ready('web'), ready('box')]);
    await until(async () => (await sh('box', 'wget -qO- web:8080')).includes('Welcome to nginx!'));
    expect(await sh('box', 'wget -qO- none')).toMatch(
      /^wget: can't connect to remote host \(10\.96\.\d+\.\d+\): Connection refused\n$/,
    );
    expect(await sh('box', 'wget -qO- nosuch')).toBe("wget: bad address 'nosuch'\n");
    expect(await client.logs({ namespace: 'default', pod: 'web' }, new AbortController().signal)).toContain(
      '"GET / HTTP/1.1" 200',
    );
    expect(await sh('web', 'curl -s -o /dev/null -w "%{http_code}" localhost/nope')).toBe('404');
  });

  it('R-KUBELET-12: a native sidecar starts first and feeds the web server through a shared emptyDir', async () => {
    const mount = (mountPath: string) => [{ name: 'page', mountPath }];
    await create('pair', [{ name: 'web', image: 'nginx:1.27', volumeMounts: mount('/usr/share/nginx/html') }], {
      volumes: [{ name: 'page', emptyDir: {} }],
      initContainers: [
        {
          name: 'writer',
          image: 'busybox:1.36',
          restartPolicy: 'Always',
          command: ['sh', '-c', 'i=0; while true; do i=$((i+1)); echo page $i > /page/index.html; sleep 0.05; done'],
          volumeMounts: mount('/page'),
        },
      ],
    });
    await ready('pair');
    const first = await sh('pair', 'curl -s localhost');
    expect(first).toMatch(/^page \d+\n$/);
    await until(async () => (await sh('pair', 'curl -s localhost')) !== first);
  });

  it('R-KUBELET-3 R-KUBELET-9: a crashing container restarts at once, then backs off', async () => {
    await create('crash', [{ ...box, command: ['sh', '-c', 'echo out; exit 3'] }]);
    await until(async () => (await state('crash'))?.waiting?.reason === 'CrashLoopBackOff');
    const pod = await get('crash');
    expect(pod?.status?.containerStatuses?.[0]).toMatchObject({
      restartCount: 1,
      lastState: { terminated: { exitCode: 3, reason: 'Error' } },
    });
    expect((await state('crash'))?.waiting?.message).toBe(
      `back-off 10s restarting failed container=c pod=crash_default(${pod?.metadata.uid})`,
    );
  });

  it('says what is missing: image, ConfigMap, command, volume', async () => {
    await Promise.all([
      create('image', [{ ...box, image: 'nginx:nosuch' }]),
      create('config', [{ ...box, envFrom: [{ configMapRef: { name: 'zip' } }] }]),
      create('command', [{ ...box, command: ['foo'] }], { restartPolicy: 'Never' }),
      create('volume', [{ ...box, volumeMounts: [{ name: 'v', mountPath: '/v' }] }], {
        volumes: [{ name: 'v', configMap: { name: 'zip' } }],
      }),
    ]);
    await until(async () => (await state('image'))?.waiting?.reason === 'ImagePullBackOff');
    await until(async () => (await state('config'))?.waiting?.reason === 'CreateContainerConfigError');
    expect((await state('config'))?.waiting?.message).toBe('configmap "zip" not found');
    await until(async () => (await get('command'))?.status?.phase === 'Failed');
    expect((await state('command'))?.terminated).toMatchObject({ exitCode: 128, reason: 'StartError' });
    expect((await state('volume'))?.waiting?.reason).toBe('ContainerCreating');
    await client.create({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'zip', namespace: 'default' },
      data: { a: 'one' },
    });
    await Promise.all([ready('config'), ready('volume')]);
    expect(await sh('config', 'echo $a; ls /')).toMatch(/^one\n/);
    expect(await sh('volume', 'cat /v/a')).toBe('one');
    await client.patch(
      { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'default', name: 'zip' },
      { data: { a: 'two' } },
    );
    await until(async () => (await sh('volume', 'cat /v/a')) === 'two');
  });

  it('R-KUBELET-7: readiness follows the probe, liveness restarts', async () => {
    const exec = (file: string) => ({ exec: { command: ['cat', file] }, periodSeconds: 1, failureThreshold: 1 });
    await create('probed', [
      {
        ...box,
        command: ['sh', '-c', 'trap "exit 0" TERM; touch /alive; while true; do sleep 0.05; done'],
        readinessProbe: exec('/ready'),
        livenessProbe: exec('/alive'),
      },
    ]);
    await until(async () => (await state('probed'))?.running !== undefined);
    expect(isReady((await get('probed')) ?? { apiVersion: '', kind: '', metadata: {} })).toBe(false);
    await sh('probed', 'touch /ready');
    await ready('probed');
    await sh('probed', 'rm /alive');
    await until(async () => (await get('probed'))?.status?.containerStatuses?.[0]?.restartCount === 1);
  });

  it('R-KUBELET-13: a deleted Pod goes after its grace; a Pod that is done stays', async () => {
    await create('done', [{ ...box, command: ['true'] }], { restartPolicy: 'Never' });
    await until(async () => (await get('done'))?.status?.phase === 'Succeeded');
    await create('short', [box]);
    await ready('short');
    await client.delete(ref('short'));
    expect((await get('short'))?.metadata.deletionTimestamp).toBeDefined();
    await until(async () => (await get('short')) === undefined);
    await client.delete(ref('done'));
    await until(async () => (await get('done')) === undefined);
  });

  it('R-KUBELET-15: a deleted mirror Pod comes back', async () => {
    const name = 'kube-scheduler-drydock-control-plane';
    const scheduler = { apiVersion: 'v1', kind: 'Pod', namespace: 'kube-system', name };
    const before = await client.get(scheduler);
    await client.delete(scheduler);
    await until(async () => {
      const now = await client.get(scheduler);
      return now !== undefined && now.metadata.uid !== before?.metadata.uid && isReady(now);
    });
  });

  it('R-KUBELET-11: restarted nodes resume their Pods', async () => {
    const before = (await get('web'))?.status;
    nodes?.dispose();
    start();
    await until(async () => (await sh('box', 'wget -qO- web:8080').catch(() => '')).includes('Welcome to nginx!'));
    const after = (await get('web'))?.status;
    expect(after?.podIP).toBe(before?.podIP);
    expect(after?.containerStatuses?.[0]).toMatchObject({
      containerID: before?.containerStatuses?.[0]?.containerID,
      restartCount: 0,
      state: before?.containerStatuses?.[0]?.state,
    });
  });
});

describe('streams', () => {
  it('attach joins the shell that the Pod runs, as `kubectl run -it` does', async () => {
    await create(
      'shell',
      [{ name: 'c', image: 'busybox:1.36', command: ['sh'], stdin: true, stdinOnce: true, tty: true }],
      {
        restartPolicy: 'Never',
      },
    );
    await ready('shell');
    let screen = '';
    async function* keys(): AsyncIterable<Uint8Array> {
      for (const text of ['hostname\r', 'exit 5\r']) {
        await sleep(clock, 40);
        yield new TextEncoder().encode(text);
      }
      await sleep(clock, 200);
    }
    const node = (await get('shell'))?.spec.nodeName ?? '';
    const code = await nodes?.kubelet(node)?.attach(
      { namespace: 'default', pod: 'shell', container: 'c' },
      {
        tty: true,
        stdin: keys(),
        stdout: (chunk) => (screen += new TextDecoder().decode(chunk)),
        stderr: () => {},
        signal: new AbortController().signal,
      },
    );
    expect(code).toBe(0);
    expect(screen).toBe('hostname\r\nshell\r\n/ # exit 5\r\n');
    await until(async () => (await get('shell'))?.status?.phase === 'Failed');
    expect((await state('shell'))?.terminated?.exitCode).toBe(5);
  });

  it('port-forward reaches what listens, and says so when nothing does', async () => {
    const kubelet = nodes?.kubelet((await get('web'))?.spec.nodeName ?? '');
    const stream = await kubelet?.portForward('default', 'web', 80);
    stream?.write(new TextEncoder().encode('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'));
    let answer = '';
    for await (const chunk of stream?.incoming ?? []) answer += new TextDecoder().decode(chunk);
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    await expect(kubelet?.portForward('default', 'web', 81)).rejects.toThrow(
      'dial tcp4 127.0.0.1:81: connect: connection refused',
    );
  });

  it('logs follow until the container ends, with times, tail and limits', async () => {
    await create('ticker', [{ ...box, command: ['sh', '-c', 'for i in 1 2 3; do echo tick $i; sleep 0.05; done'] }], {
      restartPolicy: 'Never',
    });
    await until(async () => (await state('ticker'))?.running !== undefined);
    const node = (await get('ticker'))?.spec.nodeName ?? '';
    const target = { namespace: 'default', pod: 'ticker', container: 'c' };
    const kubelet = nodes?.kubelet(node);
    const all = async (query: object, signal = new AbortController().signal): Promise<string> => {
      let text = '';
      const plain = { follow: false, previous: false, timestamps: false };
      for await (const chunk of (await kubelet?.logs(target, { ...plain, ...query }, signal)) ?? [])
        text += new TextDecoder().decode(chunk);
      return text;
    };
    expect(await all({ follow: true })).toBe('tick 1\ntick 2\ntick 3\n');
    expect(await all({ tailLines: 1 })).toBe('tick 3\n');
    expect(await all({ limitBytes: 4 })).toBe('tick');
    expect(await all({ timestamps: true, tailLines: 1 })).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z tick 3\n$/);
  });
});

describe('refusals', () => {
  const signal = new AbortController().signal;
  it('exec of a missing program, logs of what never ran', async () => {
    await expect(client.exec({ namespace: 'default', pod: 'box' }, ['foo'], signal)).rejects.toThrow(
      /OCI runtime exec failed: exec failed: unable to start container process: exec: "foo": executable file not found in \$PATH$/,
    );
    await until(async () => (await state('image'))?.waiting?.reason === 'ImagePullBackOff');
    await expect(client.logs({ namespace: 'default', pod: 'image' }, signal)).rejects.toThrow(
      'container "c" in pod "image" is waiting to start: trying and failing to pull image',
    );
    await expect(client.logs({ namespace: 'default', pod: 'box', previous: true }, signal)).rejects.toThrow(
      'previous terminated container "c" in pod "box" not found',
    );
  });
});
