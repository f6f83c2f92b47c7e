/**
 * Keeps other web pages out. A page of another origin can make the learner's browser send requests here, and a name it owns
 * can be made to point at 127.0.0.1: so the Host is checked before anything else, and whoever changes or reads something
 * must come from our own pages. Knows nothing of logins. (A login alone would not do: the browser sends it along.)
 */
import { InputError } from '../../kernel/errors.ts';

/** What of a request the guard looks at; header names in lower case. */
export interface Envelope {
  readonly method: string;
  readonly path: string;
  readonly header: (name: string) => string | undefined;
}

const SAFE = new Set(['GET', 'HEAD']);
const OUR_SITE = new Set(['same-origin', 'none']);

/** Hosts that we answer for on a port. */
export function ownHosts(port: number): ReadonlySet<string> {
  return new Set([`127.0.0.1:${port}`, `localhost:${port}`]);
}

/** Throws InputError `foreign-host` or `foreign-origin`. `upgrade`: a WebSocket, which always needs our Origin. */
export function admit(envelope: Envelope, hosts: ReadonlySet<string>, upgrade = false): void {
  const host = envelope.header('host');
  if (host === undefined || !hosts.has(host)) {
    throw new InputError('foreign-host', 'this server does not answer for that host name', {
      remedy: 'Open the address that `npm start` printed.',
    });
  }
  const origin = envelope.header('origin');
  const needsOrigin = upgrade || !SAFE.has(envelope.method);
  if (origin === undefined ? needsOrigin : origin !== `http://${host}`) throw foreignOrigin();
  const site = envelope.header('sec-fetch-site');
  // Pages may be linked to from anywhere; what the pages fetch may not.
  const guarded = needsOrigin || envelope.path.startsWith('/api/');
  if (guarded && site !== undefined && !OUR_SITE.has(site)) throw foreignOrigin();
}

function foreignOrigin(): InputError {
  return new InputError('foreign-origin', 'this request comes from another web page', {
    remedy: 'Use the pages of Drydock itself, at the address that `npm start` printed.',
  });
}
