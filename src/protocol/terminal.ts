/**
 * Frames of the terminal's WebSocket. Binary both ways.
 *   server → browser: byte 0 = kind; 'o' output and 'r' replay carry the number of the byte after the last one
 *                     (8 bytes, big endian), replay also cols and rows (2 bytes each); the rest is terminal data.
 *                     'x' ended (exit code, 4 bytes), 's' stalled.
 *   browser → server: 'i' input (rest is bytes), 'a' acknowledge (8 bytes), 'z' resize (cols, rows: 2 bytes each),
 *                     'h' hello (8 bytes: draw after this byte number; 0 for everything, then cols, rows), sent first.
 */
import { InputError } from '../../kernel/errors.ts';

export const LIMITS = { frameBytes: 64 * 1024, cols: { min: 2, max: 500 }, rows: { min: 1, max: 200 } } as const;

export type ServerFrame =
  | { readonly kind: 'output'; readonly end: number; readonly bytes: Uint8Array }
  | {
      readonly kind: 'replay';
      readonly end: number;
      readonly cols: number;
      readonly rows: number;
      readonly bytes: Uint8Array;
    }
  | { readonly kind: 'ended'; readonly exitCode: number }
  | { readonly kind: 'stalled' };

export type ClientFrame =
  | { readonly kind: 'hello'; readonly since: number; readonly cols: number; readonly rows: number }
  | { readonly kind: 'input'; readonly bytes: Uint8Array }
  | { readonly kind: 'acknowledge'; readonly upTo: number }
  | { readonly kind: 'resize'; readonly cols: number; readonly rows: number };

const CODE = {
  output: 111,
  replay: 114,
  ended: 120,
  stalled: 115,
  hello: 104,
  input: 105,
  acknowledge: 97,
  resize: 122,
} as const;

export function encodeServerFrame(frame: ServerFrame): Uint8Array<ArrayBuffer> {
  switch (frame.kind) {
    case 'output':
      return build(
        9 + frame.bytes.length,
        CODE.output,
        (v, b) => (v.setBigUint64(1, BigInt(frame.end)), b.set(frame.bytes, 9)),
      );
    case 'replay':
      return build(13 + frame.bytes.length, CODE.replay, (v, b) => {
        v.setBigUint64(1, BigInt(frame.end));
        v.setUint16(9, frame.cols);
        v.setUint16(11, frame.rows);
        b.set(frame.bytes, 13);
      });
    case 'ended':
      return build(5, CODE.ended, (v) => v.setInt32(1, frame.exitCode));
    case 'stalled':
      return build(1, CODE.stalled, () => {});
  }
}

export function decodeServerFrame(bytes: Uint8Array): ServerFrame {
  const v = view(bytes);
  switch (bytes[0]) {
    case CODE.output:
      need(bytes, 9);
      return { kind: 'output', end: byteNumber(v), bytes: bytes.subarray(9) };
    case CODE.replay:
      need(bytes, 13);
      return {
        kind: 'replay',
        end: byteNumber(v),
        cols: v.getUint16(9),
        rows: v.getUint16(11),
        bytes: bytes.subarray(13),
      };
    case CODE.ended:
      need(bytes, 5);
      return { kind: 'ended', exitCode: v.getInt32(1) };
    case CODE.stalled:
      return { kind: 'stalled' };
    default:
      throw malformed();
  }
}

export function encodeClientFrame(frame: ClientFrame): Uint8Array<ArrayBuffer> {
  switch (frame.kind) {
    case 'hello':
      return build(
        13,
        CODE.hello,
        (v) => (v.setBigUint64(1, BigInt(frame.since)), v.setUint16(9, frame.cols), v.setUint16(11, frame.rows)),
      );
    case 'input':
      return build(1 + frame.bytes.length, CODE.input, (_, b) => b.set(frame.bytes, 1));
    case 'acknowledge':
      return build(9, CODE.acknowledge, (v) => v.setBigUint64(1, BigInt(frame.upTo)));
    case 'resize':
      return build(5, CODE.resize, (v) => (v.setUint16(1, frame.cols), v.setUint16(3, frame.rows)));
  }
}

/** Throws InputError for anything that is not exactly a client frame within the limits. */
export function decodeClientFrame(bytes: Uint8Array): ClientFrame {
  if (bytes.length > LIMITS.frameBytes) throw malformed();
  const v = view(bytes);
  switch (bytes[0]) {
    case CODE.hello:
      need(bytes, 13, true);
      return { kind: 'hello', since: byteNumber(v), ...size(v, 9) };
    case CODE.input:
      return { kind: 'input', bytes: bytes.subarray(1) };
    case CODE.acknowledge:
      need(bytes, 9, true);
      return { kind: 'acknowledge', upTo: byteNumber(v) };
    case CODE.resize:
      need(bytes, 5, true);
      return { kind: 'resize', ...size(v, 1) };
    default:
      throw malformed();
  }
}

function build(length: number, code: number, fill: (v: DataView, b: Uint8Array) => void): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  bytes[0] = code;
  fill(view(bytes), bytes);
  return bytes;
}

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function byteNumber(v: DataView): number {
  const n = v.getBigUint64(1);
  if (n > BigInt(Number.MAX_SAFE_INTEGER)) throw malformed();
  return Number(n);
}

function size(v: DataView, at: number): { cols: number; rows: number } {
  const cols = v.getUint16(at);
  const rows = v.getUint16(at + 2);
  const { cols: c, rows: r } = LIMITS;
  if (cols < c.min || cols > c.max || rows < r.min || rows > r.max) throw malformed();
  return { cols, rows };
}

function need(bytes: Uint8Array, length: number, exact = false): void {
  if (exact ? bytes.length !== length : bytes.length < length) throw malformed();
}

function malformed(): InputError {
  return new InputError('bad-frame', 'not a terminal frame');
}
