/**
 * The probes of one running container. Source: kubelet `prober`.
 * R-KUBELET-7: startup first and alone; then liveness and readiness; a result counts after its threshold of equal results; a
 * container is not ready until its readiness probe has succeeded.
 */
import { sleep } from '../../../kernel/clock.ts';
import type { Disposable } from '../../../kernel/disposable.ts';
import { messageOf } from '../../../kernel/errors.ts';
import type { ActionTarget } from './actions.ts';
import { runAction } from './actions.ts';
import type { Probe } from './pod.ts';

export interface ProbeListener {
  started(): void;
  ready(ready: boolean): void;
  /** The container must be restarted; the text follows `Container c failed `. */
  failed(kind: 'liveness' | 'startup'): void;
  unhealthy(message: string): void;
}

export class Probes implements Disposable {
  readonly #target: ActionTarget;
  readonly #listener: ProbeListener;
  readonly #ended = new AbortController();

  constructor(target: ActionTarget, listener: ProbeListener) {
    this.#target = target;
    this.#listener = listener;
  }

  start(): void {
    const { startupProbe } = this.#target.spec;
    if (!startupProbe) return this.#afterStart();
    void this.#loop('Startup', startupProbe, (ok) => {
      if (!ok) this.#listener.failed('startup');
      else this.#afterStart();
      return false;
    });
  }

  dispose(): void {
    this.#ended.abort();
  }

  #afterStart(): void {
    const { livenessProbe, readinessProbe } = this.#target.spec;
    this.#listener.started();
    if (readinessProbe) {
      void this.#loop('Readiness', readinessProbe, (ok) => {
        this.#listener.ready(ok);
        return true;
      });
    } else this.#listener.ready(true);
    if (livenessProbe) {
      void this.#loop('Liveness', livenessProbe, (ok) => {
        if (!ok) this.#listener.failed('liveness');
        return ok;
      });
    }
  }

  /** Calls `decided` when the threshold for a result is met; goes on while that says so. */
  async #loop(name: string, probe: Probe, decided: (ok: boolean) => boolean): Promise<void> {
    const { signal } = this.#ended;
    const { clock, container } = this.#target;
    const period = (probe.periodSeconds ?? 10) * 1000;
    let run = { ok: true, length: 0 };
    try {
      // The first look waits a moment even without a delay, so that a server can begin to listen.
      await sleep(clock, (probe.initialDelaySeconds ?? 0) * 1000 || 20, signal);
      for (;;) {
        const result = await runAction(probe, this.#target, (probe.timeoutSeconds ?? 1) * 1000);
        if (signal.aborted || !container.running) return;
        run = result.ok === run.ok ? { ok: run.ok, length: run.length + 1 } : { ok: result.ok, length: 1 };
        if (!result.ok) this.#listener.unhealthy(`${name} probe failed: ${result.message}`);
        const threshold = result.ok ? (probe.successThreshold ?? 1) : (probe.failureThreshold ?? 3);
        if (run.length >= threshold && !decided(result.ok)) return;
        await sleep(clock, period, signal);
      }
    } catch (error) {
      if (!signal.aborted) this.#listener.unhealthy(`${name} probe errored: ${messageOf(error)}`);
    }
  }
}
