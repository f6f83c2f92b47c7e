/** The STATUS column, case by case: R-PRINT-POD. Recorded cases stand in ../printed.test.ts. */
import { expect, test } from 'vitest';
import type { KubeObject } from '../../../../../kernel/kube/object.ts';
import { podText } from './pod-text.ts';

const NOW = Date.parse('2026-01-01T00:01:00Z');

function pod(spec: object, status: object, metadata: object = {}): KubeObject {
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', ...metadata }, spec, status };
}

const one = { containers: [{ name: 'c' }] };
const two = { containers: [{ name: 'a' }, { name: 'b' }] };
const ready = [{ type: 'Ready', status: 'True' }];
const initialized = [{ type: 'Initialized', status: 'True' }];
const running = (name: string, rest: object = {}): object => ({ name, ready: true, state: { running: {} }, ...rest });
const ended = (name: string, terminated: object): object => ({ name, ready: false, state: { terminated } });
const sidecar = { initContainers: [{ name: 's', restartPolicy: 'Always' }], ...one };

test.each<[string, KubeObject, string, string]>([
  ['phase alone', pod(one, { phase: 'Pending' }), '0/1', 'Pending'],
  ['evicted', pod(one, { phase: 'Failed', reason: 'Evicted' }), '0/1', 'Evicted'],
  [
    'waiting',
    pod(one, {
      phase: 'Pending',
      containerStatuses: [{ name: 'c', state: { waiting: { reason: 'ImagePullBackOff' } } }],
    }),
    '0/1',
    'ImagePullBackOff',
  ],
  [
    'signal',
    pod(one, { phase: 'Failed', containerStatuses: [ended('c', { signal: 9, exitCode: 137 })] }),
    '0/1',
    'Signal:9',
  ],
  ['exit code', pod(one, { phase: 'Failed', containerStatuses: [ended('c', { exitCode: 3 })] }), '0/1', 'ExitCode:3'],
  [
    'one done, one runs',
    pod(two, {
      phase: 'Running',
      conditions: ready,
      containerStatuses: [ended('a', { exitCode: 0, reason: 'Completed' }), running('b')],
    }),
    '1/2',
    'Running',
  ],
  [
    'one done, one runs, not ready',
    pod(two, { phase: 'Running', containerStatuses: [ended('a', { exitCode: 0, reason: 'Completed' }), running('b')] }),
    '1/2',
    'NotReady',
  ],
  [
    'the later failure wins over done',
    pod(two, {
      phase: 'Failed',
      containerStatuses: [
        ended('a', { exitCode: 0, reason: 'Completed' }),
        ended('b', { exitCode: 1, reason: 'Error' }),
      ],
    }),
    '0/2',
    'Error',
  ],
  [
    'init runs',
    pod(
      { initContainers: [{ name: 'i' }, { name: 'j' }], ...one },
      { phase: 'Pending', initContainerStatuses: [ended('i', { exitCode: 0 }), { name: 'j', state: { running: {} } }] },
    ),
    '0/1',
    'Init:1/2',
  ],
  [
    'init waits',
    pod(
      { initContainers: [{ name: 'i' }], ...one },
      { phase: 'Pending', initContainerStatuses: [{ name: 'i', state: { waiting: { reason: 'PodInitializing' } } }] },
    ),
    '0/1',
    'Init:0/1',
  ],
  [
    'init crashes',
    pod(
      { initContainers: [{ name: 'i' }], ...one },
      { phase: 'Pending', initContainerStatuses: [{ name: 'i', state: { waiting: { reason: 'CrashLoopBackOff' } } }] },
    ),
    '0/1',
    'Init:CrashLoopBackOff',
  ],
  [
    'init exit code',
    pod(
      { initContainers: [{ name: 'i' }], ...one },
      { phase: 'Pending', initContainerStatuses: [ended('i', { exitCode: 4 })] },
    ),
    '0/1',
    'Init:ExitCode:4',
  ],
  [
    'sidecar counts as ready',
    pod(sidecar, {
      phase: 'Running',
      conditions: ready,
      initContainerStatuses: [running('s', { started: true })],
      containerStatuses: [running('c')],
    }),
    '2/2',
    'Running',
  ],
  [
    'sidecar restarted after start',
    pod(sidecar, {
      phase: 'Running',
      conditions: initialized,
      initContainerStatuses: [{ name: 's', started: false, state: { running: {} } }],
      containerStatuses: [running('c')],
    }),
    '1/2',
    'Running',
  ],
  [
    'deleted',
    pod(one, { phase: 'Running', containerStatuses: [running('c')] }, { deletionTimestamp: 'x' }),
    '1/1',
    'Terminating',
  ],
  [
    'deleted when over',
    pod(
      one,
      { phase: 'Succeeded', containerStatuses: [ended('c', { exitCode: 0, reason: 'Completed' })] },
      { deletionTimestamp: 'x' },
    ),
    '0/1',
    'Completed',
  ],
  ['node lost', pod(one, { phase: 'Running', reason: 'NodeLost' }, { deletionTimestamp: 'x' }), '0/1', 'Unknown'],
])('%s', (_title, given, readyText, statusText) => {
  expect(podText(given, NOW)).toMatchObject({ ready: readyText, status: statusText });
});

test('restarts are summed and dated by the latest', () => {
  const last = (finishedAt: string): object => ({ lastState: { terminated: { finishedAt } } });
  const containerStatuses = [
    running('a', { restartCount: 2, ...last('2026-01-01T00:00:30Z') }),
    running('b', { restartCount: 1, ...last('2026-01-01T00:00:55Z') }),
  ];
  expect(podText(pod(two, { phase: 'Running', containerStatuses }), NOW).restarts).toBe('3 (5s ago)');
});
