/**
 * exec, attach and port-forward over WebSocket: `v5.channel.k8s.io` and `v4.channel.k8s.io`, where the first byte of each binary
 * message names a channel; and `SPDY/3.1+portforward.k8s.io`, where the messages carry a SPDY connection.
 */
import { WebSocketServer, createWebSocketStream } from 'ws';
import type { RawData, WebSocket } from 'ws';
import { forwardChannels } from './channel-forward.ts';
import { translatedStatus } from './exit-status.ts';
import { ProcessSession } from './process-session.ts';
import { refuseUpgrade } from './refuse.ts';
import { serveSpdyPortForward } from './spdy-server.ts';
import type { ProcessTarget, StreamTarget, Upgrade } from './target.ts';
import { bytesOf, sendOn } from './websocket-channel.ts';

const CHANNELS = ['v5.channel.k8s.io', 'v4.channel.k8s.io'];
const TUNNEL = 'SPDY/3.1+portforward.k8s.io';
const STDIN = 0;
const STDOUT = 1;
const STDERR = 2;
const ERROR = 3;
const RESIZE = 4;
/** v5: the named channel has ended. */
const CLOSE = 255;

export function serveWebSocket(upgrade: Upgrade, target: StreamTarget): void {
  const { request, socket, head } = upgrade;
  const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
  if (target.kind === 'portforward' && offered.includes(TUNNEL)) {
    accept(upgrade, TUNNEL, (ws) => {
      const tunnel = createWebSocketStream(ws);
      serveSpdyPortForward(tunnel, target);
    });
    return;
  }
  const chosen = CHANNELS.find((name) => offered.includes(name));
  if (chosen === undefined) {
    refuseUpgrade(
      socket,
      `unable to upgrade: requested protocol(s) are not supported: [${offered.join(' ')}]; supports ${CHANNELS.join(', ')}`,
    );
    return;
  }
  accept({ request, socket, head }, chosen, (ws) => {
    if (target.kind === 'process') serveProcess(ws, target);
    else forwardChannels(ws, { ports: portsOf(request.url ?? ''), target });
  });
}

/** The handshake with exactly this sub-protocol. `ws` cannot read names with a slash, so it is kept out of the matter. */
function accept({ request, socket, head }: Upgrade, protocol: string, use: (ws: WebSocket) => void): void {
  delete request.headers['sec-websocket-protocol'];
  const server = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  server.on('headers', (headers) => headers.push(`Sec-WebSocket-Protocol: ${protocol}`));
  server.handleUpgrade(request, socket, head, (ws) => {
    ws.on('error', () => ws.terminate());
    use(ws);
  });
}

function serveProcess(ws: WebSocket, target: ProcessTarget): void {
  const send = (channel: number, chunk: Uint8Array): void => sendOn(ws, channel, chunk);
  const session = new ProcessSession(target, {
    stdout: (chunk) => send(STDOUT, chunk),
    stderr: (chunk) => send(STDERR, chunk),
    finish(status) {
      send(ERROR, Buffer.from(JSON.stringify(translatedStatus(status))));
      ws.close(1000);
    },
  });
  ws.on('message', (raw: RawData) => {
    const message = bytesOf(raw);
    const body = message.subarray(1);
    switch (message[0]) {
      case STDIN:
        if (body.length === 0) break;
        ws.pause();
        void session.stdin(body).then(() => ws.resume());
        break;
      case RESIZE:
        session.resize(body);
        break;
      case CLOSE:
        if (body[0] === STDIN) session.endStdin();
        break;
      default:
    }
  });
  ws.on('close', () => session.abandon());
}

function portsOf(url: string): number[] {
  const { searchParams } = new URL(url, 'http://localhost');
  const all = searchParams.getAll('ports').flatMap((value) => value.split(','));
  return all.map(Number).filter((port) => Number.isInteger(port) && port > 0 && port < 65536);
}
