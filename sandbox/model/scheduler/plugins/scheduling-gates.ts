/** R-SCHED-10 A Pod with scheduling gates is not tried (upstream: SchedulingGates, a pre-enqueue plugin; no event). */
import type { Plugin } from '../plugin.ts';
import { refuseForGood } from '../plugin.ts';

export const GATED = 'Scheduling is blocked due to non-empty scheduling gates';

export const schedulingGates: Plugin = {
  name: 'SchedulingGates',
  prepare: (pod) => (pod.spec.schedulingGates?.length ? { refusal: refuseForGood(GATED) } : {}),
};
