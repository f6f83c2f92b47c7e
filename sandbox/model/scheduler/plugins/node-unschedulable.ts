/** R-SCHED-11 A cordoned node takes no new Pods, save those that tolerate `node.kubernetes.io/unschedulable` (upstream: NodeUnschedulable). */
import type { Plugin } from '../plugin.ts';
import { refuseForGood } from '../plugin.ts';
import { tolerates } from '../../../client/toleration.ts';

const TAINT = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' };

export const nodeUnschedulable: Plugin = {
  name: 'NodeUnschedulable',
  prepare: (pod) => ({
    filter: ({ node }) =>
      node.spec.unschedulable === true && !tolerates(pod.spec.tolerations, TAINT)
        ? refuseForGood('node(s) were unschedulable')
        : undefined,
  }),
};
