/**
 * WebSockets of terminals. A socket is authorised (our page, a login, a single-use ticket, an attempt of that learner)
 * before any terminal is looked up, and a bad one never costs more than itself.
 */
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';
import type { Clock } from '../../kernel/clock.ts';
import type { Disposable } from '../../kernel/disposable.ts';
import { disposable } from '../../kernel/disposable.ts';
import { InputError, messageOf } from '../../kernel/errors.ts';
import type { TerminalSession } from '../../sandbox/contract.ts';
import type { Attempts } from '../attempt/attempts.ts';
import { LIMITS } from '../protocol/terminal.ts';
import { Budget } from './budget.ts';
import { admit } from './guard.ts';
import type { Log } from './log.ts';
import type { Logins } from './login.ts';
import { answerFor } from './problems.ts';
import { serveTerminal } from './terminal-socket.ts';
import type { Tickets } from './tickets.ts';

const SOCKETS = 40;
const HANDSHAKES = { perSecond: 2, burst: 60 };

export interface GatewayParts {
  readonly attempts: Attempts;
  readonly logins: Logins;
  readonly tickets: Tickets;
  readonly hosts: ReadonlySet<string>;
  readonly clock: Clock;
  readonly log: Log;
}

/** Serves upgrades of `server` until disposed; disposing closes all sockets with code 1001. */
export function terminalGateway(server: Server, parts: GatewayParts): Disposable {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: LIMITS.frameBytes,
    perMessageDeflate: false,
    clientTracking: true,
  });
  const handshakes = new Budget(parts.clock, HANDSHAKES);

  const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    socket.on('error', () => socket.destroy());
    try {
      if (handshakes.take(1) > 0 || sockets.clients.size >= SOCKETS) {
        throw new InputError('too-many', 'too many terminals are being opened', {
          remedy: 'Wait a little and try again.',
        });
      }
      const terminal = authorise(request, parts);
      sockets.handleUpgrade(request, socket, head, (ws) => serve(ws, terminal, parts));
    } catch (error) {
      refuse(socket, error, parts.log);
    }
  };
  server.on('upgrade', onUpgrade);
  return disposable(() => {
    server.off('upgrade', onUpgrade);
    for (const client of sockets.clients) client.close(1001, 'the server stops');
    sockets.close();
  });
}

function serve(ws: WebSocket, terminal: TerminalSession, { clock, log }: GatewayParts): void {
  serveTerminal(ws, terminal, {
    clock,
    onError: (error) => log.write('warn', 'terminal-socket', { error: messageOf(error) }),
  });
}

/** The terminal that this request may join. Throws the refusal. */
function authorise(request: IncomingMessage, { attempts, logins, tickets, hosts }: GatewayParts): TerminalSession {
  const url = new URL(request.url ?? '/', 'http://drydock');
  const header = (name: string): string | undefined => {
    const value = request.headers[name];
    return typeof value === 'string' ? value : undefined;
  };
  admit({ method: request.method ?? 'GET', path: url.pathname, header }, hosts, true);
  const learner = logins.learner(header('cookie'));
  const attempt = /^\/api\/attempts\/([^/]+)\/terminals\/socket$/.exec(url.pathname)?.[1];
  if (attempt === undefined) throw new InputError('not-found', 'there is no such address');
  const good = tickets.redeem(url.searchParams.get('ticket') ?? '');
  if (!good || good.learner !== learner || good.attempt !== attempt) {
    throw new InputError('bad-ticket', 'this ticket for a terminal is used, too old or for another one', {
      remedy: 'Ask for a new ticket.',
    });
  }
  const terminal = attempts.owned(learner, attempt).terminals.find(good.terminal);
  if (!terminal) throw new InputError('not-found', 'there is no such terminal');
  return terminal;
}

function refuse(socket: Duplex, error: unknown, log: Log): void {
  const { status, problem, internal } = answerFor(error);
  log.write(internal ? 'error' : 'warn', 'upgrade-refused', {
    code: problem.code,
    ...(internal ? { error: messageOf(error) } : {}),
  });
  const body = JSON.stringify(problem);
  socket.end(
    `HTTP/1.1 ${status} Refused\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
}
