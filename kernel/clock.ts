/** The only door to time. Everything that waits or dates takes a Clock, so tests and the model cluster can own it. */
import type { Disposable } from './disposable.ts';

/** The part of AbortSignal that waiting needs; any AbortSignal fits. */
export interface Signal {
  readonly aborted: boolean;
  readonly reason: unknown;
  addEventListener(type: 'abort', listener: () => void, options?: { once?: boolean }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Milliseconds that only ever grow; for durations. */
  monotonic(): number;
  /** Runs `task` once after `ms` milliseconds unless disposed before. */
  after(ms: number, task: () => void): Disposable;
  /** Runs `task` each `ms` milliseconds until disposed. */
  every(ms: number, task: () => void): Disposable;
}

declare const setTimeout: (task: () => void, ms: number) => { unref?: () => void };
declare const clearTimeout: (timer: unknown) => void;
declare const setInterval: (task: () => void, ms: number) => { unref?: () => void };
declare const clearInterval: (timer: unknown) => void;
declare const performance: { now(): number };

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(ms, task) {
    const timer = setTimeout(task, ms);
    return { dispose: () => clearTimeout(timer) };
  },
  every(ms, task) {
    const timer = setInterval(task, ms);
    return { dispose: () => clearInterval(timer) };
  },
};

/** Waits; rejects with the signal's reason when it aborts first. */
export function sleep(clock: Clock, ms: number, signal?: Signal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const onAbort = (): void => {
      timer.dispose();
      reject(signal?.reason);
    };
    const timer = clock.after(ms, () => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    });
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}

/** Kubernetes' `metav1.Time`: RFC 3339 in UTC, whole seconds. */
export function rfc3339(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/** Kubernetes' `metav1.MicroTime`: RFC 3339 with six decimals. */
export function rfc3339Micro(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 23)}000Z`;
}
