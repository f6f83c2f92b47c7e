/** DefaultTolerationSeconds: a Pod stays five minutes on a node that went away. Source: kubernetes `plugin/pkg/admission/defaulttolerationseconds`. */
import type { Admission } from '../kind.ts';
import type { Fields } from '../kinds/parts/reading.ts';
import { items, spec, text } from '../kinds/parts/reading.ts';

const KEYS = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'];
const SECONDS = 300;

export const defaultTolerationSeconds: Admission = {
  name: 'DefaultTolerationSeconds',
  admit({ kind, operation, object }) {
    if (kind.resource !== 'pods' || operation === 'delete') return object;
    const tolerations = items(spec(object)['tolerations']);
    const missing = KEYS.filter((key) => !tolerations.some((toleration) => covers(toleration, key)));
    if (missing.length === 0) return object;
    const added = missing.map((key) => ({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: SECONDS }));
    return { ...object, spec: { ...spec(object), tolerations: [...tolerations, ...added] } };
  },
};

/** An empty key or effect stands for all. */
function covers({ key, effect }: Fields, wanted: string): boolean {
  return (text(key) === wanted || text(key) === '') && (effect === 'NoExecute' || text(effect) === '');
}
