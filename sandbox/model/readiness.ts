/** Waits until a new cluster can be used: its nodes are Ready and Pods can be created in `default`. */
import type { Clock } from '../../kernel/clock.ts';
import { EnvironmentError } from '../../kernel/errors.ts';
import type { KubeObject } from '../../kernel/kube/object.ts';
import { isRecord } from '../../kernel/kube/object.ts';
import type { Transport } from '../client/transport.ts';

export interface Awaited {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly nodes: readonly string[];
}

const PATIENCE_MS = 30_000;

/** Rejects with the signal's reason, or with EnvironmentError after half a minute. */
export async function untilReady({ transport, clock, signal, nodes }: Awaited): Promise<void> {
  const abort = new AbortController();
  const giveUp = (): void => abort.abort(signal.reason);
  const late = new EnvironmentError('cluster-not-ready', 'The model cluster did not become ready within 30 seconds.', {
    remedy: 'The machine may be overloaded: try again.',
  });
  const timer = clock.after(PATIENCE_MS, () => abort.abort(late));
  if (signal.aborted) giveUp();
  signal.addEventListener('abort', giveUp, { once: true });
  const all = (path: string, meets: (object: KubeObject) => boolean, wanted: readonly string[]): Promise<void> =>
    untilSeen(transport, { path, meets, wanted, signal: abort.signal });
  try {
    await Promise.all([
      all('/api/v1/nodes', isReady, nodes),
      all('/api/v1/namespaces/default/serviceaccounts', () => true, ['default']),
    ]);
  } catch (error) {
    throw abort.signal.aborted ? abort.signal.reason : error;
  } finally {
    timer.dispose();
    signal.removeEventListener('abort', giveUp);
    abort.abort();
  }
  signal.throwIfAborted();
}

interface Seen {
  readonly path: string;
  readonly wanted: readonly string[];
  readonly signal: AbortSignal;
  meets(object: KubeObject): boolean;
}

async function untilSeen(transport: Transport, { path, wanted, signal, meets }: Seen): Promise<void> {
  const missing = new Set(wanted);
  const events = await transport.watch({ method: 'GET', path }, signal);
  for await (const { object } of events) {
    if (meets(object)) missing.delete(object.metadata.name ?? '');
    if (missing.size === 0) return;
  }
  signal.throwIfAborted();
}

function isReady({ status }: KubeObject): boolean {
  const conditions = isRecord(status) && Array.isArray(status['conditions']) ? status['conditions'] : [];
  return conditions.some(
    (condition) => isRecord(condition) && condition['type'] === 'Ready' && condition['status'] === 'True',
  );
}
