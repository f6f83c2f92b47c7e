import { describe, expect, it } from 'vitest';
import { ManualClock } from '../kernel/clock.manual.ts';
import type { KubeObject } from '../kernel/kube/object.ts';
import { takeBaseline } from './baseline.ts';
import { FakeCluster } from './fake-cluster.fixture.ts';
import type { GradeOptions } from './grade.ts';
import { gradeLab } from './grade.ts';
import { labOf } from './lab.fixture.ts';
import type { Lab } from './lab/schema.ts';
import { proberObjects } from './prober.ts';
import { gradeReportSchema } from './report.ts';
import type { GradeReport } from './report.ts';

const deployment = (replicas: number, ready: number): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'shop' },
  spec: { replicas },
  status: { readyReplicas: ready },
});
const of = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web' };
const allReady = {
  kind: 'object' as const,
  of,
  expect: [{ that: 'object.status.readyReplicas == object.spec.replicas', wanted: 'all ready' }],
};
const never = { kind: 'object' as const, of, expect: [{ that: 'object.spec.replicas == 99', wanted: '99 replicas' }] };

async function grade(
  lab: Lab,
  cluster: FakeCluster,
  more: Partial<GradeOptions> & { advance?: number; clock?: ManualClock } = {},
): Promise<GradeReport> {
  const clock = more.clock ?? new ManualClock();
  const baseline = cluster.trouble ? { version: 1 as const, objects: {} } : await takeBaseline(lab, cluster);
  const pending = gradeLab({
    lab,
    cluster,
    answers: {},
    baseline,
    clock,
    signal: new AbortController().signal,
    ...more,
  });
  pending.catch(() => {});
  await clock.advance(more.advance ?? 5000);
  return pending;
}
const verdicts = (report: GradeReport): Record<string, string> =>
  Object.fromEntries(report.tasks[0]?.criteria.map((c) => [c.id, c.verdict]) ?? []);

