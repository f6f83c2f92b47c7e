/** SPDY/3.1 frames: cuts a byte stream into frames and writes frames. Knows nothing of streams or headers. */

export const SYN_STREAM = 1;
export const SYN_REPLY = 2;
export const RST_STREAM = 3;
export const PING = 6;
export const GOAWAY = 7;
export const FLAG_FIN = 1;

export type Frame =
  | { readonly kind: 'data'; readonly stream: number; readonly flags: number; readonly body: Uint8Array }
  | { readonly kind: 'control'; readonly type: number; readonly flags: number; readonly body: Uint8Array };

/** Larger frames than this are never sent by kubectl (its data frames are 32 KB). */
const MAX_FRAME = 4 << 20;

/** Throws when a frame is too large or of another SPDY version. */
export async function* readFrames(source: AsyncIterable<unknown>): AsyncGenerator<Frame> {
  let buffer: Buffer = Buffer.alloc(0);
  for await (const chunk of source) {
    if (!(chunk instanceof Uint8Array)) continue;
    buffer =
      buffer.length === 0 ? Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length) : Buffer.concat([buffer, chunk]);
    for (;;) {
      if (buffer.length < 8) break;
      const length = buffer.readUIntBE(5, 3);
      if (length > MAX_FRAME) throw new Error(`SPDY frame of ${length} bytes`);
      if (buffer.length < 8 + length) break;
      const first = buffer.readUInt32BE(0);
      const flags = buffer.readUInt8(4);
      const body = buffer.subarray(8, 8 + length);
      buffer = buffer.subarray(8 + length);
      if (first >>> 31 === 0) yield { kind: 'data', stream: first, flags, body };
      else {
        if (((first >>> 16) & 0x7fff) !== 3) throw new Error('not SPDY version 3');
        yield { kind: 'control', type: first & 0xffff, flags, body };
      }
    }
  }
}

export function dataFrame(stream: number, flags: number, body: Uint8Array): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(stream, 0);
  head.writeUInt8(flags, 4);
  head.writeUIntBE(body.length, 5, 3);
  return Buffer.concat([head, body]);
}

export function controlFrame(type: number, flags: number, body: Uint8Array): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(0x80030000 + type, 0);
  head.writeUInt8(flags, 4);
  head.writeUIntBE(body.length, 5, 3);
  return Buffer.concat([head, body]);
}

export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
