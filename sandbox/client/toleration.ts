/** Whether tolerations cover a taint. Pure; the scheduler and taint eviction share it. */
import type { Taint, Toleration } from './kinds.ts';

/** Whether any of the tolerations covers the taint (upstream: v1helper.TolerationsTolerateTaint). */
export function tolerates(tolerations: readonly Toleration[] | undefined, taint: Taint): boolean {
  return (tolerations ?? []).some(({ key, operator = 'Equal', value = '', effect }) => {
    if (effect && effect !== taint.effect) return false;
    if (key && key !== taint.key) return false;
    if (operator === 'Exists') return true;
    if (operator === 'Gt') return Number(taint.value) > Number(value);
    if (operator === 'Lt') return Number(taint.value) < Number(value);
    return key !== undefined && key !== '' && value === (taint.value ?? '');
  });
}
