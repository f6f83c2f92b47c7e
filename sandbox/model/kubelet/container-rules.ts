/** Small rules about one container, apart from its life. */
import type { Random } from '../../../kernel/random.ts';
import type { ContainerSpec } from './pod.ts';

/** Whether a container that ended with this code is started again. */
export function restarts(policy: string, exitCode: number): boolean {
  return policy === 'Always' || (policy === 'OnFailure' && exitCode !== 0);
}

/** A new container's id: 64 digits. */
export function containerId(random: Random): string {
  return Array.from({ length: 64 }, () => Math.floor(random.next() * 16).toString(16)).join('');
}

/** A mount as the container's status tells it. */
export function mountStatus({ name, mountPath, readOnly }: NonNullable<ContainerSpec['volumeMounts']>[number]): object {
  return { name, mountPath, ...(readOnly ? { readOnly, recursiveReadOnly: 'Disabled' } : {}) };
}
