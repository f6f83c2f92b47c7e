/**
 * The control plane's static Pods and the node's kube-proxy, as mirror Pods that come back when they are deleted.
 * R-KUBELET-15: a static Pod is named `<name>-<node>`, owned by its Node, annotated with its source; deleting it brings it back.
 * kube-proxy stands alone here (there is no DaemonSet yet): one Pod a node, named as a DaemonSet would name it.
 */
import { rfc3339Micro } from '../../../kernel/clock.ts';
import type { Clock } from '../../../kernel/clock.ts';
import type { KubeObject } from '../../../kernel/kube/object.ts';
import { nameSuffix } from '../../../kernel/ids.ts';
import { fnv1a, seededRandom } from '../../../kernel/random.ts';
import { CONTROL_PLANE_IMAGES } from '../runtime/images/control-plane.ts';
import type { NodeSpec } from './spec.ts';

interface Component {
  readonly name: 'etcd' | 'kube-apiserver' | 'kube-controller-manager' | 'kube-scheduler';
  readonly cpu: string;
  readonly memory?: string;
  readonly flags: readonly string[];
}

const COMPONENTS: readonly Component[] = [
  {
    name: 'etcd',
    cpu: '100m',
    memory: '100Mi',
    flags: ['--client-cert-auth=true', '--data-dir=/var/lib/etcd', '--snapshot-count=10000'],
  },
  {
    name: 'kube-apiserver',
    cpu: '250m',
    flags: [
      '--allow-privileged=true',
      '--enable-admission-plugins=NodeRestriction',
      '--etcd-servers=https://127.0.0.1:2379',
      '--secure-port=6443',
      '--service-cluster-ip-range=10.96.0.0/16',
    ],
  },
  {
    name: 'kube-controller-manager',
    cpu: '200m',
    flags: [
      '--allocate-node-cidrs=true',
      '--bind-address=127.0.0.1',
      '--cluster-cidr=10.244.0.0/16',
      '--leader-elect=true',
    ],
  },
  {
    name: 'kube-scheduler',
    cpu: '100m',
    flags: ['--bind-address=127.0.0.1', '--kubeconfig=/etc/kubernetes/scheduler.conf', '--leader-elect=true'],
  },
];

/** The Pods that a node runs without being asked. `uid`: the Node's. */
export function staticPods(node: NodeSpec, uid: string, clock: Clock): readonly KubeObject[] {
  const own =
    node.role === 'control-plane' ? COMPONENTS.map((component) => mirror(component, { node, uid, clock })) : [];
  return [...own, kubeProxy(node, uid)];
}

function mirror(
  { name, cpu, memory, flags }: Component,
  { node, uid, clock }: { node: NodeSpec; uid: string; clock: Clock },
): KubeObject {
  const hash = fnv1a(`${name}/${node.name}`).toString(16).padStart(8, '0').repeat(4);
  const container = {
    name,
    image: CONTROL_PLANE_IMAGES[name],
    command: [name, ...flags],
    resources: { requests: { cpu, ...(memory === undefined ? {} : { memory }) } },
  };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `${name}-${node.name}`,
      namespace: 'kube-system',
      labels: { component: name, tier: 'control-plane' },
      annotations: {
        'kubernetes.io/config.hash': hash,
        'kubernetes.io/config.mirror': hash,
        'kubernetes.io/config.seen': rfc3339Micro(clock.now()),
        'kubernetes.io/config.source': 'file',
      },
      ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name: node.name, uid, controller: true }],
    },
    spec: { ...hostPod(node), containers: [container], tolerations: [{ effect: 'NoExecute', operator: 'Exists' }] },
  };
}

function kubeProxy(node: NodeSpec, uid: string): KubeObject {
  const container = {
    name: 'kube-proxy',
    image: CONTROL_PLANE_IMAGES['kube-proxy'],
    command: [
      '/usr/local/bin/kube-proxy',
      '--config=/var/lib/kube-proxy/config.conf',
      `--hostname-override=${node.name}`,
    ],
  };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `kube-proxy-${nameSuffix(seededRandom(uid))}`,
      namespace: 'kube-system',
      labels: { 'k8s-app': 'kube-proxy' },
    },
    spec: { ...hostPod(node), containers: [container], tolerations: [{ operator: 'Exists' }] },
  };
}

function hostPod(node: NodeSpec): Record<string, unknown> {
  return {
    nodeName: node.name,
    hostNetwork: true,
    priorityClassName: 'system-node-critical',
    priority: 2_000_001_000,
    automountServiceAccountToken: false,
  };
}
