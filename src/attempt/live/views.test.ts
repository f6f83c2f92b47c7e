import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../kernel/kube/object.ts';
import { liveViewSchema } from '../../protocol/live-view.ts';
import { podsView } from './pods.ts';
import { schedulingView } from './scheduling.ts';
import { servicesView } from './services.ts';

const object = (kind: string, name: string, more: object = {}): KubeObject => ({
  apiVersion: 'v1',
  kind,
  ...more,
  metadata: { name, namespace: 'default', ...('metadata' in more ? (more.metadata as object) : {}) },
});

describe('pods', () => {
  it('show containers of all roles, their state in kubectl’s words, mounts and volumes; system Pods are left out', () => {
    const pod = object('Pod', 'web', {
      spec: {
        nodeName: 'worker',
        initContainers: [
          { name: 'setup', image: 'busybox' },
          { name: 'log', image: 'busybox', restartPolicy: 'Always' },
        ],
        containers: [{ name: 'nginx', image: 'nginx', volumeMounts: [{ name: 'shared', mountPath: '/html' }] }],
        volumes: [{ name: 'shared', emptyDir: {} }],
      },
      status: {
        phase: 'Running',
        podIP: '10.244.1.2',
        initContainerStatuses: [
          { name: 'setup', state: { terminated: { reason: 'Completed', exitCode: 0 } }, ready: true, restartCount: 0 },
          { name: 'log', state: { running: {} }, ready: true, restartCount: 0 },
        ],
        containerStatuses: [
          { name: 'nginx', state: { waiting: { reason: 'CrashLoopBackOff' } }, ready: false, restartCount: 3 },
        ],
      },
    });
    const view = podsView([object('Pod', 'dns', { metadata: { namespace: 'kube-system' } }), pod]);
    expect(liveViewSchema.parse(view)).toEqual(view);
    expect(view.pods).toMatchObject([
      {
        name: 'web',
        phase: 'Running',
        ip: '10.244.1.2',
        node: 'worker',
        containers: [
          { name: 'setup', role: 'init', state: 'Completed' },
          { name: 'log', role: 'sidecar', state: 'Running' },
          {
            name: 'nginx',
            role: 'container',
            state: 'CrashLoopBackOff',
            restarts: 3,
            mounts: [{ volume: 'shared', path: '/html' }],
          },
        ],
        volumes: [{ name: 'shared', kind: 'emptyDir' }],
      },
    ]);
  });

  it('show a bare Pod without guessing', () => {
    expect(podsView([object('Pod', 'new')]).pods).toEqual([
      { name: 'new', namespace: 'default', phase: 'Pending', containers: [], volumes: [] },
    ]);
  });
});

describe('scheduling', () => {
  it('puts waiting Pods first, with the scheduler’s own words, and leaves out what has ended', () => {
    const waiting = object('Pod', 'waits', {
      spec: {},
      status: { conditions: [{ type: 'PodScheduled', status: 'False', message: '0/3 nodes are available: …' }] },
    });
    const placed = object('Pod', 'placed', { spec: { nodeName: 'worker' } });
    const over = object('Pod', 'over', { spec: {}, status: { phase: 'Succeeded' } });
    const nodes = [{ name: 'worker', scores: [{ plugin: 'ImageLocality', score: 10, weight: 1 }], total: 10 }];
    const view = schedulingView({ Pod: [over, placed, waiting] }, () => ({ nodes, message: 'asked now' }));
    expect(liveViewSchema.parse(view)).toEqual(view);
    expect(view.pods.map(({ name, node, message }) => [name, node, message])).toEqual([
      ['waits', undefined, '0/3 nodes are available: …'],
      ['placed', 'worker', undefined],
    ]);
    expect(schedulingView({ Pod: [waiting] }, () => undefined).pods[0]?.nodes).toEqual([]);
  });
});

describe('services', () => {
  const service = object('Service', 'web', {
    spec: { clusterIP: '10.96.1.1', selector: { app: 'web' }, ports: [{ port: 80, targetPort: 'http' }] },
  });
  const pod = (name: string, status: object): KubeObject =>
    object('Pod', name, { metadata: { labels: { app: 'web' } }, spec: { nodeName: 'n' }, status });
  const slice = object('EndpointSlice', 'web-1', {
    metadata: { labels: { 'kubernetes.io/service-name': 'web' } },
    ports: [{ port: 8080 }],
    endpoints: [
      { addresses: ['10.244.1.1'], targetRef: { name: 'a' }, nodeName: 'n', conditions: { ready: true } },
      { addresses: ['10.244.1.2'], targetRef: { name: 'b' }, conditions: {} },
      { addresses: ['10.244.1.3'], targetRef: { name: 'c' }, conditions: { ready: false } },
    ],
  });

  it('lead to endpoints with equal shares, and say why a matching Pod is left out', () => {
    const pods = [
      pod('a', { podIP: '10.244.1.1' }),
      pod('b', { podIP: '10.244.1.2' }),
      pod('c', { podIP: '10.244.1.3', conditions: [{ type: 'Ready', status: 'False' }] }),
      pod('d', { phase: 'Succeeded' }),
      pod('e', { podIP: '1', containerStatuses: [{ state: { waiting: { reason: 'ImagePullBackOff' } } }] }),
      object('Pod', 'f', { metadata: { labels: { app: 'web', extra: 'x' } }, spec: {} }),
      object('Pod', 'other', { metadata: { labels: { app: 'other' } } }),
    ];
    const view = servicesView({ services: [service, object('Service', 'kubernetes')], slices: [slice], pods });
    expect(liveViewSchema.parse(view)).toEqual(view);
    expect(view.services).toMatchObject([
      {
        name: 'web',
        clusterIP: '10.96.1.1',
        selector: 'app=web',
        ports: [{ port: 80, targetPort: 'http' }],
        endpoints: [
          { pod: 'a', ready: true, share: 0.5, ports: [8080] },
          { pod: 'b', ready: true, share: 0.5 },
          { pod: 'c', ready: false, share: 0 },
        ],
        leftOut: [
          { pod: 'c', why: 'it is not ready (readiness)' },
          { pod: 'd', why: 'it has ended (Succeeded)' },
          { pod: 'e', why: 'it is not ready (ImagePullBackOff)' },
          { pod: 'f', why: 'it waits for a node' },
        ],
      },
    ]);
  });

  it('that match no Pod name the Pods with other values of the same labels', () => {
    const strangers = [
      object('Pod', 'a', { metadata: { labels: { app: 'shop' } } }),
      object('Pod', 'b', { metadata: { labels: { tier: 'web' } } }),
      object('Pod', 'c', { metadata: { namespace: 'elsewhere', labels: { app: 'shop' } } }),
    ];
    expect(servicesView({ services: [service], slices: [], pods: strangers }).services[0]?.leftOut).toEqual([
      { pod: 'a', why: 'its label app is shop, the Service wants web' },
    ]);
  });

  it('without a selector leave nobody out', () => {
    const bare = object('Service', 'bare', { spec: { ports: [] } });
    expect(servicesView({ services: [bare], slices: [], pods: [pod('a', {})] }).services[0]).toMatchObject({
      selector: '',
      endpoints: [],
      leftOut: [],
    });
  });
});
