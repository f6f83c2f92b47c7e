/**
 * The objects that a cluster has before anyone types: what the API server and kubeadm make. Source: wire-spec §20 and a
 * cluster made by kind.
 *
 * R-BOOT-1  default, kube-system, kube-public, kube-node-lease exist (kubernetes `pkg/controlplane/controller/systemnamespaces`).
 * R-BOOT-2  Service default/kubernetes is 10.96.0.1 and leads to the API server (`pkg/controlplane/controller/kubernetesservice`).
 * R-BOOT-3  Service kube-system/kube-dns is 10.96.0.10; StorageClass standard is the default one (kind).
 */
import type { KubeObject } from '../../kernel/kube/object.ts';
import { isConflict } from '../client/status.ts';
import type { Transport } from '../client/transport.ts';

const NAMESPACES = ['default', 'kube-system', 'kube-public', 'kube-node-lease'];

const COREFILE = `.:53 {
    errors
    health {
       lameduck 5s
    }
    ready
    kubernetes cluster.local in-addr.arpa ip6.arpa {
       pods insecure
       fallthrough in-addr.arpa ip6.arpa
       ttl 30
    }
    prometheus :9153
    forward . /etc/resolv.conf {
       max_concurrent 1000
    }
    cache 30 {
       disable success cluster.local
       disable denial cluster.local
    }
    loop
    reload
    loadbalance
}
`;

interface Seed {
  readonly path: string;
  readonly object: KubeObject;
}

/** Makes what is missing; what is there stays as it is. */
export async function bootstrap(transport: Transport, apiServerIP: string): Promise<void> {
  for (const { path, object } of seeds(apiServerIP)) {
    try {
      await transport.request({ method: 'POST', path, body: object });
    } catch (error) {
      if (!isConflict(error)) throw error;
    }
  }
}

function seeds(apiServerIP: string): readonly Seed[] {
  return [
    ...NAMESPACES.map((name): Seed => ({
      path: '/api/v1/namespaces',
      object: { apiVersion: 'v1', kind: 'Namespace', metadata: { name } },
    })),
    { path: '/apis/storage.k8s.io/v1/storageclasses', object: STANDARD },
    { path: '/api/v1/namespaces/default/services', object: KUBERNETES },
    { path: '/api/v1/namespaces/default/endpoints', object: apiServerEndpoints(apiServerIP) },
    { path: '/apis/discovery.k8s.io/v1/namespaces/default/endpointslices', object: apiServerSlice(apiServerIP) },
    { path: '/api/v1/namespaces/kube-system/services', object: KUBE_DNS },
    { path: '/api/v1/namespaces/kube-system/configmaps', object: COREDNS },
  ];
}

const STANDARD: KubeObject = {
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: { name: 'standard', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
  provisioner: 'rancher.io/local-path',
  reclaimPolicy: 'Delete',
  volumeBindingMode: 'WaitForFirstConsumer',
};

const KUBERNETES: KubeObject = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'kubernetes', labels: { component: 'apiserver', provider: 'kubernetes' } },
  spec: { clusterIP: '10.96.0.1', ports: [{ name: 'https', port: 443, protocol: 'TCP', targetPort: 6443 }] },
};

function apiServerEndpoints(ip: string): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: { name: 'kubernetes', labels: { 'endpointslice.kubernetes.io/skip-mirror': 'true' } },
    subsets: [{ addresses: [{ ip }], ports: [{ name: 'https', port: 6443, protocol: 'TCP' }] }],
  };
}

function apiServerSlice(ip: string): KubeObject {
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: 'kubernetes', labels: { 'kubernetes.io/service-name': 'kubernetes' } },
    addressType: 'IPv4',
    endpoints: [{ addresses: [ip], conditions: { ready: true } }],
    ports: [{ name: 'https', port: 6443, protocol: 'TCP' }],
  };
}

const KUBE_DNS: KubeObject = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: {
    name: 'kube-dns',
    annotations: { 'prometheus.io/port': '9153', 'prometheus.io/scrape': 'true' },
    labels: { 'k8s-app': 'kube-dns', 'kubernetes.io/cluster-service': 'true', 'kubernetes.io/name': 'CoreDNS' },
  },
  spec: {
    clusterIP: '10.96.0.10',
    ports: [
      { name: 'dns', port: 53, protocol: 'UDP', targetPort: 53 },
      { name: 'dns-tcp', port: 53, protocol: 'TCP', targetPort: 53 },
      { name: 'metrics', port: 9153, protocol: 'TCP', targetPort: 9153 },
    ],
    selector: { 'k8s-app': 'kube-dns' },
  },
};

const COREDNS: KubeObject = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'coredns' },
  data: { Corefile: COREFILE },
};
