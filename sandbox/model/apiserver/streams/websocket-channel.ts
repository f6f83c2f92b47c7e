/** Messages of the channel protocols: the first byte names the channel. */
import { WebSocket } from 'ws';
import type { RawData } from 'ws';

/** A reader that lets so much pile up is cut off. */
const MAX_BUFFERED = 16 << 20;

/** Sends one chunk on a channel, unless the peer is gone or does not read. */
export function sendOn(ws: WebSocket, channel: number, chunk: Uint8Array): void {
  if (ws.readyState !== WebSocket.OPEN) return;
  if (ws.bufferedAmount > MAX_BUFFERED) {
    ws.terminate();
    return;
  }
  ws.send(Buffer.concat([Buffer.of(channel), chunk]));
}

export function bytesOf(raw: RawData): Uint8Array {
  if (Array.isArray(raw)) return Buffer.concat(raw);
  return raw instanceof ArrayBuffer ? new Uint8Array(raw) : raw;
}
