/** Two faces of one event: R-EVENT-FACES. */
import { expect, test } from 'vitest';
import type { KubeObject } from '../../../../kernel/kube/object.ts';
import { eventV1 } from './event-v1.ts';

const stored: KubeObject = {
  apiVersion: 'v1',
  kind: 'Event',
  metadata: { name: 'e', namespace: 'n' },
  involvedObject: { kind: 'Pod', name: 'p' },
  message: 'Pulled',
  reason: 'Pulled',
  source: { component: 'kubelet' },
  count: 2,
  firstTimestamp: '2026-01-01T00:00:00Z',
  lastTimestamp: '2026-01-01T00:00:10Z',
  eventTime: null,
  reportingComponent: 'kubelet',
  reportingInstance: 'w',
};

test('the newer face renames, and renaming back gives what was stored', () => {
  const face = eventV1.storedAs?.fromStored(stored);
  expect(face).toMatchObject({
    apiVersion: 'events.k8s.io/v1',
    regarding: { name: 'p' },
    note: 'Pulled',
    deprecatedCount: 2,
    reportingController: 'kubelet',
  });
  expect(face && eventV1.storedAs?.toStored(face)).toEqual(stored);
});

test('both print alike', () => {
  const face = eventV1.storedAs?.fromStored(stored) ?? stored;
  expect(eventV1.row(face, Date.parse('2026-01-01T00:00:20Z')).slice(0, 4)).toEqual(['10s', '', 'Pulled', 'pod/p']);
});

test('field labels lead to the newer names', () => {
  expect(eventV1.fieldLabels).toMatchObject({
    'regarding.name': 'regarding.name',
    'involvedObject.name': 'regarding.name',
    reason: 'reason',
  });
});
