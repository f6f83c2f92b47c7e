/** One WebSocket on one terminal session: frames in, frames out, limits on both. Whoever made the socket has authorised it. */
import type { RawData, WebSocket } from 'ws';
import type { Clock } from '../../kernel/clock.ts';
import type { Disposable } from '../../kernel/disposable.ts';
import { DisposableStore } from '../../kernel/disposable.ts';
import { messageOf, unreachable } from '../../kernel/errors.ts';
import type { TerminalAttachment, TerminalSession, TerminalViewer } from '../../sandbox/contract.ts';
import type { ClientFrame, ServerFrame } from '../protocol/terminal.ts';
import { decodeClientFrame, encodeServerFrame } from '../protocol/terminal.ts';
import { Budget } from './budget.ts';

const HELLO_MS = 10_000;
const PING_MS = 30_000;
const INPUT = { perSecond: 256 * 1024, burst: 1024 * 1024 };

/** WebSocket close codes (RFC 6455, 7.4.1). */
const CLOSE = { normal: 1000, policy: 1008, tooBig: 1009, internal: 1011 } as const;

export interface SocketOptions {
  readonly clock: Clock;
  readonly onError: (error: unknown) => void;
}

/** Serves until either side closes. Never throws. */
export function serveTerminal(ws: WebSocket, terminal: TerminalSession, { clock, onError }: SocketOptions): void {
  const owned = new DisposableStore();
  const input = new Budget(clock, INPUT);
  let attachment: TerminalAttachment | undefined;
  let answered = true;
  let resume: Disposable | undefined;

  const send = (frame: ServerFrame): void => {
    if (ws.readyState === ws.OPEN) ws.send(encodeServerFrame(frame));
  };
  const viewer: TerminalViewer = {
    output: (bytes, end) => send({ kind: 'output', bytes, end }),
    replay: (bytes, end, cols, rows) => send({ kind: 'replay', bytes, end, cols, rows }),
    ended(exitCode) {
      send({ kind: 'ended', exitCode });
      ws.close(CLOSE.normal, 'the shell has ended');
    },
    stalled() {
      send({ kind: 'stalled' });
      ws.close(CLOSE.normal, 'the viewer fell too far behind');
    },
  };

  const obey = (frame: ClientFrame): void => {
    if (frame.kind !== 'hello' && !attachment) return ws.close(CLOSE.policy, 'the first frame must be hello');
    switch (frame.kind) {
      case 'hello':
        if (attachment) return ws.close(CLOSE.policy, 'hello was said already');
        terminal.resize(frame.cols, frame.rows);
        attachment = owned.add(terminal.attach(viewer, frame.since));
        return;
      case 'input':
        if (!terminal.write(frame.bytes)) ws.close(CLOSE.tooBig, 'the shell does not read its input');
        return;
      case 'acknowledge':
        return attachment?.acknowledge(frame.upTo);
      case 'resize':
        return terminal.resize(frame.cols, frame.rows);
      default:
        return unreachable(frame);
    }
  };

  ws.on('message', (message: RawData, isBinary: boolean) => {
    if (ws.readyState !== ws.OPEN) return;
    if (!isBinary || !(message instanceof Buffer)) return ws.close(CLOSE.policy, 'frames must be binary');
    try {
      const wait = input.take(message.length);
      if (wait > 0) {
        // The rest waits in the browser: nothing is lost, and a flood cannot fill our memory.
        ws.pause();
        resume?.dispose();
        resume = clock.after(wait, () => ws.resume());
      }
      obey(decodeClientFrame(message));
    } catch (error) {
      const malformed = error instanceof Error && error.name === 'InputError';
      if (!malformed) onError(error);
      ws.close(malformed ? CLOSE.policy : CLOSE.internal, messageOf(error).slice(0, 100));
    }
  });
  ws.on('pong', () => (answered = true));
  ws.on('error', onError);
  ws.on('close', () => {
    resume?.dispose();
    owned.dispose();
  });

  const hello = owned.add(clock.after(HELLO_MS, () => attachment ?? ws.close(CLOSE.policy, 'no hello came')));
  owned.add(
    clock.every(PING_MS, () => {
      hello.dispose();
      if (!answered) return ws.terminate();
      answered = false;
      ws.ping();
    }),
  );
}
