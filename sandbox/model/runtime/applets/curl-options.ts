/** curl's command line. Options it does not know here are taken as flags without a value. */

export interface CurlOptions {
  readonly urls: readonly string[];
  readonly silent: boolean;
  readonly showError: boolean;
  readonly verbose: boolean;
  readonly include: boolean;
  readonly head: boolean;
  readonly follow: boolean;
  readonly fail: boolean;
  readonly version: boolean;
  readonly remoteName: boolean;
  readonly output: string | undefined;
  readonly method: string | undefined;
  readonly data: string | undefined;
  readonly writeOut: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  /** Seconds; 0 is no limit. */
  readonly maxTime: number;
  readonly connectTimeout: number;
  readonly retry: number;
  /** `host:port` → address. */
  readonly resolve: ReadonlyMap<string, string>;
}

const LONG: Readonly<Record<string, string>> = {
  silent: 's',
  'show-error': 'S',
  verbose: 'v',
  include: 'i',
  head: 'I',
  location: 'L',
  fail: 'f',
  version: 'V',
  'remote-name': 'O',
  output: 'o',
  request: 'X',
  data: 'd',
  'data-raw': 'd',
  'write-out': 'w',
  header: 'H',
  'max-time': 'm',
  'connect-timeout': '@connect',
  retry: '@retry',
  resolve: '@resolve',
  'user-agent': 'A',
  user: 'u',
  url: '@url',
  insecure: 'k',
  'retry-delay': '@ignored',
  cacert: '@ignored',
};
const VALUED = new Set([
  'o',
  'X',
  'd',
  'w',
  'H',
  'm',
  'A',
  'u',
  'e',
  'b',
  '@connect',
  '@retry',
  '@resolve',
  '@url',
  '@ignored',
]);

export function readCurlOptions(args: readonly string[]): CurlOptions {
  const flags = new Map<string, string[]>();
  const urls: string[] = [];
  const add = (letter: string, value: string): void => void flags.set(letter, [...(flags.get(letter) ?? []), value]);
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? '';
    if (arg.startsWith('--')) {
      const [name = '', inline] = arg.slice(2).split('=');
      const letter = LONG[name] ?? name;
      add(letter, VALUED.has(letter) ? (inline ?? args[++i] ?? '') : '');
    } else if (arg.startsWith('-') && arg !== '-') {
      for (let at = 1; at < arg.length; at++) {
        const letter = arg[at] ?? '';
        if (!VALUED.has(letter)) add(letter, '');
        else {
          add(letter, arg.slice(at + 1) || (args[++i] ?? ''));
          break;
        }
      }
    } else urls.push(arg);
  }
  const has = (letter: string): boolean => flags.has(letter);
  const last = (letter: string): string | undefined => flags.get(letter)?.at(-1);
  const agent = last('A');
  const headers = [...(agent === undefined ? [] : [`User-Agent: ${agent}`]), ...(flags.get('H') ?? [])].map(
    (line): [string, string] => [line.split(':')[0]?.trim() ?? '', line.split(':').slice(1).join(':').trim()],
  );
  return {
    urls: [...urls, ...(flags.get('@url') ?? [])],
    silent: has('s'),
    showError: has('S'),
    verbose: has('v'),
    include: has('i'),
    head: has('I'),
    follow: has('L'),
    fail: has('f'),
    version: has('V'),
    remoteName: has('O'),
    output: last('o'),
    method: last('X'),
    data: flags.get('d')?.join('&'),
    writeOut: last('w'),
    headers: Object.fromEntries(headers),
    maxTime: Number(last('m') ?? 0),
    connectTimeout: Number(last('@connect') ?? 0),
    retry: Number(last('@retry') ?? 0),
    resolve: new Map(
      (flags.get('@resolve') ?? []).map((entry) => [
        entry.split(':').slice(0, 2).join(':'),
        entry.split(':').slice(2).join(':'),
      ]),
    ),
  };
}
