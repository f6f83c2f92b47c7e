/**
 * Port-forward over WebSocket channels, as @kubernetes/client-node does it: the i-th port of the query has channel 2i for data and
 * 2i+1 for errors, and the server first says on each which port it is.
 */
import type { RawData, WebSocket } from 'ws';
import { messageOf } from '../../../../kernel/errors.ts';
import type { ByteStream } from '../../kubelet/kubelet-api.ts';
import type { PortForwardTarget } from './target.ts';
import { bytesOf, sendOn } from './websocket-channel.ts';

export interface ChannelForward {
  readonly ports: readonly number[];
  readonly target: PortForwardTarget;
}

export function forwardChannels(ws: WebSocket, { ports, target }: ChannelForward): void {
  const connections = ports.map((port, i) => {
    const name = Buffer.alloc(2);
    name.writeUInt16LE(port);
    sendOn(ws, 2 * i, name);
    sendOn(ws, 2 * i + 1, name);
    const connection = target.connect(port);
    void pump(connection, {
      data: (chunk) => sendOn(ws, 2 * i, chunk),
      error: (text) => sendOn(ws, 2 * i + 1, Buffer.from(text)),
      end: () => ws.close(1000),
    });
    return connection;
  });
  ws.on('message', (raw: RawData) => {
    const message = bytesOf(raw);
    const channel = message[0] ?? 0;
    if (channel % 2 === 0) withStream(connections[channel / 2], (stream) => stream.write(message.subarray(1)));
  });
  ws.on('close', () => {
    for (const connection of connections) withStream(connection, (stream) => stream.end());
  });
}

interface PumpEnds {
  data(chunk: Uint8Array): void;
  error(text: string): void;
  end(): void;
}

/** Carries what the Pod sends until it ends or fails. */
export async function pump(connection: Promise<ByteStream>, ends: PumpEnds): Promise<void> {
  try {
    const stream = await connection;
    for await (const chunk of stream.incoming) ends.data(chunk);
  } catch (error) {
    ends.error(messageOf(error));
  }
  ends.end();
}

/** Uses a connection once it stands; a refused one has been reported already. */
export function withStream(connection: Promise<ByteStream> | undefined, use: (stream: ByteStream) => void): void {
  connection?.then(use, () => undefined);
}
