/** A small cluster for tests: the real API server in process, controllers, scheduler, and nodes whose Pods start at once. */
import { systemClock } from '../../kernel/clock.ts';
import { DisposableStore } from '../../kernel/disposable.ts';
import type { KubeObject } from '../../kernel/kube/object.ts';
import { seededRandom } from '../../kernel/random.ts';
import { ApiClient } from '../client/client.ts';
import type { Pod } from '../client/kinds.ts';
import { ApiServer } from './apiserver/server.ts';
import { openStore } from './etcd/store.ts';
import { startScheduler } from './scheduler/index.ts';
import { refOf } from './controllers/controller.ts';
import { startControllers } from './controllers/index.ts';

export interface TestCluster {
  readonly client: ApiClient;
  dispose(): void;
  /** Waits until `look` answers with something; fails after 3 s with what was there last. */
  eventually<T>(look: () => Promise<T | undefined | false>): Promise<T>;
  events(namespace: string): Promise<readonly string[]>;
}

export interface TestClusterOptions {
  readonly workers?: number;
  /** Whether Pods become ready; others stay without status. */
  readonly starts?: (pod: Pod) => boolean;
}

export async function makeTestCluster({
  workers = 2,
  starts = () => true,
}: TestClusterOptions = {}): Promise<TestCluster> {
  const owned = new DisposableStore();
  const [clock, random] = [systemClock, seededRandom('test')];
  const server = new ApiServer({ store: openStore(), clock, random });
  const transport = server.transport({ username: 'system:test', groups: ['system:masters', 'system:authenticated'] });
  const client = new ApiClient({ transport, clock });
  for (const name of ['default', 'kube-system']) {
    await client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }).catch(() => undefined);
  }
  for (const one of [controlPlane(), ...Array.from({ length: workers }, (_, i) => worker(i))]) {
    await client.create(one);
    await client.updateStatus(one);
  }
  owned.add(startControllers({ transport, clock, random, ca: 'PEM' }));
  owned.add(startScheduler({ transport, clock, random }));
  owned.add(
    client.watch(
      { apiVersion: 'v1', kind: 'Pod' },
      ({ type, object }) => void runPod(client, { type, pod: object as Pod, starts }).catch(() => undefined),
      () => undefined,
    ),
  );
  // Pods are refused until their ServiceAccount is there.
  await eventually(() =>
    client.get({ apiVersion: 'v1', kind: 'ServiceAccount', namespace: 'default', name: 'default' }),
  );
  return {
    client,
    dispose: () => owned.dispose(),
    eventually,
    async events(namespace) {
      const { items } = await client.list({ apiVersion: 'v1', kind: 'Event', namespace });
      return items.map((event) => `${String(event['type'])} ${String(event['reason'])} ${String(event['message'])}`);
    },
  };
}

async function eventually<T>(look: () => Promise<T | undefined | false>): Promise<T> {
  const end = systemClock.monotonic() + 3000;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (systemClock.monotonic() > end) throw new Error('it did not happen');
    await new Promise<void>((resolve) => void systemClock.after(2, resolve));
  }
}

let lastIp = 0;

async function runPod(
  client: ApiClient,
  { type, pod, starts }: { type: string; pod: Pod; starts: (pod: Pod) => boolean },
): Promise<void> {
  if (type === 'DELETED' || !pod.spec.nodeName) return;
  if (pod.metadata.deletionTimestamp !== undefined) {
    await client.deleteWith(refOf(pod), { gracePeriodSeconds: 0, preconditions: { uid: pod.metadata.uid } });
    return;
  }
  if (pod.status?.phase === 'Running' || !starts(pod)) return;
  lastIp += 1;
  const ready = { type: 'Ready', status: 'True', lastTransitionTime: new Date().toISOString().replace(/\.\d+/, '') };
  const ip = `10.244.1.${lastIp}`;
  await client.patchWith(refOf(pod), {
    type: 'strategic',
    subresource: 'status',
    patch: { status: { phase: 'Running', podIP: ip, podIPs: [{ ip }], conditions: [ready] } },
  });
}

function node(name: string, labels: Record<string, string>, taints: readonly object[]): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: { 'kubernetes.io/hostname': name, 'kubernetes.io/os': 'linux', ...labels } },
    spec: { taints },
    status: {
      allocatable: { cpu: '4', memory: '8Gi', pods: '110' },
      conditions: [{ type: 'Ready', status: 'True' }],
      capacity: { cpu: '4', memory: '8Gi', pods: '110' },
    },
  };
}

function controlPlane(): KubeObject {
  return node('control-plane', {}, [{ key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' }]);
}

function worker(i: number): KubeObject {
  return node(`worker${i + 1}`, { 'topology.kubernetes.io/zone': `z${i + 1}` }, []);
}
