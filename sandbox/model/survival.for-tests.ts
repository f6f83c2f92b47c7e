/** What the writing process and the test that kills it both know. */
import type { ClusterReader } from '../contract.ts';
import type { Pod } from './kubelet/pod.ts';

export const CONFIG_MAP = { apiVersion: 'v1', kind: 'ConfigMap' };
export const POD = { apiVersion: 'v1', kind: 'Pod' };

export interface PodState {
  readonly uid: string | undefined;
  readonly containerID: string | undefined;
  readonly restartCount: number;
  readonly ready: boolean;
}

/** The state of the first container of a Pod in `default`. */
export async function podState(cluster: ClusterReader, name: string): Promise<PodState | undefined> {
  const pod = (await cluster.get({ ...POD, namespace: 'default', name })) as Pod | undefined;
  const status = pod?.status?.containerStatuses?.[0];
  if (!status) return undefined;
  const { containerID, restartCount, ready } = status;
  return { uid: pod?.metadata.uid, containerID, restartCount, ready };
}
