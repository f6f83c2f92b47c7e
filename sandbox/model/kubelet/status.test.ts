import { expect, it } from 'vitest';
import type { ContainerStatus, Pod } from './pod.ts';
import type { PodObservation } from './status.ts';
import { phaseOf, podStatus } from './status.ts';

const container = (name: string, state: ContainerStatus['state'], ready = false): ContainerStatus => ({
  name,
  ready,
  restartCount: 0,
  image: '',
  imageID: '',
  ...(state ? { state } : {}),
});
const pod = (restartPolicy: string, init: { name: string; restartPolicy?: string }[] = []): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p', namespace: 'a', generation: 1 },
  spec: {
    restartPolicy,
    containers: [{ name: 'c', image: 'i' }],
    initContainers: init.map((i) => ({ ...i, image: 'i' })),
  },
});
const seen = (containers: ContainerStatus[], more: Partial<PodObservation> = {}): PodObservation => ({
  now: 'T',
  startTime: 'S',
  hostIP: '1.2.3.4',
  podIP: '10.244.1.2',
  sandboxReady: true,
  init: [],
  containers,
  ephemeral: [],
  terminating: false,
  ...more,
});
const running = { running: { startedAt: 'T' } };
const ended = (exitCode: number): ContainerStatus['state'] => ({ terminated: { exitCode } });

it.each([
  ['Always', undefined, { waiting: { reason: 'ContainerCreating' } }, 'Pending'],
  ['Always', undefined, running, 'Running'],
  ['Always', undefined, ended(0), 'Running'],
  ['OnFailure', undefined, ended(0), 'Succeeded'],
  ['OnFailure', undefined, ended(1), 'Running'],
  ['Never', undefined, ended(1), 'Failed'],
  ['Always', ended(1), { waiting: { reason: 'CrashLoopBackOff' } }, 'Running'],
])('R-KUBELET-1: policy %s, last %o, state %o → %s', (policy, last, state, phase) => {
  const status = { ...container('c', state), ...(last ? { lastState: last } : {}) };
  expect(phaseOf(pod(policy), seen([status]))).toBe(phase);
});

it('R-KUBELET-2: conditions in order, with texts', () => {
  const { conditions } = podStatus(
    pod('Always', [{ name: 'i' }]),
    seen([container('c', { waiting: {} })], { init: [container('i', running)] }),
  );
  expect(conditions?.map(({ type, status, reason, message }) => [type, status, reason, message])).toEqual([
    ['PodReadyToStartContainers', 'True', undefined, undefined],
    ['Initialized', 'False', 'ContainersNotInitialized', 'containers with incomplete status: [i]'],
    ['Ready', 'False', 'ContainersNotReady', 'containers with unready status: [c]'],
    ['ContainersReady', 'False', 'ContainersNotReady', 'containers with unready status: [c]'],
    ['PodScheduled', 'True', undefined, undefined],
  ]);
});

it('a completed Pod says so and gives its sandbox up', () => {
  const { conditions, phase } = podStatus(pod('Never'), seen([container('c', ended(0))]));
  expect(phase).toBe('Succeeded');
  expect(conditions?.map(({ type, status, reason }) => [type, status, reason])).toEqual([
    ['PodReadyToStartContainers', 'False', undefined],
    ['Initialized', 'True', 'PodCompleted'],
    ['Ready', 'False', 'PodCompleted'],
    ['ContainersReady', 'False', 'PodCompleted'],
    ['PodScheduled', 'True', undefined],
  ]);
});

it('an init container is ready when it is done, a sidecar when it says so', () => {
  const init = [container('done', ended(0)), container('doing', running, true), container('side', running, true)];
  const { initContainerStatuses } = podStatus(
    pod('Always', [{ name: 'done' }, { name: 'doing' }, { name: 'side', restartPolicy: 'Always' }]),
    seen([], { init }),
  );
  expect(initContainerStatuses?.map(({ ready }) => ready)).toEqual([true, false, true]);
});

it('the Pod as a whole has the sum of what its containers and sidecars ask for, or its largest init step', () => {
  const own = pod('Always');
  const ask = (cpu: string, memory?: string) => ({
    resources: { requests: { cpu, ...(memory === undefined ? {} : { memory }) } },
  });
  const spec = {
    ...own.spec,
    initContainers: [
      { name: 's', image: 'i', restartPolicy: 'Always', ...ask('10m') },
      { name: 'i', image: 'i', ...ask('5m', '64Mi') },
    ],
    containers: [
      { name: 'c', image: 'i', resources: { requests: { cpu: '20m', memory: '10Mi' }, limits: { cpu: '1' } } },
    ],
  };
  const { resources, allocatedResources } = podStatus({ ...own, spec }, seen([]));
  expect(resources).toEqual({ limits: { cpu: '1' }, requests: { cpu: '30m', memory: '64Mi' } });
  expect(allocatedResources).toEqual({ cpu: '30m', memory: '64Mi' });
  expect(podStatus(own, seen([]))['resources']).toEqual({});
});

it('an ephemeral container is never ready and tells nothing of its start', () => {
  const debug = { ...container('d', running, true), started: true };
  const status = podStatus(pod('Always'), seen([container('c', running, true)], { ephemeral: [debug] }));
  expect(status.ephemeralContainerStatuses).toEqual([container('d', running)]);
});
