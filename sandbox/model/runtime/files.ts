/**
 * The file systems of containers: layers (an image's shared read-only tree with the container's own changes above it, or a
 * volume) and the view that mounts put them into. Paths are flat keys; trees here are small. No permissions are enforced.
 */

export interface FileNode {
  readonly kind: 'file';
  readonly bytes: Uint8Array;
  readonly mode: number;
  readonly mtime: number;
  /** The program that runs when this file is executed. */
  readonly program?: string;
}
export interface DirNode {
  readonly kind: 'dir';
  readonly mode: number;
  readonly mtime: number;
}
export interface LinkNode {
  readonly kind: 'link';
  readonly target: string;
  readonly mode: number;
  readonly mtime: number;
}
export type FsNode = FileNode | DirNode | LinkNode;

export type FsCode = 'ENOENT' | 'ENOTDIR' | 'EISDIR' | 'EEXIST' | 'EROFS' | 'ENOTEMPTY' | 'EBUSY' | 'ELOOP';

const WORDS: Record<FsCode, string> = {
  ENOENT: 'No such file or directory',
  ENOTDIR: 'Not a directory',
  EISDIR: 'Is a directory',
  EEXIST: 'File exists',
  EROFS: 'Read-only file system',
  ENOTEMPTY: 'Directory not empty',
  EBUSY: 'Resource busy',
  ELOOP: 'Too many levels of symbolic links',
};

/** The message is libc's, as tools print it. */
export class FsError extends Error {
  readonly code: FsCode;
  constructor(code: FsCode) {
    super(WORDS[code]);
    this.code = code;
  }
}

/** One tree. Keys are paths without a leading slash; '' is its root. */
export class Layer {
  readonly #lower: ReadonlyMap<string, FsNode>;
  readonly #upper = new Map<string, FsNode | undefined>();
  readonly readOnly: boolean;

