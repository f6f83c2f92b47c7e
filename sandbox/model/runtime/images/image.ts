/** What an image is here: names, sizes, defaults, and a file tree that all containers of all clusters share. */
import type { FsNode } from '../files.ts';
import { encode } from '../pipe.ts';

export interface ImageSpec {
  /** Full, as `docker.io/library/nginx`. */
  readonly repository: string;
  readonly tags: readonly string[];
  readonly sizeBytes: number;
  readonly entrypoint?: readonly string[];
  readonly cmd?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly workingDir?: string;
  readonly home?: string;
  /** Absolute path → program name. */
  readonly programs: Readonly<Record<string, string>>;
  /** Absolute path → text, besides what every image has. */
  readonly files?: Readonly<Record<string, string>>;
  readonly dirs?: readonly string[];
}

export interface Image {
  /** With tag, as `docker.io/library/nginx:1.27`. */
  readonly name: string;
  readonly spec: ImageSpec;
  /** `sha256:` and 64 digits; the same for the same name everywhere. */
  readonly id: string;
  readonly entrypoint: readonly string[];
  readonly cmd: readonly string[];
  readonly env: ReadonlyMap<string, string>;
  readonly workingDir: string | undefined;
  readonly home: string | undefined;
  files(): ReadonlyMap<string, FsNode>;
}

const COMMON_DIRS = [
  'bin',
  'dev',
  'etc',
  'home',
  'lib',
  'proc',
  'root',
  'run',
  'sbin',
  'sys',
  'tmp',
  'usr',
  'usr/bin',
  'usr/sbin',
  'usr/local',
  'usr/local/bin',
  'var',
  'var/log',
  'var/run',
  'dev/shm',
];
const COMMON_FILES: Readonly<Record<string, string>> = {
  '/etc/passwd': 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/home:/bin/false\n',
  '/etc/group': 'root:x:0:\nnobody:x:65534:\n',
  '/etc/nsswitch.conf': 'hosts: files dns\n',
  '/dev/null': '',
  '/dev/termination-log': '',
};

/** The shared tree; built when first needed. */
export function imageFiles(spec: ImageSpec): ReadonlyMap<string, FsNode> {
  const files = new Map<string, FsNode>();
  const dir = (path: string): void => {
    if (files.has(path)) return;
    files.set(path, { kind: 'dir', mode: path === 'tmp' ? 0o1777 : 0o755, mtime: 0 });
    if (path !== '') dir(path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '');
  };
  const put = (path: string, node: FsNode): void => {
    dir(path.slice(1, path.lastIndexOf('/')));
    files.set(path.slice(1), node);
  };
  for (const path of [...COMMON_DIRS, ...(spec.dirs ?? []).map((name) => name.slice(1))]) dir(path);
  for (const [path, text] of Object.entries({ ...COMMON_FILES, ...spec.files }))
    put(path, { kind: 'file', bytes: encode(text), mode: 0o644, mtime: 0 });
  for (const [path, program] of Object.entries(spec.programs))
    put(path, { kind: 'file', bytes: EXECUTABLE, mode: 0o755, mtime: 0, program });
  return files;
}

/** What a program's file holds; enough to be seen as a binary. */
const EXECUTABLE = new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0]);
