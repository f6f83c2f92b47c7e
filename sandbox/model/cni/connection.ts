/** A TCP connection inside the model: two pipes, one each way. */
import { Pipe } from '../runtime/pipe.ts';
import type { Connection } from '../runtime/socket.ts';

/** Both ends: the one that dialled and the one that accepts. */
export function connectionPair(
  clientAddress: string,
  serverAddress: string,
): { client: Connection; server: Connection } {
  const up = new Pipe();
  const down = new Pipe();
  return { client: end(serverAddress, down, up), server: end(clientAddress, up, down) };
}

function end(remoteAddress: string, incoming: Pipe, outgoing: Pipe): Connection {
  return {
    remoteAddress,
    read: (signal) => incoming.read(signal),
    write(chunk) {
      try {
        outgoing.push(chunk);
      } catch {
        // The other side closed: TCP would answer with a reset, which the next read reports as the end.
        incoming.end();
      }
    },
    end: () => outgoing.end(),
    close() {
      outgoing.end();
      incoming.close();
    },
  };
}
