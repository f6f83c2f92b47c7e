/**
 * A node's own object and Lease: registered, then kept fresh. Source: kubelet `kubelet_node_status.go`, `nodelease`.
 * R-KUBELET-14: the Lease is renewed every 10 s (40 s duration); the status is written when it changes, or every 5 minutes.
 */
import { rfc3339, rfc3339Micro } from '../../../kernel/clock.ts';
import type { Clock } from '../../../kernel/clock.ts';
import type { Disposable } from '../../../kernel/disposable.ts';
import { DisposableStore } from '../../../kernel/disposable.ts';
import type { KubeObject } from '../../../kernel/kube/object.ts';
import { isRecord } from '../../../kernel/kube/object.ts';
import { uuid } from '../../../kernel/ids.ts';
import type { Random } from '../../../kernel/random.ts';
import { seededRandom } from '../../../kernel/random.ts';
import type { ApiClient } from '../../client/client.ts';
import { isConflict, isNotFound } from '../../client/status.ts';
import { EventRecorder } from '../controllers/event-recorder.ts';
import { findImage } from '../runtime/images/catalogue.ts';
import type { NodeSpec } from './spec.ts';

export interface RegistrationOptions {
  readonly client: ApiClient;
  readonly clock: Clock;
  readonly random: Random;
  readonly node: NodeSpec;
  /** The cluster's name, in the provider id. */
  readonly cluster: string;
  readonly pulled: ReadonlySet<string>;
}

const RENEW_MS = 10_000;
const REPORT_MS = 300_000;

export class Registration implements Disposable {
  readonly #options: RegistrationOptions;
  readonly #owned = new DisposableStore();
  #reported = 0;
  #images = 0;

  constructor(options: RegistrationOptions) {
    this.#options = options;
  }

