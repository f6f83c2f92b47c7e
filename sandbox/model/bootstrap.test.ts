import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Sandbox } from '../contract.ts';
import { modelDriver } from './driver.ts';

let sandbox: Sandbox;
beforeAll(async () => {
  const options = { id: 'boot', onProgress: () => undefined, signal: new AbortController().signal };
  sandbox = await modelDriver({ clusterName: 'kind' }).create({ topology: 'K3', needs: [] }, options);
});
afterAll(() => sandbox.close());

describe('a new cluster', () => {
  test('R-BOOT-1 has the system namespaces', async () => {
    const { items } = await sandbox.cluster.list({ apiVersion: 'v1', kind: 'Namespace' });
    expect(items.map(({ metadata }) => metadata.name)).toEqual([
      'default',
      'kube-node-lease',
      'kube-public',
      'kube-system',
    ]);
  });

  test('R-BOOT-2 has the Service kubernetes, which leads to the control plane', async () => {
    const at = { namespace: 'default', name: 'kubernetes' };
    const service = await sandbox.cluster.get({ apiVersion: 'v1', kind: 'Service', ...at });
    const slice = await sandbox.cluster.get({ apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', ...at });
    expect(service?.['spec']).toMatchObject({ clusterIP: '10.96.0.1', type: 'ClusterIP' });
    expect(slice?.['endpoints']).toMatchObject([{ addresses: ['172.18.0.2'], conditions: { ready: true } }]);
  });

  test('R-BOOT-3 has cluster DNS and a default StorageClass', async () => {
    const dns = await sandbox.cluster.get({
      apiVersion: 'v1',
      kind: 'Service',
      namespace: 'kube-system',
      name: 'kube-dns',
    });
    const standard = await sandbox.cluster.get({
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      name: 'standard',
    });
    expect(dns?.['spec']).toMatchObject({ clusterIP: '10.96.0.10' });
    expect(standard).toMatchObject({ provisioner: 'rancher.io/local-path', volumeBindingMode: 'WaitForFirstConsumer' });
  });

  test('names its nodes as kind does', async () => {
    const { items } = await sandbox.cluster.list({ apiVersion: 'v1', kind: 'Node' });
    expect(items.map(({ metadata }) => metadata.name)).toEqual(['kind-control-plane', 'kind-worker', 'kind-worker2']);
  });
});
