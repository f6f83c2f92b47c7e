/** One SPDY/3.1 connection from a client: its streams, their order, their end. Knows nothing of what the streams are for. */
import type { Duplex } from 'node:stream';
import { ByteQueue } from './byte-queue.ts';
import {
  FLAG_FIN,
  GOAWAY,
  PING,
  RST_STREAM,
  SYN_REPLY,
  SYN_STREAM,
  controlFrame,
  dataFrame,
  readFrames,
  uint32,
} from './spdy-frames.ts';
import type { Frame } from './spdy-frames.ts';
import { EmptyHeaderWriter, HeaderReader } from './spdy-headers.ts';

const CHUNK = 32 << 10;
const MAX_STREAMS = 1000;
/** A client that does not read for so long that this much piles up is cut off. */
const MAX_BUFFERED = 16 << 20;

export interface SpdyStream {
  readonly id: number;
  readonly headers: ReadonlyMap<string, string>;
  /** Ends when the client has no more, or is gone. */
  readonly incoming: ByteQueue;
  write(chunk: Uint8Array): void;
  /** Our side of the stream ends. */
  end(): void;
}

export class SpdyConnection {
  readonly #socket: Duplex;
  readonly #streams = new Map<number, SpdyStream>();
  /** Streams whose outgoing side has ended. */
  readonly #closed = new Set<number>();
  readonly #headers = new HeaderReader();
  readonly #replies = new EmptyHeaderWriter();

  constructor(socket: Duplex) {
    this.#socket = socket;
  }

  /** Hands each new stream to `opened`; resolves when the client is gone, whatever the reason. */
  async serve(opened: (stream: SpdyStream) => void): Promise<void> {
    this.#socket.on('error', () => this.#socket.destroy());
    try {
      for await (const frame of readFrames(this.#socket)) await this.#take(frame, opened);
    } catch {
      // A broken or hostile peer: there is nobody left to tell.
    }
    this.#headers.close();
    for (const stream of this.#streams.values()) stream.incoming.end();
    this.#streams.clear();
    this.#socket.destroy();
  }

  /** Sends what is pending and closes. */
  close(): void {
    this.#socket.end();
  }

  async #take(frame: Frame, opened: (stream: SpdyStream) => void): Promise<void> {
    if (frame.kind === 'data') {
      const stream = this.#streams.get(frame.stream);
      if (frame.body.length > 0) await stream?.incoming.push(frame.body);
      if (stream && frame.flags & FLAG_FIN) this.#endIncoming(stream);
      return;
    }
    const body = Buffer.from(frame.body.buffer, frame.body.byteOffset, frame.body.length);
    switch (frame.type) {
      case SYN_STREAM: {
        const id = body.readUInt32BE(0) & 0x7fffffff;
        const headers = await this.#headers.read(body.subarray(10));
        if (this.#streams.size >= MAX_STREAMS) throw new Error('too many SPDY streams');
        const stream = this.#open(id, headers);
        this.#send(controlFrame(SYN_REPLY, 0, Buffer.concat([uint32(id), this.#replies.block()])));
        if (frame.flags & FLAG_FIN) this.#endIncoming(stream);
        opened(stream);
        break;
      }
      case RST_STREAM: {
        const id = body.readUInt32BE(0) & 0x7fffffff;
        this.#streams.get(id)?.incoming.end();
        this.#forget(id);
        break;
      }
      case PING:
        this.#send(controlFrame(PING, 0, body));
        break;
      case GOAWAY:
        this.#socket.end();
        break;
      default: // SETTINGS and WINDOW_UPDATE: kubectl keeps no windows
    }
  }

  #endIncoming(stream: SpdyStream): void {
    stream.incoming.end();
    if (this.#closed.has(stream.id)) this.#forget(stream.id);
  }

  #forget(id: number): void {
    this.#streams.delete(id);
    this.#closed.delete(id);
  }

  #open(id: number, headers: ReadonlyMap<string, string>): SpdyStream {
    const stream: SpdyStream = {
      id,
      headers,
      incoming: new ByteQueue(),
      write: (chunk) => {
        for (let at = 0; !this.#closed.has(id) && at < chunk.length; at += CHUNK)
          this.#send(dataFrame(id, 0, chunk.subarray(at, at + CHUNK)));
      },
      end: () => {
        if (this.#closed.has(id) || !this.#streams.has(id)) return;
        this.#send(dataFrame(id, FLAG_FIN, Buffer.alloc(0)));
        this.#closed.add(id);
        if (stream.incoming.ended) this.#forget(id);
      },
    };
    this.#streams.set(id, stream);
    return stream;
  }

  #send(frame: Buffer): void {
    if (!this.#socket.writable) return;
    if (this.#socket.writableLength > MAX_BUFFERED) this.#socket.destroy();
    else this.#socket.write(frame);
  }
}
