/** What a node of the cluster is asked to be. */
export interface NodeSpec {
  readonly name: string;
  readonly role: 'control-plane' | 'worker';
  /** Keeps ordinary Pods off (`node-role.kubernetes.io/control-plane:NoSchedule`). */
  readonly taint: boolean;
  /** Quantities, as `4` and `8Gi`. */
  readonly cpu: string;
  readonly memory: string;
  /** A /24, as `10.244.1.0/24`. */
  readonly podCIDR: string;
  readonly internalIP: string;
}
