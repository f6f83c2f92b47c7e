/** exec, attach and port-forward connections: WebSocket or SPDY/3.1 on the outside, one StreamTarget on the inside. */
import { refuseUpgrade } from './refuse.ts';
import { serveSpdy } from './spdy-server.ts';
import type { StreamTarget, Upgrade } from './target.ts';
import { serveWebSocket } from './websocket-server.ts';

export type { StreamTarget } from './target.ts';

/** Takes over an upgraded connection and owns its socket from then on. Never throws: what goes wrong is told to the client. */
export function serveStream(upgrade: Upgrade, target: StreamTarget): void {
  const protocol = (upgrade.request.headers.upgrade ?? '').toLowerCase();
  if (protocol === 'websocket') serveWebSocket(upgrade, target);
  else if (protocol === 'spdy/3.1') serveSpdy(upgrade, target);
  else refuseUpgrade(upgrade.socket, 'Upgrade request required');
}
