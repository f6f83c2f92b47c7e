/**
 * Who is asking. A one-time token from the terminal is exchanged for a cookie; both are 256-bit random and kept as hashes,
 * so whoever reads the database still cannot log in.
 */
import { createHash, randomBytes } from 'node:crypto';
import type { Clock } from '../../kernel/clock.ts';
import { InputError } from '../../kernel/errors.ts';
import type { LoginStore } from '../storage/store.ts';

const DAYS_30 = 30 * 24 * 60 * 60;

/** In the local profile there is one learner: whoever started the server. */
export const LOCAL_LEARNER = 'local';

export class Logins {
  readonly #store: LoginStore;
  readonly #clock: Clock;
  readonly #cookie: string;

  /** `port` goes into the cookie's name, because browsers share cookies among all ports of a host. */
  constructor(store: LoginStore, clock: Clock, port: number) {
    this.#store = store;
    this.#clock = clock;
    this.#cookie = `drydock-login-${port}`;
  }

  /** A new one-time token; earlier ones are void. */
  issueToken(): string {
    const token = secret();
    this.#store.issueToken(hashOf(token), this.#clock.now());
    return token;
  }

  /** Exchanges the token for the value of a Set-Cookie header. Throws InputError `login-link-used`. */
  redeem(token: string): string {
    if (!this.#store.redeemToken(hashOf(token), this.#clock.now())) {
      throw new InputError('login-link-used', 'this login link was used before or is not the latest one', {
        remedy:
          'If this browser is logged in already, open the home page. Otherwise stop Drydock with Ctrl-C and run `npm start` again: it prints a new link, and your work is kept.',
      });
    }
    const value = secret();
    this.#store.addLogin(hashOf(value), LOCAL_LEARNER, this.#clock.now());
    return `${this.#cookie}=${value}; HttpOnly; SameSite=Strict; Path=/; Max-Age=${DAYS_30}`;
  }

  /** The learner of a Cookie header. Throws InputError `not-logged-in`. */
  learner(cookieHeader: string | undefined): string {
    for (const part of (cookieHeader ?? '').split(';')) {
      const [name, value] = part.trim().split('=', 2);
      if (name !== this.#cookie || value === undefined) continue;
      const learner = this.#store.learnerOf(hashOf(value), this.#clock.now() - DAYS_30 * 1000);
      if (learner !== undefined) return learner;
    }
    throw new InputError('not-logged-in', 'this browser is not logged in', {
      remedy: 'Open the link with the login token that `npm start` printed last.',
    });
  }
}

function secret(): string {
  return randomBytes(32).toString('base64url');
}

function hashOf(value: string): string {
  return createHash('sha256').update(value).digest('base64url');
}
