/** SPDY/3.1 header blocks. One zlib stream runs through all blocks of a direction, so one reader and one writer live per connection. */
import { createInflate, constants } from 'node:zlib';
import type { Inflate } from 'node:zlib';
import { SPDY_DICTIONARY } from './spdy-dictionary.ts';
import { uint32 } from './spdy-frames.ts';

/** A block may not unfold to more than this. */
const MAX_BLOCK = 64 << 10;

export class HeaderReader {
  readonly #inflate: Inflate = createInflate({ dictionary: SPDY_DICTIONARY, finishFlush: constants.Z_SYNC_FLUSH });
  #failure: Error | undefined;

  constructor() {
    this.#inflate.on('error', (error) => {
      this.#failure = error;
    });
  }

  /** Names in lower case. Rejects when the block is damaged. One call at a time, in the order of the frames. */
  async read(block: Uint8Array): Promise<ReadonlyMap<string, string>> {
    await new Promise<void>((resolve, reject) => {
      const failed = (): void => reject(this.#failure ?? new Error('SPDY header block is damaged'));
      this.#inflate.once('error', failed);
      this.#inflate.write(block, () => {
        this.#inflate.off('error', failed);
        resolve();
      });
    });
    const parts: Uint8Array[] = [];
    let size = 0;
    for (;;) {
      const part: unknown = this.#inflate.read();
      if (!(part instanceof Uint8Array)) break;
      size += part.length;
      if (size > MAX_BLOCK) throw new Error('SPDY header block is too large');
      parts.push(part);
    }
    return parseBlock(Buffer.concat(parts));
  }

  close(): void {
    this.#inflate.destroy();
  }
}

function parseBlock(bytes: Buffer): Map<string, string> {
  let at = 0;
  const number = (): number => {
    at += 4;
    return bytes.readUInt32BE(at - 4);
  };
  const text = (): string => {
    const length = number();
    if (length > bytes.length - at) throw new Error('SPDY header block is cut');
    at += length;
    return bytes.toString('utf8', at - length, at);
  };
  const headers = new Map<string, string>();
  for (let left = number(); left > 0; left -= 1) {
    const name = text().toLowerCase();
    headers.set(name, text());
  }
  return headers;
}

/** Writes blocks without headers, uncompressed: all that a server of exec and port-forward has to say. */
export class EmptyHeaderWriter {
  #started = false;

  block(): Buffer {
    // zlib's first bytes (deflate, preset dictionary, its Adler-32), once per connection.
    const start = this.#started ? [] : [Buffer.of(0x78, 0xbb), uint32(0xe3c6a7c2)];
    this.#started = true;
    // A stored deflate block of four bytes, the number of headers: 0. The empty block behind it is the flush that Go's reader waits for.
    return Buffer.concat([
      ...start,
      Buffer.of(0x00, 0x04, 0x00, 0xfb, 0xff),
      uint32(0),
      Buffer.of(0x00, 0x00, 0x00, 0xff, 0xff),
    ]);
  }
}
