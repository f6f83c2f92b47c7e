/**
 * One viewer of one terminal: says hello with what it has drawn, hands output on, acknowledges what was drawn, and comes
 * back by itself after a loss. Knows the frames of `protocol/terminal.ts`; knows nothing of xterm or of the page.
 */
import type { Clock } from '../../../kernel/clock.ts';
import type { Disposable } from '../../../kernel/disposable.ts';
import { messageOf } from '../../../kernel/errors.ts';
import { CsiGuard } from '../../../sandbox/terminal/csi-guard.ts';
import {
  decodeServerFrame,
  encodeClientFrame,
  LIMITS,
  type ClientFrame,
  type ServerFrame,
} from '../../protocol/terminal.ts';

/** The server resumes a paused shell when less than this is unacknowledged, so later is too late. */
const ACK_EVERY = 5_000;
const BACKOFF_SECONDS = [1, 2, 4, 8, 15] as const;
/** Room for the frame's kind byte. */
const INPUT_CHUNK = LIMITS.frameBytes - 1;

export type ConnectionState =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'open' }
  | { readonly kind: 'waiting'; readonly seconds: number; readonly why: string }
  | { readonly kind: 'stalled' }
  | { readonly kind: 'ended'; readonly exitCode: number };

/** The part of WebSocket that is used. */
export interface Socket {
  binaryType: BinaryType;
  readonly readyState: number;
  send(bytes: Uint8Array<ArrayBuffer>): void;
  close(): void;
  addEventListener(type: 'open', listener: () => void): void;
  addEventListener(type: 'message', listener: (message: { readonly data: unknown }) => void): void;
  addEventListener(type: 'close', listener: (event: { readonly reason: string }) => void): void;
}

export interface ConnectionOptions {
  /** Gets a ticket and opens a socket with it; throws when there is no server or the terminal is gone. */
  readonly open: () => Promise<Socket>;
  readonly clock: Clock;
  readonly size: () => { cols: number; rows: number };
  /** Draws; `done` is called when these bytes are on the screen. `fresh`: they replace all that was there. */
  readonly draw: (bytes: Uint8Array, fresh: boolean, done: () => void) => void;
  readonly onState: (state: ConnectionState) => void;
}

const OPEN = 1;

export class TerminalConnection implements Disposable {
  readonly #options: ConnectionOptions;
  readonly #guard: CsiGuard;
  #socket: Socket | undefined;
  #timer: Disposable | undefined;
  #tries = 0;
  /** Numbers of the byte after the last one received, drawn and acknowledged. */
  #received = 0;
  #drawn = 0;
  #acknowledged = 0;
  #over = false;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    const { cols, rows } = options.size();
    this.#guard = new CsiGuard(cols * rows);
  }

  /** Connects now; also the "try again now" of the countdown. */
  connect(): void {
    this.#timer?.dispose();
    if (this.#over || this.#socket) return;
    this.#options.onState({ kind: 'connecting' });
    this.#options.open().then(
      (socket) => this.#adopt(socket),
      (error: unknown) => this.#lost(messageOf(error)),
    );
  }

  input(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; at += INPUT_CHUNK) {
      this.#send({ kind: 'input', bytes: bytes.subarray(at, at + INPUT_CHUNK) });
    }
  }

  resize(): void {
    const { cols, rows } = this.#options.size();
    this.#guard.resize(cols * rows);
    this.#send({ kind: 'resize', cols, rows });
  }

  dispose(): void {
    this.#over = true;
    this.#timer?.dispose();
    this.#socket?.close();
    this.#socket = undefined;
  }

  #adopt(socket: Socket): void {
    if (this.#over) return socket.close();
    this.#socket = socket;
    socket.binaryType = 'arraybuffer';
    const hello = (): void => {
      this.#send({ kind: 'hello', since: this.#received, ...this.#options.size() });
      this.#tries = 0;
      this.#options.onState({ kind: 'open' });
    };
    socket.addEventListener('message', ({ data }) => {
      if (data instanceof ArrayBuffer) this.#receive(decodeServerFrame(new Uint8Array(data)));
    });
    socket.addEventListener('close', ({ reason }) => {
      if (this.#socket !== socket) return;
      this.#socket = undefined;
      this.#lost(`The connection to the terminal was lost${reason && ` (${reason})`}.`);
    });
    if (socket.readyState === OPEN) hello();
    else socket.addEventListener('open', hello);
  }

  #receive(frame: ServerFrame): void {
    switch (frame.kind) {
      case 'output':
        return this.#draw(frame.bytes, frame.end, false);
      case 'replay':
        this.#acknowledged = frame.end - ACK_EVERY;
        return this.#draw(frame.bytes, frame.end, true);
      case 'ended':
        this.#close();
        return this.#options.onState(frame);
      case 'stalled':
        this.#close();
        return this.#options.onState(frame);
    }
  }

  #draw(bytes: Uint8Array, end: number, fresh: boolean): void {
    this.#received = end;
    this.#options.draw(this.#guard.filter(bytes), fresh, () => {
      this.#drawn = Math.max(this.#drawn, end);
      if (this.#drawn - this.#acknowledged < ACK_EVERY) return;
      this.#acknowledged = this.#drawn;
      this.#send({ kind: 'acknowledge', upTo: this.#drawn });
    });
  }

  #lost(why: string): void {
    if (this.#over) return;
    const seconds = BACKOFF_SECONDS[Math.min(this.#tries, BACKOFF_SECONDS.length - 1)] ?? 15;
    this.#tries += 1;
    this.#count(seconds, why);
  }

  #count(seconds: number, why: string): void {
    if (seconds === 0) return this.connect();
    this.#options.onState({ kind: 'waiting', seconds, why });
    this.#timer = this.#options.clock.after(1_000, () => this.#count(seconds - 1, why));
  }

  /** Lets go of the socket on purpose: no coming back by itself. */
  #close(): void {
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.close();
  }

  #send(frame: ClientFrame): void {
    if (this.#socket?.readyState === OPEN) this.#socket.send(encodeClientFrame(frame));
  }
}