describe('gradeLab', () => {
  it('scores, skips what requires more, and fits its schema', async () => {
    const cluster = new FakeCluster();
    cluster.put(deployment(2, 2));
    const lab = labOf([
      { id: 'ready', title: 'Ready', points: 3, check: allReady },
      { id: 'many', title: 'Many', points: 2, check: never },
      { id: 'more', title: 'More', requires: ['many'], check: allReady },
    ]);
    const report = gradeReportSchema.parse(await grade(lab, cluster));
    expect(report).toMatchObject({ outcome: 'fail', points: 3, of: 6, score: 0.5 });
    expect(verdicts(report)).toEqual({ ready: 'pass', many: 'fail', more: 'skipped' });
    expect(report.tasks[0]?.criteria[1]?.observation).toEqual({ saw: 'spec.replicas is 2', wanted: '99 replicas' });
  });

  it('never takes our trouble for the learner’s failure', async () => {
    const cluster = new FakeCluster();
    cluster.trouble = new Error('no route');
    const report = await grade(labOf([{ id: 'ready', title: 'Ready', check: allReady }]), cluster);
    expect(report.outcome).toBe('ungraded');
    expect(report.tasks[0]?.criteria[0]).toMatchObject({ verdict: 'error', points: 0 });
    expect(report.tasks[0]?.criteria[0]?.observation.saw).toContain('costs you nothing');
  });

  it('takes a Pod that cannot send requests for our trouble, too', async () => {
    const cluster = new FakeCluster();
    const metadata = { name: 'a', namespace: 'shop' };
    const status = { phase: 'Running', podIP: '10.0.0.9' };
    const [, deployed] = proberObjects();
    const at = { name: 'prober-1', namespace: 'drydock-system', labels: deployed?.metadata.labels };
    cluster.put({ apiVersion: 'v1', kind: 'Pod', metadata, status });
    cluster.put({ apiVersion: 'v1', kind: 'Pod', metadata: at, status });
    cluster.onExec = () => {
      throw new Error('the kubelet does not answer');
    };
    const check = { kind: 'reaches' as const, to: { kind: 'Pod' as const, namespace: 'shop', name: 'a' } };
    const report = await grade(labOf([{ id: 'asks', title: 'Asks', within: '5s', check }]), cluster, { advance: 9000 });
    expect(report).toMatchObject({ outcome: 'ungraded', points: 0, score: 0 });
    expect(report.tasks[0]?.criteria[0]).toMatchObject({ verdict: 'error' });
    expect(report.tasks[0]?.criteria[0]?.observation.saw).toMatch(/kubelet does not answer.*costs you nothing/);
  });

  it('waits within, and insists for', async () => {
    const cluster = new FakeCluster();
    const clock = new ManualClock();
    cluster.put(deployment(2, 1));
    clock.after(3000, () => cluster.put(deployment(2, 2)));
    clock.after(7000, () => cluster.put(deployment(2, 1)));
    const lab = labOf([
      { id: 'soon', title: 'Soon', within: '4s', check: allReady },
      { id: 'lasting', title: 'Lasting', for: '10s', check: allReady },
    ]);
    expect(verdicts(await grade(lab, cluster, { clock, advance: 30_000 }))).toEqual({ soon: 'pass', lasting: 'fail' });
  });

  it('disturbs last, looks again, and takes it back', async () => {
    const cluster = new FakeCluster();
    cluster.put(deployment(2, 2));
    const seen: unknown[] = [];
    cluster.onChange = ({ object }) => {
      seen.push(object.spec);
      const replicas = Number((object.spec as { replicas: number }).replicas);
      if (object.status && (object.status as { readyReplicas: number }).readyReplicas !== Math.min(replicas, 3))
        cluster.put(deployment(replicas, Math.min(replicas, 3)));
    };
    const lab = labOf([
      { id: 'grows', title: 'Grows', within: '2s', after: [{ kind: 'scale', of, by: 1 }], check: allReady },
      { id: 'bursts', title: 'Bursts', within: '2s', after: [{ kind: 'scale', of, by: 5 }], check: allReady },
      {
        id: 'calm',
        title: 'Calm',
        check: { ...allReady, expect: [{ that: 'object.spec.replicas == 2', wanted: '2' }] },
      },
    ]);
    const report = await grade(lab, cluster, { advance: 20_000 });
    expect(verdicts(report)).toEqual({ grows: 'pass', bursts: 'fail', calm: 'pass' });
    expect((await cluster.get(of))?.spec).toEqual({ replicas: 2 });
    expect(seen.length).toBeGreaterThan(3);
  });

  it('does not disturb what is not right undisturbed', async () => {
    const cluster = new FakeCluster();
    cluster.put(deployment(2, 1));
    let changes = 0;
    cluster.onChange = () => changes++;
    await grade(
      labOf([{ id: 'grows', title: 'Grows', after: [{ kind: 'scale', of, by: 1 }], check: allReady }]),
      cluster,
    );
    expect(changes).toBe(0);
  });

  it('takes disturbances back even when it is aborted', async () => {
    const cluster = new FakeCluster();
    cluster.put({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'n1', labels: { zone: 'a' } }, spec: {} });
    cluster.put(deployment(2, 2));
    const abort = new AbortController();
    const clock = new ManualClock();
    clock.after(100, () => abort.abort(new Error('enough')));
    const lab = labOf([{ id: 'c', title: 'C', after: [{ kind: 'cordon', nodes: 'zone=a' }], check: allReady }]);
    await expect(grade(lab, cluster, { clock, signal: abort.signal })).rejects.toThrow('enough');
    expect((await cluster.get({ apiVersion: 'v1', kind: 'Node', name: 'n1' }))?.spec).toEqual({});
  });

  it('puts a bare Pod back that it deleted', async () => {
    const cluster = new FakeCluster();
    const first = cluster.put({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'a', namespace: 'shop', labels: { app: 'x' } },
      spec: { nodeName: 'n1', x: 1 },
    });
    const check = { kind: 'absent' as const, of: { apiVersion: 'v1', kind: 'Service' } };
    const lab = labOf([
      { id: 'c', title: 'C', after: [{ kind: 'delete-pods', namespace: 'shop', labelSelector: 'app=x' }], check },
    ]);
    expect((await grade(lab, cluster)).outcome).toBe('pass');
    const again = await cluster.get({ apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: 'a' });
    expect(again?.spec).toEqual({ x: 1 });
    expect(again?.metadata.uid).not.toBe(first.metadata.uid);
  });

  it('does not take a Pod that is leaving already for the one to delete', async () => {
    const cluster = new FakeCluster();
    const labels = { app: 'x' };
    const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web', uid: 'u', controller: true };
    const metadata = { namespace: 'shop', labels, ownerReferences: [owner] };
    cluster.put({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { ...metadata, name: 'a', deletionTimestamp: '2026-01-01T00:00:00Z' },
    });
    cluster.put({ apiVersion: 'v1', kind: 'Pod', metadata: { ...metadata, name: 'b' } });
    const check = { kind: 'absent' as const, of: { apiVersion: 'v1', kind: 'Service' } };
    const after = [{ kind: 'delete-pods' as const, namespace: 'shop', labelSelector: 'app=x', count: 1 }];
    await grade(labOf([{ id: 'c', title: 'C', after, check }]), cluster);
    const left = await cluster.list({ apiVersion: 'v1', kind: 'Pod', namespace: 'shop' });
    expect(left.items.map((pod) => pod.metadata.name)).toEqual(['a']);
  });

  describe('stops waiting', () => {
    const lab = labOf([{ id: 'slow', title: 'Slow', within: '60s', check: allReady }]);
    const pod = (spec: object, status: object): KubeObject => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'web-1', namespace: 'shop' },
      spec,
      status,
    });
    /** Milliseconds until the report is there. */
    async function timeOf(cluster: FakeCluster, more: Partial<GradeOptions> = {}): Promise<number> {
      const clock = new ManualClock();
      const start = clock.monotonic();
      let end = Number.NaN;
      const seen: string[] = [];
      const pending = gradeLab({
        lab,
        cluster,
        answers: {},
        baseline: { version: 1, objects: {} },
        clock,
        signal: new AbortController().signal,
        onResult: ({ id, verdict }) => seen.push(`${id} ${verdict}`),
        ...more,
      }).then(() => (end = clock.monotonic()));
      await clock.advance(70_000);
      await pending;
      expect(seen).toEqual(['slow fail']);
      expect(cluster.watchCount).toBe(0);
      return end - start;
    }

    it('when nothing has moved for a while, and at once when that is known before', async () => {
      const cluster = new FakeCluster();
      cluster.put(deployment(2, 1));
      expect(await timeOf(cluster)).toBeLessThan(5000);
      expect(await timeOf(cluster, { unchangedFor: 20_000 })).toBeLessThan(600);
    });

    it('but not while a Pod starts, and later while the scheduler may try again', async () => {
      const cluster = new FakeCluster();
      cluster.put(deployment(2, 1));
      cluster.put(pod({ nodeName: 'n1' }, { phase: 'Pending' }));
      expect(await timeOf(cluster, { unchangedFor: 20_000 })).toBeGreaterThanOrEqual(60_000);
      cluster.put(pod({}, { phase: 'Pending' }));
      const waited = await timeOf(cluster);
      expect(waited).toBeGreaterThanOrEqual(11_000);
      expect(waited).toBeLessThan(12_000);
    });
  });

  it('refuses a task that is not there', async () => {
    await expect(
      grade(labOf([{ id: 'ready', title: 'Ready', check: allReady }]), new FakeCluster(), { task: 'other' }),
    ).rejects.toThrow('no task other');
  });
});
