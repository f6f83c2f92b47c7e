/** Opens the learner's workstation for a sandbox, and terminals on it. */
import { execFile } from 'node:child_process';
import { chmod, chown, lstat, mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Clock } from '../../kernel/clock.ts';
import { DisposableStore } from '../../kernel/disposable.ts';
import type { Disposable } from '../../kernel/disposable.ts';
import { EnvironmentError } from '../../kernel/errors.ts';
import type { Sandbox, TerminalSession } from '../contract.ts';
import { startPty } from '../terminal/pty.ts';
import type { PtyCommand } from '../terminal/pty.ts';
import { Session } from '../terminal/session.ts';
import { startHolder } from './holder.ts';
import type { WorkstationContext } from './kubeconfig.ts';
import { withContexts, writeKubeconfig } from './kubeconfig.ts';
import { listenInside, listenOnLoopback } from './listener.ts';
import { seccompFilter } from './seccomp.ts';
import { bubblewrapArguments, LIMITS, SHELL, shellEnvironment, writeEtc } from './shell-root.ts';
import { asUser, shellUser } from './shell-user.ts';

export interface WorkstationOptions {
  readonly sandbox: Sandbox;
  /** `own`: the learner's own shell with all its powers; only when the learner asked for it. */
  readonly shell: 'isolated' | 'own';
  readonly contexts: readonly WorkstationContext[];
  readonly kubectl: { readonly path: string };
  readonly clock: Clock;
  /** Keeps the home and our files; survives the server. */
  readonly directory: string;
}

export interface Size {
  readonly cols: number;
  readonly rows: number;
}

export interface Workstation extends Disposable {
  /** A new shell. Throws EnvironmentError when the machine has no more terminals. */
  openTerminal(id: string, size: Size): TerminalSession;
}

type ShellCommand = Omit<PtyCommand, 'cols' | 'rows'>;

/** Makes or re-makes the workstation of a sandbox; the home is as it was. Closes nothing of the sandbox when disposed. */
export async function openWorkstation(options: WorkstationOptions): Promise<Workstation> {
  const { directory, kubectl } = options;
  const owned = new DisposableStore();
  try {
    await mkdir(join(directory, 'home'), { recursive: true });
    await writeEtc(join(directory, 'etc'), {
      bashrc: await readFile(new URL('bashrc', import.meta.url), 'utf8'),
      'kubectl-completion.bash': await completion(kubectl.path),
    });
    const command = options.shell === 'own' ? await ownShell(options, owned) : await isolatedShell(options, owned);
    return {
      openTerminal(id, { cols, rows }) {
        const pty = startPty({ ...command, cols, rows }, options.clock);
        return owned.add(new Session({ id, pty, clock: options.clock, cols, rows }));
      },
      dispose: () => owned.dispose(),
    };
  } catch (error) {
    owned.dispose();
    throw error;
  }
}

async function isolatedShell(options: WorkstationOptions, owned: DisposableStore): Promise<ShellCommand> {
  const { sandbox, directory, kubectl } = options;
  const filter = seccompFilter(process.arch);
  if (!filter) throw new EnvironmentError('no-isolation', `there is no system-call filter for ${process.arch}`);
  const etc = join(directory, 'etc');
  const home = join(directory, 'home');
  await chmod(directory, 0o711);
  const uid = await shellUser(sandbox.id, [home, kubectl.path]);
  const holder = owned.add(await startHolder(uid));
  const listener = owned.add(await listenInside(holder.pid, sandbox));
  await giveKubeconfig(options, listener.port);
  await makeOwner(home, uid);
  const args = join(directory, 'bwrap.args');
  const bpf = join(directory, 'seccomp.bpf');
  await writeFile(args, bubblewrapArguments({ etc, home, kubectl: kubectl.path, seccompFd: 4 }).join('\0') + '\0');
  await writeFile(bpf, filter);
  return {
    program: '/usr/bin/env',
    args: [...asUser(uid), ...holder.enter, 'bwrap', '--args', '3', '--', ...LIMITS, ...SHELL],
    env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' },
    directory: '/',
    files: [args, bpf],
  };
}

async function ownShell(options: WorkstationOptions, owned: DisposableStore): Promise<ShellCommand> {
  const { sandbox, directory, kubectl } = options;
  const listener = owned.add(await listenOnLoopback(0, sandbox));
  await giveKubeconfig(options, listener.port);
  const etc = join(directory, 'etc', 'drydock');
  const inherited = Object.fromEntries(
    Object.entries(process.env).filter(([, value]) => value !== undefined),
  ) as Record<string, string>;
  const home = join(directory, 'home');
  return {
    program: '/bin/bash',
    args: ['--rcfile', join(etc, 'bashrc'), '-i'],
    env: {
      ...inherited,
      ...shellEnvironment(etc, home),
      HOME: process.env.HOME ?? home,
      PATH: `${dirname(kubectl.path)}:${process.env.PATH ?? ''}`,
    },
    directory: home,
  };
}

async function giveKubeconfig({ sandbox, contexts, directory }: WorkstationOptions, port: number): Promise<void> {
  const base = sandbox.cluster.kubeconfig(`https://127.0.0.1:${port}`);
  await writeKubeconfig(join(directory, 'home', '.kube', 'config'), withContexts(base, contexts));
}

const completions = new Map<string, Promise<string>>();

/** kubectl's own completion script; asked once for each kubectl. */
function completion(kubectl: string): Promise<string> {
  const known = completions.get(kubectl);
  if (known) return known;
  const asked = promisify(execFile)(kubectl, ['completion', 'bash'], { timeout: 20_000, maxBuffer: 1024 * 1024 })
    .then(({ stdout }) => stdout)
    .catch(() => '');
  completions.set(kubectl, asked);
  return asked;
}

/** Gives a tree to the shell's account, without following links that the learner may have made. */
async function makeOwner(path: string, uid: number | undefined): Promise<void> {
  if (uid === undefined) return;
  const entry = await lstat(path);
  if (entry.isSymbolicLink()) return;
  if (entry.uid !== uid) await chown(path, uid, uid);
  if (entry.isDirectory()) for (const name of await readdir(path)) await makeOwner(join(path, name), uid);
}
