/** curl: the options that people use against Services. */
import type { HttpResponse } from '../http.ts';
import { askHttp } from '../http.ts';
import { encode } from '../pipe.ts';
import type { Process } from '../process.ts';
import { NetError } from '../socket.ts';
import { wordsOf } from './applet.ts';
import type { CurlOptions } from './curl-options.ts';
import { readCurlOptions } from './curl-options.ts';
import { within } from './deadline.ts';
import type { WebAddress } from './url.ts';
import { parseWebAddress } from './url.ts';

/** curl's exit codes by cause. */
const CODES = { ECONNREFUSED: 7, EHOSTUNREACH: 7, ETIMEDOUT: 28, EADDRINUSE: 7 } as const;

export async function curl(process: Process): Promise<number> {
  const options = readCurlOptions(process.args.slice(1));
  if (options.version) {
    await process.out('curl 8.11.1 (x86_64-pc-linux-musl)\nProtocols: http https\n');
    return 0;
  }
  if (options.urls.length === 0) {
    await process.err("curl: (2) no URL specified\ncurl: try 'curl --help' or 'curl --manual' for more information\n");
    return 2;
  }
  let code = 0;
  for (const url of options.urls) code = await fetchWithRetries(process, options, url);
  return code;
}

async function fetchWithRetries(process: Process, options: CurlOptions, url: string): Promise<number> {
  for (let left = options.retry; ; left--) {
    const code = await fetchOne(process, options, url);
    if (code === 0 || left <= 0) return code;
    await process.sleep(1_000);
  }
}

async function fetchOne(process: Process, options: CurlOptions, url: string): Promise<number> {
  const began = process.world.clock.monotonic();
  const address = parseWebAddress(url);
  if (!address) return fail(process, options, { code: 3, text: 'URL rejected: Malformed input to a URL function' });
  const elapsed = (): number => Math.max(1, Math.round(process.world.clock.monotonic() - began));
  try {
    return await follow(process, options, address);
  } catch (error) {
    if (error instanceof UnknownHost)
      return fail(process, options, { code: 6, text: `Could not resolve host: ${error.message}` });
    if (error instanceof NetError) {
      const late = error.code === 'ETIMEDOUT';
      const text = late
        ? `Connection timed out after ${elapsed()} milliseconds`
        : `Failed to connect to ${address.host} port ${address.port} after ${elapsed()} ms: Could not connect to server`;
      return fail(process, options, { code: CODES[error.code], text });
    }
    if (error instanceof Error && error.message === 'empty reply')
      return fail(process, options, {
        code: address.secure ? 35 : 52,
        text: address.secure ? 'TLS connect error' : 'Empty reply from server',
      });
    if (error instanceof Error && error.message === 'not HTTP')
      return fail(process, options, { code: 1, text: 'Received HTTP/0.9 when not allowed' });
    throw error;
  }
}

class UnknownHost extends Error {}

async function follow(process: Process, options: CurlOptions, first: WebAddress): Promise<number> {
  let address = first;
  for (let hops = 0; ; hops++) {
    const response = await ask(process, options, address);
    const next = response.headers.get('location');
    if (options.follow && next !== undefined && response.status >= 300 && response.status < 400 && hops < 50) {
      address = parseWebAddress(next.startsWith('/') ? `http://${address.authority}${next}` : next) ?? address;
      continue;
    }
    return show(process, options, { response, address });
  }
}

async function ask(process: Process, options: CurlOptions, address: WebAddress): Promise<HttpResponse> {
  const { network } = process.world;
  const found =
    options.resolve.get(`${address.host}:${address.port}`) ?? (await network.resolve(address.host))?.addresses[0];
  if (found === undefined) throw new UnknownHost(address.host);
  const say = async (text: string): Promise<void> => (options.verbose ? process.err(text) : undefined);
  await say(`*   Trying ${found}:${address.port}...\n`);
  const connection = await within(
    process,
    options.connectTimeout || options.maxTime,
    network.dial(found, address.port, process.signal),
  );
  process.owned.add({ dispose: () => connection.close() });
  await say(`* Connected to ${address.host} (${found}) port ${address.port}\n`);
  const body = options.data === undefined ? undefined : encode(options.data);
  const method = options.method ?? (body ? 'POST' : options.head ? 'HEAD' : 'GET');
  const headers = {
    Host: address.authority,
    'User-Agent': 'curl/8.11.1',
    Accept: '*/*',
    ...(body ? { 'Content-Type': 'application/x-www-form-urlencoded' } : {}),
    ...options.headers,
  };
  await say(
    `> ${method} ${address.target} HTTP/1.1\n${Object.entries(headers)
      .map(([name, value]) => `> ${name}: ${value}\n`)
      .join('')}> \n`,
  );
  const response = await within(
    process,
    options.maxTime,
    askHttp(connection, { method, target: address.target, headers, ...(body ? { body } : {}) }, process.signal),
  );
  await say(`${response.lines.map((line) => `< ${line}\n`).join('')}< \n`);
  connection.close();
  return response;
}

async function show(
  process: Process,
  options: CurlOptions,
  { response, address }: { response: HttpResponse; address: WebAddress },
): Promise<number> {
  if (options.fail && response.status >= 400) {
    await fail(process, options, { code: 22, text: `The requested URL returned error: ${response.status}` });
    await writeOut(process, options, response);
    return 22;
  }
  if (options.include || options.head) await process.out(`${response.lines.join('\r\n')}\r\n\r\n`);
  const output = options.remoteName ? address.target.split('/').at(-1) : options.output;
  if (output === undefined || output === '-') await process.out(response.body);
  else if (output !== '/dev/null') {
    try {
      process.world.files.write(process.path(output), response.body);
    } catch (error) {
      return fail(process, options, { code: 23, text: `client returned ERROR on write: ${wordsOf(error)}` });
    }
  }
  await writeOut(process, options, response);
  return 0;
}

async function writeOut(process: Process, { writeOut: format }: CurlOptions, response: HttpResponse): Promise<void> {
  if (format === undefined) return;
  const values: Readonly<Record<string, string>> = {
    http_code: String(response.status),
    response_code: String(response.status),
    size_download: String(response.body.length),
    content_type: response.headers.get('content-type') ?? '',
    time_total: '0.001000',
  };
  await process.out(
    format
      .replaceAll(/%\{(\w+)\}/g, (_, name: string) => values[name] ?? '')
      .replaceAll('\\n', '\n')
      .replaceAll('\\t', '\t'),
  );
}

async function fail(
  process: Process,
  options: CurlOptions,
  { code, text }: { code: number; text: string },
): Promise<number> {
  if (!options.silent || options.showError) await process.err(`curl: (${code}) ${text}\n`);
  return code;
}
