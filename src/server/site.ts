/**
 * The built course from `dist/`, with an exact content security policy per page: inline scripts that Astro wrote are allowed
 * by their hash, so nothing that sneaks into a page can run.
 */
import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { extname, join, normalize, sep } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.xml': 'application/xml',
  '.txt': 'text/plain; charset=utf-8',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
};
const COMPRESSED = new Set(['.html', '.js', '.mjs', '.css', '.json', '.svg', '.xml', '.txt']);

export interface Page {
  readonly status: 200 | 404;
  readonly type: string;
  readonly body: Buffer<ArrayBuffer>;
  readonly zipped: Buffer<ArrayBuffer> | undefined;
  readonly etag: string;
  /** True for files whose name carries a hash of what is in them. */
  readonly immutable: boolean;
  /** Hashes of inline scripts, as `'sha256-…'`; empty for what is not a page. */
  readonly scripts: readonly string[];
}

export type Found = Page | { readonly redirect: string } | undefined;

export class Site {
  readonly #root: string;
  readonly #pages = new Map<string, { readonly stamp: string; readonly page: Page }>();

  constructor(root: string) {
    this.#root = root;
  }

  /** The file for a URL path, a redirect to the folder's address, the 404 page, or undefined when not even that is there. */
  async find(path: string): Promise<Found> {
    const inside = insidePath(path);
    if (inside !== undefined) {
      const file = join(this.#root, inside);
      const found = await stamp(file);
      if (found?.kind === 'file') return this.#load(file, found.stamp, 200);
      const index = join(file, 'index.html');
      const page = found?.kind === 'folder' ? await stamp(index) : undefined;
      if (page?.kind === 'file')
        return path.endsWith('/') ? this.#load(index, page.stamp, 200) : { redirect: `${path}/` };
    }
    const missing = join(this.#root, '404.html');
    const page = await stamp(missing);
    return page?.kind === 'file' ? this.#load(missing, page.stamp, 404) : undefined;
  }

  async #load(file: string, fileStamp: string, status: 200 | 404): Promise<Page> {
    const known = this.#pages.get(file);
    if (known?.stamp === fileStamp) return known.page;
    const extension = extname(file);
    const body = await readFile(file);
    const page: Page = {
      status,
      type: TYPES[extension] ?? 'application/octet-stream',
      body,
      zipped: COMPRESSED.has(extension) && body.length > 1024 ? await promisify(gzip)(body) : undefined,
      etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`,
      immutable: file.startsWith(join(this.#root, '_astro') + sep),
      scripts: extension === '.html' ? inlineScriptHashes(body.toString('utf8')) : [],
    };
    this.#pages.set(file, { stamp: fileStamp, page });
    return page;
  }
}

/** The path below the root that a URL path names; undefined for anything that would leave it. */
function insidePath(path: string): string | undefined {
  let decoded: string;
  try {
    decoded = decodeURIComponent(path);
  } catch {
    return undefined;
  }
  // A doubled slash at the front would make the redirect to a folder one to another host.
  if (/[\0\\]|\/\//.test(decoded) || decoded.split('/').includes('..')) return undefined;
  return normalize(`.${decoded.startsWith('/') ? decoded : `/${decoded}`}`);
}

async function stamp(file: string): Promise<{ kind: 'file' | 'folder'; stamp: string } | undefined> {
  try {
    const found = await stat(file);
    if (found.isFile()) return { kind: 'file', stamp: `${found.mtimeMs}-${found.size}` };
    return found.isDirectory() ? { kind: 'folder', stamp: '' } : undefined;
  } catch {
    return undefined;
  }
}

/** Hashes of the scripts written into a page, in the form that a content security policy wants. */
export function inlineScriptHashes(html: string): string[] {
  const hashes = new Set<string>();
  for (const [, attributes = '', text = ''] of html.matchAll(/<script\b([^>]*)>([\s\S]*?)<\/script>/gi)) {
    if (/\ssrc\s*=/i.test(attributes) || text === '') continue;
    hashes.add(`'sha256-${createHash('sha256').update(text).digest('base64')}'`);
  }
  return [...hashes];
}
