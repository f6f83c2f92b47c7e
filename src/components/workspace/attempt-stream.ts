/** Follows an attempt's event stream. The browser reconnects by itself while it can; when it gives up, this tries again. */
import type { Clock } from '../../../kernel/clock.ts';
import { disposable, type Disposable } from '../../../kernel/disposable.ts';
import { attemptEventSchema, type AttemptEvent } from '../../protocol/http.ts';
import { attemptPath } from './api.ts';

const RETRY_MS = 2_000;
/** The server names each event by its kind. */
const KINDS = ['attempt', 'live'] as const satisfies readonly AttemptEvent['kind'][];

export interface FollowOptions {
  readonly clock: Clock;
  readonly onEvent: (event: AttemptEvent) => void;
  readonly onState: (state: 'open' | 'lost') => void;
}

export function follow(attempt: string, options: FollowOptions): Disposable {
  let source: EventSource | undefined;
  let retry: Disposable | undefined;

  const receive = (message: MessageEvent): void => {
    const event = attemptEventSchema.safeParse(parseJson(message.data));
    // An event of a newer server that this page does not know yet is passed over.
    if (event.success) options.onEvent(event.data);
  };
  const open = (): void => {
    source = new EventSource(`${attemptPath(attempt)}/events`);
    source.addEventListener('open', () => options.onState('open'));
    for (const kind of KINDS) source.addEventListener(kind, receive);
    source.addEventListener('error', () => {
      options.onState('lost');
      if (source?.readyState !== EventSource.CLOSED) return;
      retry = options.clock.after(RETRY_MS, open);
    });
  };
  open();
  return disposable(() => {
    retry?.dispose();
    source?.close();
  });
}

function parseJson(text: unknown): unknown {
  try {
    return typeof text === 'string' ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}
