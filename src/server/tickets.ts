/** Single-use tickets for WebSockets, bound to one learner's one terminal. In memory: a restart voids them, which is right. */
import { randomBytes } from 'node:crypto';
import type { Clock } from '../../kernel/clock.ts';

const LIFE_MS = 30_000;
const MOST = 1000;

export interface TicketFor {
  readonly learner: string;
  readonly attempt: string;
  readonly terminal: string;
}

export class Tickets {
  readonly #clock: Clock;
  readonly #issued = new Map<string, { readonly to: TicketFor; readonly until: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  issue(to: TicketFor): string {
    this.#sweep();
    const ticket = randomBytes(32).toString('base64url');
    this.#issued.set(ticket, { to, until: this.#clock.monotonic() + LIFE_MS });
    return ticket;
  }

  /** What the ticket is good for; a ticket that was seen once, or is older than 30 s, is good for nothing. */
  redeem(ticket: string): TicketFor | undefined {
    const found = this.#issued.get(ticket);
    this.#issued.delete(ticket);
    return found && this.#clock.monotonic() <= found.until ? found.to : undefined;
  }

  #sweep(): void {
    const now = this.#clock.monotonic();
    for (const [ticket, { until }] of this.#issued) {
      // Oldest first: Maps keep the order of insertion.
      if (until >= now && this.#issued.size < MOST) return;
      this.#issued.delete(ticket);
    }
  }
}
