/** Which nodes a topology has, as kind lays them out. */
import type { Topology } from '../spec.ts';
import type { NodeSpec } from './node/index.ts';

const SIZE = { cpu: '4', memory: '8Gi' };

/** K1: one node that runs everything. K3: a tainted control plane and two workers. */
export function nodesOf(topology: Topology, cluster: string): readonly NodeSpec[] {
  const place = (role: NodeSpec['role'], suffix: string, index: number): NodeSpec => ({
    name: `${cluster}-${suffix}`,
    role,
    taint: role === 'control-plane' && topology === 'K3',
    ...SIZE,
    podCIDR: `10.244.${index}.0/24`,
    internalIP: `172.18.0.${index + 2}`,
  });
  const controlPlane = place('control-plane', 'control-plane', 0);
  return topology === 'K1'
    ? [controlPlane]
    : [controlPlane, place('worker', 'worker', 1), place('worker', 'worker2', 2)];
}
