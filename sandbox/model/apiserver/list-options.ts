/**
 * The query of a list or a watch, checked as upstream checks it. Source: apimachinery
 * `pkg/apis/meta/internalversion/validation/validation.go`.
 */
import type { StatusCause } from '../../client/status.ts';
import { StatusError } from '../../client/status.ts';
import { badRequest, invalidOptions } from './errors.ts';

export interface ListOptions {
  readonly watch: boolean;
  /** Undefined: unset; 0: any. */
  readonly resourceVersion: number | undefined;
  readonly exact: boolean;
  readonly limit: number | undefined;
  readonly continue: string | undefined;
  readonly bookmarks: boolean;
  readonly sendInitialEvents: boolean | undefined;
  readonly timeoutSeconds: number | undefined;
}

/** Throws StatusError 400 and 422. */
export function readListOptions(query: URLSearchParams): ListOptions {
  const watch = flag(query.get('watch')) ?? false;
  const version = query.get('resourceVersion') ?? '';
  const match = query.get('resourceVersionMatch') ?? '';
  const sendInitialEvents = flag(query.get('sendInitialEvents'));
  refuse({ watch, version, match, sendInitialEvents, continued: (query.get('continue') ?? '') !== '' });
  return {
    watch,
    resourceVersion: version === '' ? undefined : parseVersion(version, watch),
    exact: match === 'Exact',
    limit: whole(query.get('limit')),
    continue: query.get('continue') || undefined,
    bookmarks: flag(query.get('allowWatchBookmarks')) ?? false,
    sendInitialEvents,
    timeoutSeconds: whole(query.get('timeoutSeconds')),
  };
}

interface Asked {
  readonly watch: boolean;
  readonly version: string;
  readonly match: string;
  readonly sendInitialEvents: boolean | undefined;
  readonly continued: boolean;
}

function refuse({ watch, version, match, sendInitialEvents, continued }: Asked): void {
  const forbid = (field: string, detail: string): StatusCause => ({
    reason: 'FieldValueForbidden',
    message: `Forbidden: ${detail}`,
    field,
  });
  const cause = (): StatusCause | undefined => {
    if (sendInitialEvents !== undefined && !watch)
      return forbid('sendInitialEvents', 'sendInitialEvents is forbidden for list');
    if (sendInitialEvents !== undefined && match !== 'NotOlderThan') {
      return forbid('resourceVersionMatch', 'sendInitialEvents requires setting resourceVersionMatch to NotOlderThan');
    }
    if (match === '') return undefined;
    if (watch && sendInitialEvents === undefined)
      return forbid(
        'resourceVersionMatch',
        'resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided',
      );
    if (!watch && version === '')
      return forbid('resourceVersionMatch', 'resourceVersionMatch is forbidden unless resourceVersion is provided');
    if (continued) return forbid('resourceVersionMatch', 'resourceVersionMatch is forbidden when continue is provided');
    if (match !== 'Exact' && match !== 'NotOlderThan') {
      return {
        reason: 'FieldValueNotSupported',
        message: `Unsupported value: ${JSON.stringify(match)}: supported values: "Exact", "NotOlderThan", ""`,
        field: 'resourceVersionMatch',
      };
    }
    if (match === 'Exact' && version === '0')
      return forbid('resourceVersionMatch', 'resourceVersionMatch "exact" is forbidden for resourceVersion "0"');
    return undefined;
  };
  const found = cause();
  if (found) throw invalidOptions('ListOptions', found);
}

/** Throws, with Go's words, for what is not a whole number: 400 for a list, 500 for a watch. */
function parseVersion(text: string, watch: boolean): number {
  if (/^\d+$/.test(text)) return Number(text);
  const why = `resourceVersion: Invalid value: ${JSON.stringify(text)}: strconv.ParseUint: parsing ${JSON.stringify(text)}: invalid syntax`;
  throw watch ? new StatusError(500, '', why) : badRequest(`invalid resource version: ${why}`);
}

function flag(value: string | null): boolean | undefined {
  if (value === null || value === '') return undefined;
  return value === 'true' || value === '1' || value === 'True' || value === 'TRUE' || value === 't' || value === 'T';
}

/** A whole number above zero; zero means unset. Throws 400. */
function whole(text: string | null): number | undefined {
  if (text === null || text === '') return undefined;
  if (!/^-?\d+$/.test(text)) throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
  return Number(text) > 0 ? Number(text) : undefined;
}
