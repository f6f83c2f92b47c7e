/** From any thrown value to the answer that a browser gets: a status, a stable code, words and a way out. */
import { CouldNotTell, DrydockError, EnvironmentError, InputError } from '../../kernel/errors.ts';
import type { Problem } from '../protocol/http.ts';

const STATUS: Readonly<Record<string, number>> = {
  'not-logged-in': 401,
  'login-link-used': 403,
  'foreign-origin': 403,
  'bad-ticket': 403,
  'not-found': 404,
  'unknown-lab': 404,
  'unknown-question': 404,
  'unknown-criterion': 404,
  'attempt-not-ready': 409,
  'attempt-over': 409,
  'no-hint-left': 409,
  'check-running': 409,
  'too-many-terminals': 409,
  'body-too-large': 413,
  'url-too-long': 414,
  'not-json': 415,
  'foreign-host': 421,
  'too-many': 429,
  'disk-full': 507,
};

export interface Answer {
  readonly status: number;
  readonly problem: Problem;
  /** True when the cause is a bug of ours, whose words are for the log alone. */
  readonly internal: boolean;
}

export function answerFor(error: unknown): Answer {
  if (!(error instanceof DrydockError)) {
    const problem = {
      code: 'internal',
      message: 'something went wrong inside Drydock',
      remedy: 'Try again; if it stays, look into the log.',
    };
    return { status: 500, problem, internal: true };
  }
  const { code, message, remedy } = error;
  return {
    status: STATUS[code] ?? statusOfClass(error),
    problem: { code, message, ...(remedy ? { remedy } : {}) },
    internal: false,
  };
}

function statusOfClass(error: DrydockError): number {
  if (error instanceof InputError) return 400;
  if (error instanceof EnvironmentError || error instanceof CouldNotTell) return 503;
  return 500;
}
