/** Answers an upgrade request with a Status instead of an upgrade, and closes the connection. */
import type { Duplex } from 'node:stream';
import { StatusError } from '../../../client/status.ts';

/** 400 with the message. A client that tried WebSocket falls back to SPDY on it. */
export function refuseUpgrade(socket: Duplex, message: string): void {
  const body = JSON.stringify(new StatusError(400, 'BadRequest', message).toStatus());
  socket.end(
    `HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}
