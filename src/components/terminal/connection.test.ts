import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../kernel/clock.manual.ts';
import { decodeClientFrame, encodeServerFrame, type ClientFrame, type ServerFrame } from '../../protocol/terminal.ts';
import { TerminalConnection, type ConnectionState, type Socket } from './connection.ts';

class FakeSocket implements Socket {
  binaryType: BinaryType = 'blob';
  readyState = 1;
  readonly sent: ClientFrame[] = [];
  #message: ((message: { data: unknown }) => void) | undefined;
  #close: ((event: { reason: string }) => void) | undefined;

  send(bytes: Uint8Array<ArrayBuffer>): void {
    this.sent.push(decodeClientFrame(bytes.slice()));
  }
  close(): void {
    this.readyState = 3;
  }
  addEventListener(type: 'open' | 'message' | 'close', listener: (event: never) => void): void {
    if (type === 'message') this.#message = listener as (message: { data: unknown }) => void;
    if (type === 'close') this.#close = listener as (event: { reason: string }) => void;
  }
  receive(frame: ServerFrame): void {
    this.#message?.({ data: encodeServerFrame(frame).buffer });
  }
  drop(reason = ''): void {
    this.readyState = 3;
    this.#close?.({ reason });
  }
}

function setup() {
  const clock = new ManualClock(0);
  const sockets: FakeSocket[] = [];
  const states: ConnectionState[] = [];
  const drawn: { text: string; fresh: boolean; done: () => void }[] = [];
  const connection = new TerminalConnection({
    clock,
    open: async () => {
      const socket = new FakeSocket();
      sockets.push(socket);
      return socket;
    },
    size: () => ({ cols: 80, rows: 24 }),
    draw: (bytes, fresh, done) => drawn.push({ text: new TextDecoder().decode(bytes), fresh, done }),
    onState: (state) => states.push(state),
  });
  const last = (): FakeSocket => {
    const socket = sockets.at(-1);
    if (!socket) throw new Error('no socket was opened');
    return socket;
  };
  return { clock, connection, sockets, states, drawn, last };
}

const settled = async (): Promise<void> => {
  for (let i = 0; i < 5; i++) await Promise.resolve();
};
const output = (text: string, end: number): ServerFrame => ({
  kind: 'output',
  end,
  bytes: new TextEncoder().encode(text),
});

describe('TerminalConnection', () => {
  it('says hello first, with nothing drawn yet', async () => {
    const { connection, last, states } = setup();
    connection.connect();
    await settled();
    expect(last().sent).toEqual([{ kind: 'hello', since: 0, cols: 80, rows: 24 }]);
    expect(states.map((state) => state.kind)).toEqual(['connecting', 'open']);
  });

  it('acknowledges only what was drawn, every 5 KB', async () => {
    const { connection, last, drawn } = setup();
    connection.connect();
    await settled();
    last().receive(output('a'.repeat(4_000), 4_000));
    last().receive(output('b'.repeat(4_000), 8_000));
    expect(last().sent).toHaveLength(1);
    drawn[0]?.done();
    expect(last().sent).toHaveLength(1);
    drawn[1]?.done();
    expect(last().sent[1]).toEqual({ kind: 'acknowledge', upTo: 8_000 });
  });

  it('counts down after a loss and comes back after the last byte it received', async () => {
    const { connection, last, states, sockets, clock } = setup();
    connection.connect();
    await settled();
    last().receive(output('hello', 5));
    last().drop('server restarts');
    expect(states.at(-1)).toEqual({
      kind: 'waiting',
      seconds: 1,
      why: 'The connection to the terminal was lost (server restarts).',
    });
    await clock.advance(1_000);
    await settled();
    expect(sockets).toHaveLength(2);
    expect(last().sent[0]).toEqual({ kind: 'hello', since: 5, cols: 80, rows: 24 });
  });

  it('draws a replay afresh and acknowledges it whole', async () => {
    const { connection, last, drawn } = setup();
    connection.connect();
    await settled();
    last().receive({ kind: 'replay', end: 90_000, cols: 80, rows: 24, bytes: new TextEncoder().encode('screen') });
    expect(drawn[0]).toMatchObject({ text: 'screen', fresh: true });
    drawn[0]?.done();
    expect(last().sent[1]).toEqual({ kind: 'acknowledge', upTo: 90_000 });
  });

  it('swallows sequences that would freeze the tab', async () => {
    const { connection, last, drawn } = setup();
    connection.connect();
    await settled();
    last().receive(output('a\u001b[2147483647bz', 15));
    expect(drawn[0]?.text).toBe('az');
  });

  it('does not come back by itself after the shell has ended or the viewer was let go', async () => {
    for (const frame of [{ kind: 'ended', exitCode: 2 }, { kind: 'stalled' }] as const) {
      const { connection, last, states, sockets, clock } = setup();
      connection.connect();
      await settled();
      last().receive(frame);
      await clock.advance(60_000);
      await settled();
      expect(states.at(-1)).toEqual(frame);
      expect(sockets).toHaveLength(1);
    }
  });

  it('splits input that is longer than a frame may be', async () => {
    const { connection, last } = setup();
    connection.connect();
    await settled();
    connection.input(new Uint8Array(150_000));
    expect(last().sent.filter((frame) => frame.kind === 'input')).toHaveLength(3);
  });
});
