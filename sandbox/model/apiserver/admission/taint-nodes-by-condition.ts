/** TaintNodesByCondition: a new node takes no Pods until it has said that it is ready. Source: kubernetes `plugin/pkg/admission/nodetaint`. */
import type { Admission } from '../kind.ts';
import { items, spec } from '../kinds/parts/reading.ts';

const NOT_READY = 'node.kubernetes.io/not-ready';

export const taintNodesByCondition: Admission = {
  name: 'TaintNodesByCondition',
  admit({ kind, operation, object }) {
    if (kind.resource !== 'nodes' || operation !== 'create') return object;
    const taints = items(spec(object)['taints']);
    if (taints.some(({ key, effect }) => key === NOT_READY && effect === 'NoSchedule')) return object;
    return { ...object, spec: { ...spec(object), taints: [...taints, { key: NOT_READY, effect: 'NoSchedule' }] } };
  },
};
