/** The few directives of an nginx configuration that matter here: server, listen, root, location, return, default_type. */
import { FsError } from '../files.ts';
import type { FileView } from '../files.ts';
import { decode } from '../pipe.ts';

export interface Location {
  readonly prefix: string;
  readonly exact: boolean;
  readonly root: string | undefined;
  readonly type: string | undefined;
  readonly reply: { readonly status: number; readonly text: string } | undefined;
}

export interface ServerBlock {
  readonly port: number;
  readonly root: string;
  /** Longest prefix first. */
  readonly locations: readonly Location[];
}

interface Directive {
  readonly words: readonly string[];
  readonly block: readonly Directive[] | undefined;
  readonly line: number;
}

export type Servers =
  { readonly ok: true; readonly servers: readonly ServerBlock[] } | { readonly ok: false; readonly trouble: string };

const DIR = '/etc/nginx/conf.d';

export function readServers(files: FileView): Servers {
  const servers: ServerBlock[] = [];
  for (const name of names(files)) {
    const path = `${DIR}/${name}`;
    const parsed = parseDirectives(decode(files.read(path)));
    if (typeof parsed === 'string') return { ok: false, trouble: `${parsed} in ${path}` };
    for (const directive of parsed) {
      if (directive.words[0] === 'server' && directive.block) servers.push(serverOf(directive.block));
      else if (!KNOWN.has(directive.words[0] ?? ''))
        return { ok: false, trouble: `unknown directive "${directive.words[0]}" in ${path}:${directive.line}` };
    }
  }
  return { ok: true, servers };
}

const KNOWN = new Set([
  'server',
  'upstream',
  'map',
  'log_format',
  'gzip',
  'access_log',
  'error_log',
  'client_max_body_size',
  'default_type',
  'server_tokens',
  'keepalive_timeout',
  'sendfile',
]);

function names(files: FileView): string[] {
  try {
    return files.list(DIR).filter((name) => name.endsWith('.conf'));
  } catch (error) {
    if (error instanceof FsError) return [];
    throw error;
  }
}

function serverOf(block: readonly Directive[]): ServerBlock {
  const value = (name: string): string | undefined => block.find(({ words }) => words[0] === name)?.words[1];
  const listen = value('listen') ?? '80';
  const locations = block.filter(({ words }) => words[0] === 'location').map(locationOf);
  const direct = replyOf(block);
  if (direct)
    locations.push({ prefix: '/', exact: false, root: undefined, type: value('default_type'), reply: direct });
  locations.sort((a, b) => Number(b.exact) - Number(a.exact) || b.prefix.length - a.prefix.length);
  return {
    port: Number(listen.slice(listen.lastIndexOf(':') + 1)) || 80,
    root: value('root') ?? '/usr/share/nginx/html',
    locations,
  };
}

function locationOf({ words, block }: Directive): Location {
  const inner = block ?? [];
  const value = (name: string): string | undefined => inner.find((directive) => directive.words[0] === name)?.words[1];
  return {
    prefix: words.at(-1) ?? '/',
    exact: words[1] === '=',
    root: value('root'),
    type: value('default_type'),
    reply: replyOf(inner),
  };
}

function replyOf(block: readonly Directive[]): Location['reply'] {
  const words = block.find((directive) => directive.words[0] === 'return')?.words;
  return words ? { status: Number(words[1]), text: (words[2] ?? '').replaceAll('\\n', '\n') } : undefined;
}

/** The directives, or nginx's words for what is wrong. */
function parseDirectives(text: string): readonly Directive[] | string {
  const tokens =
    text.replaceAll(/(^|\s)#[^\n]*/g, '$1').match(/"(?:\\.|[^"])*"|'(?:\\.|[^'])*'|[{};]|\n|[^\s{};]+/g) ?? [];
  let at = 0;
  let line = 1;
  const block = (nested: boolean): Directive[] | string => {
    const found: Directive[] = [];
    let words: string[] = [];
    for (; at < tokens.length; at++) {
      const token = tokens[at] ?? '';
      if (token === '\n') line++;
      else if (token === ';') {
        found.push({ words, block: undefined, line });
        words = [];
      } else if (token === '{') {
        at++;
        const inner = block(true);
        if (typeof inner === 'string') return inner;
        found.push({ words, block: inner, line });
        words = [];
      } else if (token === '}') {
        if (words.length > 0) return `unexpected "}"`;
        return nested ? found : 'unexpected "}"';
      } else words.push(/^["']/.test(token) ? token.slice(1, -1) : token);
    }
    return nested || words.length > 0 ? 'unexpected end of file, expecting ";" or "}"' : found;
  };
  return block(false);
}