  constructor(options: { lower?: ReadonlyMap<string, FsNode>; readOnly?: boolean; mtime?: number } = {}) {
    this.#lower = options.lower ?? new Map();
    this.readOnly = options.readOnly ?? false;
    if (!this.#lower.has('')) this.#upper.set('', { kind: 'dir', mode: 0o777, mtime: options.mtime ?? 0 });
  }

  get(path: string): FsNode | undefined {
    return this.#upper.has(path) ? this.#upper.get(path) : this.#lower.get(path);
  }

  set(path: string, node: FsNode): void {
    this.#upper.set(path, node);
  }

  delete(path: string): void {
    if (this.#lower.has(path)) this.#upper.set(path, undefined);
    else this.#upper.delete(path);
  }

  /** Names directly inside a directory, sorted. */
  names(dir: string): string[] {
    const prefix = dir === '' ? '' : `${dir}/`;
    const found = new Set<string>();
    for (const [path, node] of this.#upper) if (node) addName(found, path, prefix);
    for (const path of this.#lower.keys()) if (!this.#upper.has(path)) addName(found, path, prefix);
    return [...found].sort();
  }

  /** Makes the tree hold exactly these files (a ConfigMap or Secret volume). */
  replaceAll(files: ReadonlyMap<string, FileNode>): void {
    const root = this.get('');
    this.#upper.clear();
    if (root) this.#upper.set('', root);
    for (const [path, node] of files) {
      const parts = path.split('/');
      for (let i = 1; i < parts.length; i++)
        this.#upper.set(parts.slice(0, i).join('/'), { kind: 'dir', mode: 0o755, mtime: node.mtime });
      this.#upper.set(path, node);
    }
  }
}

function addName(found: Set<string>, path: string, prefix: string): void {
  if (path === '' || !path.startsWith(prefix)) return;
  const rest = path.slice(prefix.length);
  if (rest !== '' && !rest.includes('/')) found.add(rest);
}

export interface Mount {
  /** Absolute, normalised. */
  readonly path: string;
  readonly layer: Layer;
  /** Path inside the layer that appears at `path`; '' is its root. */
  readonly subPath: string;
  readonly readOnly: boolean;
}

/** Absolute, without `.`, `..` or doubled slashes. */
export function normalise(path: string, cwd = '/'): string {
  const parts: string[] = [];
  for (const part of (path.startsWith('/') ? path : `${cwd}/${path}`).split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

export function dirname(path: string): string {
  const at = path.lastIndexOf('/');
  return at <= 0 ? '/' : path.slice(0, at);
}

export function basename(path: string): string {
  return path === '/' ? '/' : path.slice(path.lastIndexOf('/') + 1);
}

/** What one container sees. Every method takes absolute, normalised paths; failures are FsErrors. */
export class FileView {
  readonly mounts: readonly Mount[];
  readonly #now: () => number;

  constructor(mounts: readonly Mount[], now: () => number) {
    this.mounts = [...mounts].sort((a, b) => b.path.length - a.path.length);
    this.#now = now;
  }

  /** Undefined when it is not there. Follows links unless told not to. */
  stat(path: string, follow = true): FsNode | undefined {
    const real = this.#resolve(path, follow, 0);
    return real === undefined ? undefined : this.#at(real);
  }

  read(path: string): Uint8Array {
    const node = this.stat(path);
    if (!node) throw new FsError('ENOENT');
    if (node.kind !== 'file') throw new FsError('EISDIR');
    return node.bytes;
  }

  list(path: string): string[] {
    const real = this.#resolve(path, true, 0);
    const node = real === undefined ? undefined : this.#at(real);
    if (real === undefined || !node) throw new FsError('ENOENT');
    if (node.kind !== 'dir') throw new FsError('ENOTDIR');
    const { layer, inner } = this.#place(real);
    const names = new Set(layer.names(inner));
    for (const mount of this.mounts) {
      if (mount.path !== '/' && dirname(mount.path) === real) names.add(basename(mount.path));
      else if (real === '/' ? mount.path !== '/' : mount.path.startsWith(`${real}/`)) {
        names.add(mount.path.slice(real === '/' ? 1 : real.length + 1).split('/')[0] ?? '');
      }
    }
    return [...names].sort();
  }

  write(path: string, bytes: Uint8Array, options: { mode?: number; program?: string } = {}): void {
    const real = this.#forWrite(path);
    const old = this.#at(real);
    if (old?.kind === 'dir') throw new FsError('EISDIR');
    const program = options.program;
    const mode = options.mode ?? old?.mode ?? 0o644;
    this.#set(real, { kind: 'file', bytes, mode, mtime: this.#now(), ...(program === undefined ? {} : { program }) });
  }

  append(path: string, bytes: Uint8Array): void {
    const old = this.stat(path);
    if (old?.kind !== 'file') return this.write(path, bytes);
    const all = new Uint8Array(old.bytes.length + bytes.length);
    all.set(old.bytes);
    all.set(bytes, old.bytes.length);
    this.write(path, all);
  }

  mkdir(path: string, mode = 0o755): void {
    if (this.stat(path)) throw new FsError('EEXIST');
    this.#set(this.#forWrite(path), { kind: 'dir', mode, mtime: this.#now() });
  }

  /** Makes the directory and what is missing above it. */
  mkdirs(path: string): void {
    const node = this.stat(path);
    if (node?.kind === 'dir') return;
    if (node) throw new FsError('EEXIST');
    this.mkdirs(dirname(path));
    this.mkdir(path);
  }

  link(path: string, target: string): void {
    if (this.stat(path, false)) throw new FsError('EEXIST');
    this.#set(this.#forWrite(path), { kind: 'link', target, mode: 0o777, mtime: this.#now() });
  }

  touch(path: string): void {
    const node = this.stat(path);
    if (!node) return this.write(path, new Uint8Array());
    this.#set(this.#forWrite(path), { ...node, mtime: this.#now() });
  }

  chmod(path: string, mode: number): void {
    const node = this.stat(path);
    if (!node) throw new FsError('ENOENT');
    this.#set(this.#forWrite(path), { ...node, mode });
  }

  /** Removes a file, link or empty directory. */
  remove(path: string): void {
    const node = this.stat(path, false);
    if (!node) throw new FsError('ENOENT');
    if (this.mounts.some((mount) => mount.path === path)) throw new FsError('EBUSY');
    if (node.kind === 'dir' && this.list(path).length > 0) throw new FsError('ENOTEMPTY');
    const place = this.#place(this.#parentReal(path));
    if (place.readOnly) throw new FsError('EROFS');
    place.layer.delete(place.inner);
  }

  #at(real: string): FsNode | undefined {
    const { layer, inner } = this.#place(real);
    const node = layer.get(inner);
    if (node) return node;
    const above = real === '/' ? '/' : `${real}/`;
    return this.mounts.some((mount) => mount.path.startsWith(above))
      ? { kind: 'dir', mode: 0o755, mtime: 0 }
      : undefined;
  }

  #place(real: string): { layer: Layer; inner: string; readOnly: boolean } {
    for (const { path, layer, subPath, readOnly } of this.mounts) {
      if (path !== '/' && real !== path && !real.startsWith(`${path}/`)) continue;
      const rest = real.slice(path === '/' ? 1 : path.length + 1);
      const inner = subPath === '' ? rest : rest === '' ? subPath : `${subPath}/${rest}`;
      return { layer, inner, readOnly: readOnly || layer.readOnly };
    }
    throw new FsError('ENOENT');
  }

  #set(real: string, node: FsNode): void {
    const place = this.#place(real);
    if (place.readOnly) throw new FsError('EROFS');
    place.layer.set(place.inner, node);
  }

  #forWrite(path: string): string {
    const real = this.#resolve(path, true, 0);
    const target = real ?? this.#parentReal(path);
    const parent = this.#at(dirname(target));
    if (!parent) throw new FsError('ENOENT');
    if (parent.kind !== 'dir') throw new FsError('ENOTDIR');
    return target;
  }

  #parentReal(path: string): string {
    const parent = this.#resolve(dirname(path), true, 0);
    if (parent === undefined) throw new FsError('ENOENT');
    return normalise(basename(path), parent);
  }

  /** The path with links resolved, or undefined when a link's target or a directory on the way is missing. */
  #resolve(path: string, follow: boolean, depth: number): string | undefined {
    if (depth > 16) throw new FsError('ELOOP');
    let real = '/';
    const parts = path.split('/').filter((part) => part !== '');
    for (const [i, part] of parts.entries()) {
      const next = real === '/' ? `/${part}` : `${real}/${part}`;
      const node = this.#at(next);
      if (!node) return i === parts.length - 1 ? next : undefined;
      if (node.kind === 'link' && (follow || i < parts.length - 1)) {
        const target = normalise(node.target, real);
        return this.#resolve(normalise(parts.slice(i + 1).join('/'), target), follow, depth + 1);
      }
      real = next;
    }
    return real;
  }
}
