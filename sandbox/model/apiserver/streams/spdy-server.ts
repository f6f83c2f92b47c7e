/** exec, attach and port-forward over SPDY/3.1. */
import type { Duplex } from 'node:stream';
import { pump, withStream } from './channel-forward.ts';
import { ProcessSession } from './process-session.ts';
import { refuseUpgrade } from './refuse.ts';
import { SpdyConnection } from './spdy-connection.ts';
import type { SpdyStream } from './spdy-connection.ts';
import type { PortForwardTarget, ProcessTarget, StreamTarget, Upgrade } from './target.ts';

const PORT_FORWARD = 'portforward.k8s.io';
const CHANNELS = ['v4.channel.k8s.io', 'v5.channel.k8s.io'];

export function serveSpdy({ request, socket, head }: Upgrade, target: StreamTarget): void {
  const header = request.headers['x-stream-protocol-version'];
  const offered = (Array.isArray(header) ? header : [header ?? ''])
    .flatMap((value) => value.split(','))
    .map((name) => name.trim());
  const supported = target.kind === 'process' ? CHANNELS : [PORT_FORWARD];
  const chosen = supported.find((name) => offered.includes(name));
  if (chosen === undefined) {
    refuseUpgrade(
      socket,
      `unable to upgrade: unable to negotiate protocol: client supports [${offered.join(' ')}], server accepts [${supported.join(' ')}]`,
    );
    return;
  }
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\nX-Stream-Protocol-Version: ${chosen}\r\n\r\n`,
  );
  if (head.length > 0) socket.unshift(head);
  if (target.kind === 'process') serveProcess(socket, target);
  else serveSpdyPortForward(socket, target);
}

/** Each TCP connection of the client is a pair of streams with one `requestid`: data, and errors as text. */
export function serveSpdyPortForward(socket: Duplex, target: PortForwardTarget): void {
  const waiting = new Map<string, SpdyStream>();
  void new SpdyConnection(socket).serve((stream) => {
    const id = stream.headers.get('requestid') ?? '';
    const other = waiting.get(id);
    if (!other) {
      waiting.set(id, stream);
      return;
    }
    waiting.delete(id);
    const [data, error] = stream.headers.get('streamtype') === 'data' ? [stream, other] : [other, stream];
    const connection = target.connect(Number(data.headers.get('port') ?? 0));
    void pump(connection, {
      data: (chunk) => data.write(chunk),
      error: (text) => error.write(Buffer.from(text)),
      end() {
        error.end();
        data.end();
      },
    });
    void feed(data, connection);
  });
}

async function feed(data: SpdyStream, connection: ReturnType<PortForwardTarget['connect']>): Promise<void> {
  for await (const chunk of data.incoming) withStream(connection, (stream) => stream.write(chunk));
  withStream(connection, (stream) => stream.end());
}

function serveProcess(socket: Duplex, target: ProcessTarget): void {
  const connection = new SpdyConnection(socket);
  const streams = new Map<string, SpdyStream>();
  const expected = [
    'error',
    ...(target.stdin ? ['stdin'] : []),
    ...(target.stdout ? ['stdout'] : []),
    ...(target.stderr && !target.tty ? ['stderr'] : []),
    ...(target.tty ? ['resize'] : []),
  ];
  let session: ProcessSession | undefined;
  const served = connection.serve((stream) => {
    streams.set(stream.headers.get('streamtype') ?? '', stream);
    if (session || !expected.every((name) => streams.has(name))) return;
    session = startProcess(connection, streams, target);
  });
  void served.then(() => session?.abandon());
}

function startProcess(
  connection: SpdyConnection,
  streams: ReadonlyMap<string, SpdyStream>,
  target: ProcessTarget,
): ProcessSession {
  const session = new ProcessSession(target, {
    stdout: (chunk) => streams.get('stdout')?.write(chunk),
    stderr: (chunk) => streams.get('stderr')?.write(chunk),
    finish(status) {
      streams.get('error')?.write(Buffer.from(JSON.stringify(status)));
      for (const stream of streams.values()) stream.end();
      connection.close();
    },
  });
  void drain(streams.get('stdin'), (chunk) => session.stdin(chunk)).then(() => session.endStdin());
  void drain(streams.get('resize'), (chunk) => session.resize(chunk));
  return session;
}

async function drain(stream: SpdyStream | undefined, take: (chunk: Uint8Array) => void | Promise<void>): Promise<void> {
  if (stream) for await (const chunk of stream.incoming) await take(chunk);
}
