/** nginx: serves files of its root, logs accesses, answers 403, 404 and 405 with its pages; reads `listen`, `root`, `return` of conf.d. */
import { FsError, normalise } from '../files.ts';
import type { FsNode } from '../files.ts';
import { httpDate, reasonOf } from '../http.ts';
import type { HttpRequest, Reply } from '../http.ts';
import type { Process } from '../process.ts';
import type { Connection } from '../socket.ts';
import { NetError } from '../socket.ts';
import type { ServerBlock } from './nginx-conf.ts';
import { readServers } from './nginx-conf.ts';
import { listenHttp } from './serve.ts';

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html',
  htm: 'text/html',
  css: 'text/css',
  js: 'application/javascript',
  json: 'application/json',
  txt: 'text/plain',
  xml: 'text/xml',
  png: 'image/png',
  svg: 'image/svg+xml',
};

export async function nginx(process: Process): Promise<number> {
  const version = process.env.get('NGINX_VERSION') ?? '1.27.5';
  if (process.args.includes('-v')) {
    await process.err(`nginx version: nginx/${version}\n`);
    return 0;
  }
  const read = readServers(process.world.files);
  if (!read.ok) {
    await process.err(`${errorTime(process)} [emerg] 1#1: ${read.trouble}\nnginx: [emerg] ${read.trouble}\n`);
    return 1;
  }
  if (process.args.includes('-t')) {
    await process.err(
      'nginx: the configuration file /etc/nginx/nginx.conf syntax is ok\nnginx: configuration file /etc/nginx/nginx.conf test is successful\n',
    );
    return 0;
  }
  if (process.args.includes('-s')) return signalMaster(process);
  let { servers } = read;
  try {
    for (const port of new Set(servers.map((server) => server.port))) {
      listenHttp(process, port, (request, connection) => {
        const server = servers.find((candidate) => candidate.port === port);
        return server ? answer({ process, version, request, connection }, server) : { status: 404, body: '' };
      });
    }
  } catch (error) {
    if (!(error instanceof NetError)) throw error;
    await process.err(`nginx: [emerg] bind() to 0.0.0.0:${servers[0]?.port} failed (98: Address in use)\n`);
    return 1;
  }
  process.handlers.set('HUP', () => {
    const again = readServers(process.world.files);
    if (again.ok) servers = again.servers;
  });
  await process.err(
    `${errorTime(process)} [notice] 1#1: nginx/${version}\n${errorTime(process)} [notice] 1#1: start worker processes\n`,
  );
  return process.untilTerminated();
}

function signalMaster(process: Process): number {
  const what = process.args[process.args.indexOf('-s') + 1];
  process.table.find(1)?.deliver(what === 'reload' ? 'HUP' : what === 'quit' ? 'QUIT' : 'TERM');
  return 0;
}

interface Exchange {
  readonly process: Process;
  readonly version: string;
  readonly request: HttpRequest;
  readonly connection: Connection;
}

async function answer(exchange: Exchange, server: ServerBlock): Promise<Reply> {
  const reply = find(exchange, server);
  const { process, request, connection, version } = exchange;
  const agent = request.headers.get('user-agent') ?? '-';
  const referer = request.headers.get('referer') ?? '-';
  const size = request.method === 'HEAD' ? 0 : reply.body.length;
  const line = `${connection.remoteAddress} - - [${accessTime(process.world.clock.now())}] "${request.method} ${request.target} ${request.version}" ${reply.status} ${size} "${referer}" "${agent}" "-"\n`;
  await process.out(line);
  return {
    ...reply,
    headers: { Server: `nginx/${version}`, Date: httpDate(process.world.clock.now()), ...reply.headers },
  };
}

function find({ process, version, request }: Exchange, server: ServerBlock): Reply {
  if (request.method !== 'GET' && request.method !== 'HEAD') return page(405, version);
  const { files } = process.world;
  const path = normalise(decodeURI(request.target.split('?')[0] ?? '/'));
  const location = server.locations.find(({ prefix, exact }) => (exact ? path === prefix : path.startsWith(prefix)));
  if (location?.reply)
    return {
      status: location.reply.status,
      headers: { 'Content-Type': location.type ?? 'text/plain' },
      body: location.reply.text,
    };
  const root = location?.root ?? server.root;
  const wanted = normalise(`${root}/${path}`);
  try {
    const node = files.stat(wanted);
    if (node?.kind === 'dir')
      return directory({ process, wanted, slash: request.target.split('?')[0]?.endsWith('/') ?? false, path }, version);
    return node?.kind === 'file' ? fileReply(node, wanted) : page(404, version);
  } catch (error) {
    if (error instanceof FsError) return page(404, version);
    throw error;
  }
}

function directory(at: { process: Process; wanted: string; slash: boolean; path: string }, version: string): Reply {
  if (!at.slash) return { ...page(301, version), headers: { Location: `${at.path}/`, 'Content-Type': 'text/html' } };
  const index = at.process.world.files.stat(`${at.wanted}/index.html`);
  return index?.kind === 'file' ? fileReply(index, 'index.html') : page(403, version);
}

function fileReply(node: FsNode & { kind: 'file' }, path: string): Reply {
  const type = TYPES[path.slice(path.lastIndexOf('.') + 1)] ?? 'application/octet-stream';
  const etag = `"${Math.floor(node.mtime / 1000).toString(16)}-${node.bytes.length.toString(16)}"`;
  return {
    status: 200,
    headers: { 'Content-Type': type, 'Last-Modified': httpDate(node.mtime), ETag: etag, 'Accept-Ranges': 'bytes' },
    body: node.bytes,
  };
}

function page(status: number, version: string): Reply {
  const title = `${status} ${reasonOf(status)}`;
  return {
    status,
    headers: { 'Content-Type': 'text/html' },
    body: `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n<hr><center>nginx/${version}</center>\r\n</body>\r\n</html>\r\n`,
  };
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

function accessTime(ms: number): string {
  const at = new Date(ms);
  const day = String(at.getUTCDate()).padStart(2, '0');
  return `${day}/${MONTHS[at.getUTCMonth()]}/${at.getUTCFullYear()}:${at.toISOString().slice(11, 19)} +0000`;
}

function errorTime(process: Process): string {
  return new Date(process.world.clock.now()).toISOString().slice(0, 19).replace('T', ' ').replaceAll('-', '/');
}