  /** Resolves with the Node once it is there. */
  async start(): Promise<KubeObject> {
    const { client, clock, node } = this.#options;
    const ref = { apiVersion: 'v1', kind: 'Node', name: node.name };
    let stored = await client.get(ref);
    if (!stored) {
      stored = await client.create(nodeObject(this.#options));
      this.#announce(stored);
    }
    const known =
      isRecord(stored['status']) &&
      Array.isArray(stored['status']['conditions']) &&
      stored['status']['conditions'].length > 0;
    if (!known) stored = await client.updateStatus({ ...stored, status: nodeStatus(this.#options) });
    this.#reported = clock.now();
    await this.#renew(stored);
    const registered = stored;
    this.#owned.add(clock.every(RENEW_MS, () => void this.#beat(registered).catch(() => undefined)));
    return stored;
  }

  dispose(): void {
    this.#owned.dispose();
  }

  #announce(node: KubeObject): void {
    const { client, clock } = this.#options;
    const { name = '' } = node.metadata;
    const events = new EventRecorder({ client, clock, component: 'kubelet', host: name });
    const target = { apiVersion: 'v1', kind: 'Node', name, uid: name };
    const say = (reason: string, message: string): void =>
      events.recordFor(target, { type: 'Normal', reason, message });
    say('Starting', 'Starting kubelet.');
    for (const reason of ['NodeHasSufficientMemory', 'NodeHasNoDiskPressure', 'NodeHasSufficientPID'])
      say(reason, `Node ${name} status is now: ${reason}`);
    say('NodeAllocatableEnforced', 'Updated Node Allocatable limit across pods');
    say('NodeReady', `Node ${name} status is now: NodeReady`);
  }

  async #beat(node: KubeObject): Promise<void> {
    const { client, clock, pulled } = this.#options;
    await this.#renew(node);
    if (clock.now() - this.#reported < REPORT_MS && pulled.size === this.#images) return;
    const ref = { apiVersion: 'v1', kind: 'Node', name: node.metadata.name ?? '' };
    this.#reported = clock.now();
    this.#images = pulled.size;
    const stored = await client.get(ref);
    const status = stored?.['status'];
    if (!stored || !isRecord(status)) return;
    const heartbeat = rfc3339(clock.now());
    const conditions = Array.isArray(status['conditions'])
      ? status['conditions'].map((condition: unknown) =>
          isRecord(condition) ? { ...condition, lastHeartbeatTime: heartbeat } : condition,
        )
      : [];
    await client.patchStatus(ref, { status: { conditions, images: images(pulled) } });
  }

  async #renew(node: KubeObject): Promise<void> {
    const { client, clock } = this.#options;
    const { name = '', uid = '' } = node.metadata;
    const renewTime = rfc3339Micro(clock.now());
    const ref = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', namespace: 'kube-node-lease', name };
    try {
      await client.patch(ref, { spec: { renewTime } });
    } catch (error) {
      if (!isNotFound(error)) throw error;
      const ownerReferences = [{ apiVersion: 'v1', kind: 'Node', name, uid }];
      const metadata = { name, namespace: 'kube-node-lease', ownerReferences };
      const lease = {
        apiVersion: ref.apiVersion,
        kind: 'Lease',
        metadata,
        spec: { holderIdentity: name, leaseDurationSeconds: 40, renewTime },
      };
      await client.create(lease).catch((problem: unknown) => {
        if (!isConflict(problem)) throw problem;
      });
    }
  }
}

function nodeObject({ node, cluster }: RegistrationOptions): KubeObject {
  const isControlPlane = node.role === 'control-plane';
  const roles: Record<string, string> = isControlPlane
    ? {
        'node-role.kubernetes.io/control-plane': '',
        ...(node.taint ? { 'node.kubernetes.io/exclude-from-external-load-balancers': '' } : {}),
      }
    : {};
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name: node.name,
      labels: {
        'beta.kubernetes.io/arch': 'amd64',
        'beta.kubernetes.io/os': 'linux',
        'kubernetes.io/arch': 'amd64',
        'kubernetes.io/hostname': node.name,
        'kubernetes.io/os': 'linux',
        ...roles,
      },
      annotations: {
        'node.alpha.kubernetes.io/ttl': '0',
        'volumes.kubernetes.io/controller-managed-attach-detach': 'true',
      },
    },
    spec: {
      podCIDR: node.podCIDR,
      podCIDRs: [node.podCIDR],
      providerID: `kind://docker/${cluster}/${node.name}`,
      ...(node.taint ? { taints: [{ effect: 'NoSchedule', key: 'node-role.kubernetes.io/control-plane' }] } : {}),
    },
  };
}

function nodeStatus({ node, clock, pulled }: RegistrationOptions): Record<string, unknown> {
  const now = rfc3339(clock.now());
  const resources = {
    cpu: node.cpu,
    'ephemeral-storage': '104857600Ki',
    'hugepages-1Gi': '0',
    'hugepages-2Mi': '0',
    memory: node.memory,
    pods: '110',
  };
  const random = seededRandom(node.name);
  const machineID = uuid(random).replaceAll('-', '');
  const condition = (type: string, status: string, [reason, message]: readonly [string, string]): object => ({
    type,
    status,
    reason,
    message,
    lastHeartbeatTime: now,
    lastTransitionTime: now,
  });
  return {
    addresses: [
      { type: 'InternalIP', address: node.internalIP },
      { type: 'Hostname', address: node.name },
    ],
    capacity: resources,
    allocatable: resources,
    conditions: [
      condition('MemoryPressure', 'False', ['KubeletHasSufficientMemory', 'kubelet has sufficient memory available']),
      condition('DiskPressure', 'False', ['KubeletHasNoDiskPressure', 'kubelet has no disk pressure']),
      condition('PIDPressure', 'False', ['KubeletHasSufficientPID', 'kubelet has sufficient PID available']),
      condition('Ready', 'True', ['KubeletReady', 'kubelet is posting ready status']),
    ],
    daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
    images: images(pulled),
    nodeInfo: {
      architecture: 'amd64',
      bootID: uuid(random),
      containerRuntimeVersion: 'containerd://2.3.7',
      kernelVersion: '6.12.48',
      kubeProxyVersion: '',
      kubeletVersion: 'v1.36.3',
      machineID,
      operatingSystem: 'linux',
      osImage: 'Debian GNU/Linux 12 (bookworm)',
      systemUUID: uuid(random),
    },
  };
}

function images(pulled: ReadonlySet<string>): readonly object[] {
  return [...pulled].slice(0, 50).map((name) => ({ names: [name], sizeBytes: findImage(name)?.spec.sizeBytes ?? 0 }));
}
