/** busybox wget: fetches one page. */
import { basename } from '../files.ts';
import type { HttpResponse } from '../http.ts';
import { askHttp } from '../http.ts';
import { encode } from '../pipe.ts';
import type { Process } from '../process.ts';
import { NetError } from '../socket.ts';
import { complain, wordsOf } from './applet.ts';
import { within } from './deadline.ts';
import type { WebAddress } from './url.ts';
import { parseWebAddress } from './url.ts';

interface Wanted {
  readonly quiet: boolean;
  readonly spider: boolean;
  readonly showHeaders: boolean;
  readonly output: string | undefined;
  readonly timeout: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly post: string | undefined;
  readonly url: string;
}

export async function wget(process: Process): Promise<number> {
  const wanted = read(process.args.slice(1));
  const address = parseWebAddress(wanted.url);
  if (!address) {
    await process.err('Usage: wget [-cqS] [--spider] [-O FILE] [-T SEC] URL...\n');
    return 1;
  }
  try {
    return await fetchPage(process, wanted, address);
  } catch (error) {
    if (error instanceof NetError)
      return complain(
        process,
        error.code === 'ETIMEDOUT' && wanted.timeout > 0
          ? 'download timed out'
          : `can't connect to remote host (${error.cause ?? address.host}): ${error.message}`,
      );
    if (error instanceof Error && error.message === 'empty reply') return complain(process, 'error getting response');
    throw error;
  }
}

async function fetchPage(process: Process, wanted: Wanted, first: WebAddress): Promise<number> {
  let address = first;
  let response: HttpResponse | undefined;
  for (let hops = 0; hops < 6; hops++) {
    const answer = await ask(process, wanted, address);
    if (typeof answer === 'number') return answer;
    response = answer;
    const next = response.headers.get('location');
    if (response.status < 300 || response.status > 399 || next === undefined) break;
    address = parseWebAddress(next.startsWith('/') ? `http://${address.authority}${next}` : next) ?? address;
  }
  if (!response) return 1;
  if (wanted.showHeaders) await process.err(response.lines.map((line) => `  ${line}\n`).join(''));
  if (response.status >= 400) return complain(process, `server returned error: ${response.lines[0]}`);
  if (wanted.spider) {
    if (!wanted.quiet) await process.err('remote file exists\n');
    return 0;
  }
  return save(process, wanted, { response, address });
}

async function ask(process: Process, wanted: Wanted, address: WebAddress): Promise<HttpResponse | number> {
  const { network } = process.world;
  const found = (await network.resolve(address.host))?.addresses[0];
  if (found === undefined) return complain(process, `bad address '${address.authority}'`);
  if (!wanted.quiet) await process.err(`Connecting to ${address.authority} (${found}:${address.port})\n`);
  try {
    const connection = await within(process, wanted.timeout, network.dial(found, address.port, process.signal));
    process.owned.add({ dispose: () => connection.close() });
    const body = wanted.post === undefined ? undefined : encode(wanted.post);
    const request = {
      method: body ? 'POST' : wanted.spider ? 'HEAD' : 'GET',
      target: address.target,
      headers: { Host: address.authority, 'User-Agent': 'Wget', Connection: 'close', ...wanted.headers },
      ...(body ? { body } : {}),
    };
    const response = await within(process, wanted.timeout, askHttp(connection, request, process.signal));
    connection.close();
    return response;
  } catch (error) {
    if (error instanceof NetError) error.cause = found;
    throw error;
  }
}

async function save(
  process: Process,
  wanted: Wanted,
  got: { response: HttpResponse; address: WebAddress },
): Promise<number> {
  const { body } = got.response;
  if (wanted.output === '-' || wanted.output === '/dev/stdout') {
    if (!wanted.quiet) await process.err('writing to stdout\n');
    await process.out(body);
    if (!wanted.quiet)
      await process.err(
        `-                    100% |********************************| ${String(body.length).padStart(5)}  0:00:00 ETA\nwritten to stdout\n`,
      );
    return 0;
  }
  const name = wanted.output ?? (basename(got.address.target.split('?')[0] ?? '/').replace('/', '') || 'index.html');
  if (name === '/dev/null') return 0;
  try {
    process.world.files.write(process.path(name), body);
  } catch (error) {
    return complain(process, `can't open '${name}': ${wordsOf(error)}`);
  }
  if (!wanted.quiet)
    await process.err(
      `saving to '${name}'\n${name.padEnd(20)} 100% |********************************| ${String(body.length).padStart(5)}  0:00:00 ETA\n'${name}' saved\n`,
    );
  return 0;
}

function read(args: readonly string[]): Wanted {
  let url = '';
  let output: string | undefined;
  let timeout = 0;
  let post: string | undefined;
  const headers: Record<string, string> = {};
  const seen = new Set<string>();
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? '';
    const value = (): string =>
      arg.startsWith('--')
        ? arg.split('=').slice(1).join('=') || (args[++i] ?? '')
        : arg.length > 2
          ? arg.slice(2)
          : (args[++i] ?? '');
    const cluster = /^-([qSc]+)([OTU]?)(.*)$/.exec(arg);
    if (cluster && !arg.startsWith('--')) {
      for (const letter of cluster[1] ?? '') seen.add(letter);
      const rest = cluster[3] || undefined;
      if (cluster[2] === 'O') output = rest ?? args[++i];
      else if (cluster[2] === 'T') timeout = Number(rest ?? args[++i]);
    } else if (arg.startsWith('-O')) output = value();
    else if (arg.startsWith('-T') || arg.startsWith('--timeout')) timeout = Number(value());
    else if (arg.startsWith('--header')) {
      const [name = '', ...rest] = value().split(':');
      headers[name.trim()] = rest.join(':').trim();
    } else if (arg.startsWith('--post-data')) post = value();
    else if (arg === '--spider') seen.add('spider');
    else if (arg === '-t' || arg === '-U' || arg === '-P') i++;
    else if (!arg.startsWith('-')) url = arg;
  }
  return {
    quiet: seen.has('q'),
    spider: seen.has('spider'),
    showHeaders: seen.has('S'),
    output,
    timeout,
    headers,
    post,
    url,
  };
}
