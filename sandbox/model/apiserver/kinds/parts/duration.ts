/** The short durations of printed tables: `42s`, `4m10s`, `3d4h`. Source: apimachinery `duration.HumanDuration`. */
import { text } from './reading.ts';

/** The text of a time span in milliseconds. */
export function humanDuration(ms: number): string {
  const seconds = Math.trunc(ms / 1000);
  if (seconds < -1) return '<invalid>';
  if (seconds < 0) return '0s';
  if (seconds < 120) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 10) return withRest(`${minutes}m`, seconds % 60, 's');
  if (minutes < 180) return `${minutes}m`;
  const hours = Math.floor(minutes / 60);
  if (hours < 8) return withRest(`${hours}h`, minutes % 60, 'm');
  if (hours < 48) return `${hours}h`;
  const days = Math.floor(hours / 24);
  if (hours < 192) return withRest(`${days}d`, hours % 24, 'h');
  if (days < 730) return `${days}d`;
  const years = Math.floor(days / 365);
  return days < 2920 ? withRest(`${years}y`, days % 365, 'd') : `${years}y`;
}

function withRest(whole: string, rest: number, unit: string): string {
  return rest === 0 ? whole : `${whole}${rest}${unit}`;
}

/** How long ago an RFC 3339 time was; `<unknown>` when there is none. */
export function since(time: unknown, now: number): string {
  const at = Date.parse(text(time));
  return Number.isNaN(at) ? '<unknown>' : humanDuration(now - at);
}
