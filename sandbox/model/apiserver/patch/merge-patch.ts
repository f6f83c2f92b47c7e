/** JSON merge patch, RFC 7386. */
import { isRecord } from '../../../../kernel/kube/object.ts';
import { getField, setField } from '../schema/own-field.ts';

/** The merged value; both inputs stay untouched. */
export function mergePatch(live: Record<string, unknown>, patch: Record<string, unknown>): Record<string, unknown> {
  const out = { ...live };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete out[key];
    else if (isRecord(value)) {
      const before = getField(out, key);
      setField(out, key, mergePatch(isRecord(before) ? before : {}, value));
    } else setField(out, key, value);
  }
  return out;
}
