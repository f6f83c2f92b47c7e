/** The query of a log request. Source: kubernetes `pkg/apis/core/validation` (ValidatePodLogOptions). */
import type { StatusCause } from '../../client/status.ts';
import type { ContainerLogQuery } from '../kubelet/kubelet-api.ts';
import { badRequest, invalid } from './errors.ts';
import type { Call } from './request.ts';

/** `now` in ms since the epoch, for sinceSeconds. Throws 400 and 422. */
export function readLogQuery({ request: { query }, name = '' }: Call, now: number): ContainerLogQuery {
  const causes: StatusCause[] = [];
  const whole = (field: string, least: number): number | undefined => {
    const text = query.get(field);
    if (text === null || text === '') return undefined;
    if (!/^[+-]?\d+$/.test(text)) throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
    const n = Number(text);
    if (n >= least) return n;
    const detail = least === 0 ? 'must be greater than or equal to 0' : 'must be greater than 0';
    causes.push({ reason: 'FieldValueInvalid', message: `Invalid value: ${text}: ${detail}`, field });
    return undefined;
  };
  const tailLines = whole('tailLines', 0);
  const limitBytes = whole('limitBytes', 1);
  const sinceSeconds = whole('sinceSeconds', 1);
  const since = query.get('sinceTime');
  if (since !== null && since !== '' && sinceSeconds !== undefined) {
    causes.push({
      reason: 'FieldValueForbidden',
      message: 'Forbidden: at most one of `sinceTime` or `sinceSeconds` may be specified',
      field: '',
    });
  }
  if (causes.length > 0) throw invalid({ group: '', kind: 'PodLogOptions' }, name, causes);
  const sinceTime =
    sinceSeconds !== undefined
      ? now - sinceSeconds * 1000
      : since !== null && since !== ''
        ? Date.parse(since)
        : undefined;
  return {
    follow: flag(query, 'follow'),
    previous: flag(query, 'previous'),
    timestamps: flag(query, 'timestamps'),
    tailLines,
    limitBytes,
    sinceTime,
  };
}

function flag(query: URLSearchParams, name: string): boolean {
  const value = query.get(name);
  return value === 'true' || value === '1';
}
