import { describe, expect, test } from 'vitest';
import { ManualClock } from '../../../kernel/clock.manual.ts';
import type { KubeObject } from '../../../kernel/kube/object.ts';
import { seededRandom } from '../../../kernel/random.ts';
import { ApiClient } from '../../client/client.ts';
import { ApiServer } from '../apiserver/server.ts';
import { openStore } from '../etcd/store.ts';
import { EventRecorder } from './event-recorder.ts';
import { WorkQueue } from './work-queue.ts';

const pod: KubeObject = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', namespace: 'default', uid: 'u' } };

async function setUp(): Promise<{
  clock: ManualClock;
  recorder: EventRecorder;
  events: () => Promise<readonly KubeObject[]>;
}> {
  const clock = new ManualClock();
  const server = new ApiServer({ store: openStore(), clock, random: seededRandom('events') });
  const client = new ApiClient({
    transport: server.transport({ username: 'system:test', groups: ['system:authenticated'] }),
    clock,
  });
  await client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'default' } });
  const recorder = new EventRecorder({ client, clock, component: 'kubelet', host: 'w' });
  const events = async (): Promise<readonly KubeObject[]> => {
    for (let i = 0; i < 20; i++) await clock.advance(0);
    return (await client.list({ apiVersion: 'v1', kind: 'Event' })).items;
  };
  return { clock, recorder, events };
}

describe('events', () => {
  test('a repeat counts up the first one', async () => {
    const { clock, recorder, events } = await setUp();
    recorder.record(pod, { type: 'Normal', reason: 'Pulled', message: 'm' });
    await events();
    await clock.advance(5000);
    recorder.record(pod, { type: 'Normal', reason: 'Pulled', message: 'm' });
    const [event, ...others] = await events();
    expect(others).toEqual([]);
    expect(event).toMatchObject({
      count: 2,
      firstTimestamp: '2026-01-01T00:00:00Z',
      lastTimestamp: '2026-01-01T00:00:05Z',
      source: { component: 'kubelet', host: 'w' },
      reportingComponent: 'kubelet',
      involvedObject: { kind: 'Pod', name: 'p', namespace: 'default', uid: 'u' },
    });
    expect(event?.metadata.name).toMatch(/^p\.[0-9a-f]{16}$/);
  });

  test('the 10th similar one and those after it are combined', async () => {
    const { recorder, events } = await setUp();
    for (let i = 1; i <= 12; i++) recorder.record(pod, { type: 'Warning', reason: 'Unhealthy', message: `m${i}` });
    const all = await events();
    expect(all).toHaveLength(10);
    expect(all.find((event) => String(event['message']).startsWith('(combined from similar events): '))).toMatchObject({
      count: 3,
      message: '(combined from similar events): m12',
    });
  });

  test('a flood about one object is cut at 25', async () => {
    const { recorder, events } = await setUp();
    for (let i = 1; i <= 40; i++) recorder.record(pod, { type: 'Normal', reason: `R${i}`, message: 'm' });
    expect(await events()).toHaveLength(25);
  });
});

describe('the work queue', () => {
  test('works a key once however often it is added, and again after a failure with a growing wait', async () => {
    const clock = new ManualClock();
    const tries: number[] = [];
    const queue = new WorkQueue({
      clock,
      work: async () => {
        tries.push(clock.now());
        if (tries.length < 4) throw new Error('not yet');
        return undefined;
      },
    });
    for (let i = 0; i < 5; i++) queue.add('k');
    await clock.advance(60_000);
    expect(tries.map((at) => at - (tries[0] ?? 0))).toEqual([0, 5, 15, 35]);
    queue.dispose();
  });
});
