/**
 * One learner's view of one attempt as server-sent events. A slow reader gets the newest state, not all of them: at most one
 * event of each kind waits, so a stalled tab costs nothing.
 */
import type { Clock } from '../../kernel/clock.ts';
import type { Disposable } from '../../kernel/disposable.ts';
import { DisposableStore, disposable } from '../../kernel/disposable.ts';
import type { OwnedAttempt } from '../attempt/attempts.ts';
import type { AttemptEvent } from '../protocol/http.ts';

const HEARTBEAT_MS = 15_000;

export interface ProgressStream extends Disposable {
  readonly body: ReadableStream<Uint8Array>;
}

/** `ended` is called once, when either side closes the stream. */
export function progressStream(attempt: OwnedAttempt, clock: Clock, ended: () => void): ProgressStream {
  const encoder = new TextEncoder();
  const waiting = new Map<string, AttemptEvent>();
  const owned = new DisposableStore();
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  owned.add(disposable(ended));

  const flush = (): void => {
    if (!controller) return;
    for (const [kind, event] of waiting) {
      if ((controller.desiredSize ?? 0) <= 0) return;
      waiting.delete(kind);
      controller.enqueue(encoder.encode(`event: ${event.kind}\ndata: ${JSON.stringify(event)}\n\n`));
    }
  };
  const body = new ReadableStream<Uint8Array>({
    start(begun) {
      controller = begun;
      owned.add(
        attempt.follow((event) => {
          waiting.set(event.kind, event);
          flush();
        }),
      );
      owned.add(
        clock.every(HEARTBEAT_MS, () => {
          if ((begun.desiredSize ?? 0) > 0) begun.enqueue(encoder.encode(': still here\n\n'));
        }),
      );
    },
    pull: flush,
    cancel: () => owned.dispose(),
  });
  return {
    body,
    dispose() {
      if (owned.ended) return;
      owned.dispose();
      controller?.close();
    },
  };
}
