import { describe, expect, test } from 'vitest';
import { ManualClock } from '../../../kernel/clock.manual.ts';
import type { Pod } from '../../client/kinds.ts';
import { evaluate } from './evaluate.ts';
import { unschedulableMessage } from './message.ts';
import type { SnapshotParts } from './snapshot.ts';
import { makeSnapshot } from './snapshot.ts';
import { WaitingPods } from './waiting-pods.ts';

const pod = (name: string, fields: Partial<Pod['spec']> = {}): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'default', uid: name, creationTimestamp: '2026-01-01T00:00:00Z' },
  spec: { containers: [{ name: 'c' }], ...fields },
});

describe('the queue', () => {
  test('gives the highest priority first', () => {
    const queue = new WaitingPods(new ManualClock(), () => undefined);
    for (const one of [pod('low'), pod('high', { priority: 10 })]) queue.put(one, true);
    expect([queue.next(), queue.next(), queue.next()].map((one) => one?.metadata.name)).toEqual([
      'high',
      'low',
      undefined,
    ]);
  });

  test('waits 1, 2, 4, 8, 10 s between tries', async () => {
    const clock = new ManualClock();
    const waits: number[] = [];
    const queue = new WaitingPods(clock, () => undefined);
    const one = pod('p');
    queue.put(one, true);
    let tried = queue.next();
    while (waits.length < 6) {
      expect(tried?.metadata.name).toBe('p');
      const at = clock.now();
      queue.refused(one, new Set(['NodeResourcesFit']));
      queue.heard('pod-gone');
      for (tried = queue.next(); tried === undefined; tried = queue.next()) await clock.advance(500);
      waits.push(clock.now() - at);
    }
    expect(waits).toEqual([1000, 2000, 4000, 8000, 10_000, 10_000]);
    queue.dispose();
  });

  test('a change that no refusing plugin looks at wakes nobody', async () => {
    const clock = new ManualClock();
    const queue = new WaitingPods(clock, () => undefined);
    const one = pod('p');
    queue.put(one, true);
    queue.next();
    queue.refused(one, new Set(['NodeAffinity']));
    queue.heard('pod-gone');
    await clock.advance(299_000);
    expect(queue.next()).toBeUndefined();
    await clock.advance(1_000);
    expect(queue.next()?.metadata.name).toBe('p');
    queue.dispose();
  });
});

describe('reasons', () => {
  const node = (name: string, labels: Record<string, string> = {}): SnapshotParts['nodes'][number] => ({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels },
    spec: {},
    status: { allocatable: { cpu: '4', memory: '8Gi', pods: '110' } },
  });
  const claim = (spec: object): NonNullable<SnapshotParts['claims']>[number] => ({
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'c', namespace: 'default', annotations: { 'pv.kubernetes.io/bind-completed': 'yes' } },
    spec: { volumeName: 'v', ...spec },
    status: { phase: 'Bound' },
  });
  const volume = {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: 'v', labels: { 'topology.kubernetes.io/zone': 'z1' } },
    spec: {},
  };
  const user = (name: string, nodeName?: string): Pod =>
    pod(name, { nodeName, volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'c' } }] });
  const reasonsOf = (one: Pod, parts: SnapshotParts): readonly (string | undefined)[] =>
    evaluate(one, makeSnapshot(parts)).nodes.map(({ refusal }) => refusal?.reasons[0]);

  test('there are no nodes', () => {
    expect(unschedulableMessage(evaluate(pod('p'), makeSnapshot({ nodes: [], pods: [] })), undefined)).toBe(
      'no nodes available to schedule pods',
    );
  });

  test('another node is named', () => {
    expect(reasonsOf(pod('p', { nodeName: 'b' }), { nodes: [node('a'), node('b')], pods: [] })).toEqual([
      "node(s) didn't match the requested node name",
      undefined,
    ]);
  });

  test('a ReadWriteOncePod claim is in use', () => {
    const parts = {
      nodes: [node('a')],
      pods: [user('other', 'a')],
      claims: [claim({ accessModes: ['ReadWriteOncePod'] })],
      volumes: [volume],
    };
    expect(reasonsOf(user('p'), parts)).toEqual([
      'node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already in-use by another pod',
    ]);
  });

  test('the volume is in another zone', () => {
    const zone = (name: string): Record<string, string> => ({ 'topology.kubernetes.io/zone': name });
    const parts = {
      nodes: [node('a', zone('z1')), node('b', zone('z2'))],
      pods: [],
      claims: [claim({})],
      volumes: [volume],
    };
    expect(reasonsOf(user('p'), parts)).toEqual([undefined, 'node(s) had no available volume zone']);
  });
});
