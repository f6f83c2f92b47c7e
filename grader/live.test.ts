import { describe, expect, it } from 'vitest';
import { ManualClock } from '../kernel/clock.manual.ts';
import type { KubeObject } from '../kernel/kube/object.ts';
import { FakeCluster } from './fake-cluster.fixture.ts';
import { labOf } from './lab.fixture.ts';
import type { Lab } from './lab/schema.ts';
import type { CriterionState, LiveEvaluation } from './live.ts';
import { watchLab } from './live.ts';
import { proberObjects } from './prober.ts';

const pod = (phase: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'a', namespace: 'shop' },
  status: { phase, podIP: '10.0.0.9' },
});
const podRef = { apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: 'a' };
const running = {
  kind: 'object' as const,
  of: podRef,
  expect: [{ that: 'object.status.phase == "Running"', wanted: 'a running Pod' }],
};

function start(
  lab: Lab,
  cluster: FakeCluster,
  clock: ManualClock,
): { live: LiveEvaluation; changes: (readonly CriterionState[])[] } {
  const changes: (readonly CriterionState[])[] = [];
  const live = watchLab({
    lab,
    cluster,
    answers: {},
    baseline: { version: 1, objects: {} },
    clock,
    onChange: (states) => changes.push(states),
  });
  return { live, changes };
}

describe('watchLab', () => {
  it('turns green within 300 ms, says when it broke, and comes back', async () => {
    const [cluster, clock] = [new FakeCluster(), new ManualClock()];
    const { live } = start(labOf([{ id: 'up', title: 'Up', check: running }]), cluster, clock);
    expect(live.states()[0]).toEqual({ id: 'up', verdict: 'waiting', broken: false, onCheckOnly: false });
    await clock.advance(300);
    expect(live.states()[0]).toMatchObject({
      verdict: 'fail',
      broken: false,
      saw: 'there is no Pod a in namespace shop',
    });
    cluster.put(pod('Running'));
    await clock.advance(300);
    expect(live.states()[0]).toMatchObject({ verdict: 'pass', broken: false });
    cluster.put(pod('Failed'));
    await clock.advance(300);
    expect(live.states()[0]).toMatchObject({ verdict: 'fail', broken: true, saw: 'status.phase is "Failed"' });
    live.dispose();
    expect(cluster.watchCount).toBe(0);
  });

  it('gathers a burst into one look', async () => {
    const [cluster, clock] = [new FakeCluster(), new ManualClock()];
    const { live, changes } = start(labOf([{ id: 'up', title: 'Up', check: running }]), cluster, clock);
    await clock.advance(300);
    for (let i = 0; i < 50; i++) cluster.put(pod(i < 49 ? `Phase${i}` : 'Running'));
    await clock.advance(300);
    expect(changes.length).toBe(2);
    live.dispose();
  });

  it('is right again after a lost connection hid a deletion', async () => {
    const [cluster, clock] = [new FakeCluster(), new ManualClock()];
    cluster.put(pod('Running'));
    const { live } = start(labOf([{ id: 'up', title: 'Up', check: running }]), cluster, clock);
    await clock.advance(300);
    cluster.loseSilently(podRef);
    cluster.breakWatches();
    await clock.advance(1000);
    expect(live.states()[0]).toMatchObject({ verdict: 'fail', broken: true });
    live.dispose();
  });

  it('keeps what it knows while the cluster does not answer', async () => {
    const [cluster, clock] = [new FakeCluster(), new ManualClock()];
    cluster.trouble = new Error('gone');
    const { live } = start(labOf([{ id: 'up', title: 'Up', check: running }]), cluster, clock);
    await clock.advance(2000);
    expect(live.states()[0]?.verdict).toBe('waiting');
    cluster.trouble = undefined;
    cluster.put(pod('Running'));
    await clock.advance(1000);
    expect(live.states()[0]?.verdict).toBe('pass');
    live.dispose();
  });

  it('waits until a state has lasted, skips what requires more, and leaves disturbances to Check', async () => {
    const [cluster, clock] = [new FakeCluster(), new ManualClock()];
    const lab = labOf([
      { id: 'lasting', title: 'Lasting', for: '2s', check: running },
      { id: 'next', title: 'Next', requires: ['lasting'], check: running },
      { id: 'hard', title: 'Hard', after: [{ kind: 'restart', of: podRef }], check: running },
    ]);
    const { live } = start(lab, cluster, clock);
    cluster.put(pod('Running'));
    await clock.advance(500);
    expect(live.states().map((s) => s.verdict)).toEqual(['fail', 'skipped', 'waiting']);
    expect(live.states()[2]?.onCheckOnly).toBe(true);
    await clock.advance(2000);
    expect(live.states().map((s) => s.verdict)).toEqual(['pass', 'pass', 'waiting']);
    live.dispose();
  });

  it('hears of answers at once, and holds still while a Check runs', async () => {
    const [cluster, clock] = [new FakeCluster(), new ManualClock()];
    const check = { kind: 'answer' as const, question: 'q', match: { by: 'exact' as const, value: 'x' }, wanted: 'x' };
    const { live, changes } = start(labOf([{ id: 'a', title: 'A', check }], ['q']), cluster, clock);
    const hold = live.hold();
    live.answersChanged({ q: 'x' });
    await clock.advance(300);
    expect(live.states()[0]?.verdict).toBe('waiting');
    const told = changes.length;
    hold.dispose();
    await clock.advance(300);
    expect(changes.length).toBe(told + 1);
    live.hold().dispose();
    await clock.advance(300);
    // Nothing has changed, but a Check may have shown something else meanwhile.
    expect(changes.length).toBe(told + 2);
    expect(live.states()[0]?.verdict).toBe('pass');
    live.dispose();
  });

  it('asks by requests when it must, each half second', async () => {
    const [cluster, clock] = [new FakeCluster(), new ManualClock()];
    cluster.put(pod('Running'));
    const [, deployment] = proberObjects();
    cluster.put({
      ...pod('Running'),
      metadata: { name: 'prober-1', namespace: 'drydock-system', labels: deployment?.metadata.labels },
    });
    let page = '';
    let asked = 0;
    cluster.onExec = (_, command) => {
      asked++;
      const nonce = /echo "([0-9a-f]+) /.exec(command[2] ?? '')?.[1] ?? '';
      return {
        exitCode: 0,
        stdout:
          page === ''
            ? `wget: can't connect to remote host: Connection refused\n${nonce} 1\n${nonce} end\n`
            : `${page}\n${nonce} 0\n${nonce} end\n`,
        stderr: '',
      };
    };
    const check = { kind: 'reaches' as const, to: { kind: 'Pod' as const, namespace: 'shop', name: 'a' } };
    const { live } = start(labOf([{ id: 'r', title: 'R', check }]), cluster, clock);
    await clock.advance(1000);
    expect(live.states()[0]).toMatchObject({
      verdict: 'fail',
      saw: "no HTTP answer: can't connect to remote host: Connection refused",
    });
    page = 'hello';
    await clock.advance(1500);
    expect(live.states()[0]?.verdict).toBe('pass');
    expect(asked).toBeLessThan(8);
    live.dispose();
    await clock.advance(20_000);
    expect(asked).toBeLessThan(8);
  });
});
