/** Listens for HTTP on behalf of a process; stops with it. */
import type { HttpRequest, Reply } from '../http.ts';
import { serveHttp } from '../http.ts';
import type { Process } from '../process.ts';
import type { Connection } from '../socket.ts';

export type Handler = (request: HttpRequest, connection: Connection) => Promise<Reply> | Reply;

/** Throws NetError EADDRINUSE. */
export function listenHttp(process: Process, port: number, handle: Handler): void {
  const accept = (connection: Connection): void => {
    process.owned.add({ dispose: () => connection.close() });
    void serveHttp(connection, (request) =>
      process.ended ? new Promise<never>(() => {}) : handle(request, connection),
    );
  };
  process.owned.add(process.world.network.listen(port, accept));
}
