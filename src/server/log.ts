/** One JSON line per event. Values are cut short and control characters escaped; secrets are not given to it at all. */
import type { Clock } from '../../kernel/clock.ts';

const FIELD_LIMIT = 1024;

export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

export interface Log {
  write(level: 'info' | 'warn' | 'error', event: string, fields?: LogFields): void;
}

export function jsonLog(clock: Clock, sink: (line: string) => void): Log {
  return {
    write(level, event, fields = {}) {
      const cut = Object.entries(fields).map(([key, value]) => [
        key,
        typeof value === 'string' ? value.slice(0, FIELD_LIMIT) : value,
      ]);
      sink(
        `${JSON.stringify({ at: new Date(clock.now()).toISOString(), level, event, ...Object.fromEntries(cut) })}\n`,
      );
    },
  };
}
