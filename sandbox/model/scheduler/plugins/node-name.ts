/** R-SCHED-12 A Pod that names its node fits that node alone (upstream: NodeName). */
import type { Plugin } from '../plugin.ts';
import { refuseForGood } from '../plugin.ts';

export const nodeName: Plugin = {
  name: 'NodeName',
  prepare: (pod) => ({
    filter: (state) =>
      !pod.spec.nodeName || pod.spec.nodeName === state.name
        ? undefined
        : refuseForGood("node(s) didn't match the requested node name"),
  }),
};
