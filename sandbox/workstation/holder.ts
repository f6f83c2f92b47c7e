/**
 * The namespaces of one workstation: user, network, processes, IPC, host name. They live as long as the holder process,
 * and the holder dies with the server, however the server ends, taking every process inside along.
 */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Disposable } from '../../kernel/disposable.ts';
import { EnvironmentError } from '../../kernel/errors.ts';
import { asUser } from './shell-user.ts';

const LAUNCHER = fileURLToPath(new URL('../terminal/launcher.sh', import.meta.url));
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

export interface Holder extends Disposable {
  /** A process inside, to be entered with nsenter. */
  readonly pid: number;
  /** The command words that enter all its namespaces. */
  readonly enter: readonly string[];
}

/** bubblewrap's arguments for the namespaces that all terminals of a workstation share. */
export const HOLDER_NAMESPACES = [
  '--unshare-user',
  // Never 0 inside: a bubblewrap that finds itself root there prepares its mounts another way, and fails.
  '--uid',
  '1000',
  '--gid',
  '1000',
  '--unshare-net',
  '--unshare-pid',
  '--unshare-ipc',
  '--unshare-uts',
  '--hostname',
  'workstation',
];

/** Starts the namespaces under the given account. Throws EnvironmentError with bubblewrap's own words. */
export async function startHolder(uid: number | undefined): Promise<Holder> {
  const hold = [
    'bwrap',
    ...HOLDER_NAMESPACES,
    '--die-with-parent',
    '--dev-bind',
    '/',
    '/',
    '--proc',
    '/proc',
    '--json-status-fd',
    '1',
    '--',
    'sleep',
    'infinity',
  ];
  const child = spawn('/bin/bash', [LAUNCHER, '--', ...asUser(uid), ...hold], {
    env: { PATH },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const pid = await new Promise<number>((resolve, reject) => {
    let complaint = '';
    let status = '';
    child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
    child.stdout.on('data', (chunk: Buffer) => {
      // bubblewrap writes its one line of JSON in pieces; the process id is followed by a comma.
      status += chunk.toString();
      const found = /"child-pid": (\d+),/.exec(status);
      if (found) resolve(Number(found[1]));
    });
    child.on('error', reject);
    child.on('exit', () => {
      reject(
        new EnvironmentError('no-isolation', `the terminal's namespaces could not be made: ${complaint.trim()}`, {
          remedy: 'Run `npm run doctor` to see what is missing.',
        }),
      );
    });
  });
  return {
    pid,
    enter: [
      'nsenter',
      `--target=${pid}`,
      '--user',
      '--mount',
      '--net',
      '--pid',
      '--ipc',
      '--uts',
      '--preserve-credentials',
      '--',
    ],
    dispose: () => void child.kill('SIGKILL'),
  };
}
