/** What a terminal of the workstation sees of the world: bubblewrap's arguments and the files it shows. */
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export const HOME = '/home/learner';
const ETC = '/etc/drydock';
const MIB = 1024 * 1024;

/** Small files of our own in place of the host's. */
const ETC_FILES: Readonly<Record<string, string>> = {
  passwd: `learner:x:1000:1000:learner:${HOME}:/bin/bash\nnobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n`,
  group: 'learner:x:1000:\nnogroup:x:65534:\n',
  hosts: '127.0.0.1 localhost workstation\n::1 localhost\n',
  hostname: 'workstation\n',
  'resolv.conf': '',
  'nsswitch.conf': 'passwd: files\ngroup: files\nhosts: files\n',
};

/** Of the host's /etc: only what programs in /usr need to start. */
const HOST_ETC = [
  '/etc/alternatives',
  '/etc/ld.so.cache',
  '/etc/ld.so.conf',
  '/etc/ld.so.conf.d',
  '/etc/nanorc',
  '/etc/vim',
  '/etc/localtime',
  '/etc/inputrc',
  '/etc/terminfo',
];

/** Bounds of every terminal: processes, open files, file size, no core, little locked memory, no message queues. */
export const LIMITS = [
  'prlimit',
  '--nproc=256',
  '--nofile=1024',
  `--fsize=${64 * MIB}`,
  '--core=0',
  '--memlock=65536',
  '--msgqueue=0',
  'nice',
  '-n',
  '10',
];
export const SHELL = ['/bin/bash', '--rcfile', `${ETC}/bashrc`, '-i'];

/** Writes our /etc files. `shellFiles` (name → text) appear in /etc/drydock. */
export async function writeEtc(directory: string, shellFiles: Readonly<Record<string, string>>): Promise<void> {
  const drydock = join(directory, 'drydock');
  await mkdir(drydock, { recursive: true });
  for (const [name, text] of Object.entries(ETC_FILES)) await writeFile(join(directory, name), text);
  for (const [name, text] of Object.entries(shellFiles)) await writeFile(join(drydock, name), text);
}

export interface ShellRoot {
  /** Made by `writeEtc`. */
  readonly etc: string;
  /** Becomes the learner's home, writable. */
  readonly home: string;
  /** The kubectl of the host to show. */
  readonly kubectl: string;
  /** The file descriptor that holds the system-call filter. */
  readonly seccompFd: number;
}

/**
 * bubblewrap's arguments, without the command. Each terminal has its own process space, so that no `kill` in one can end
 * the holder, and with it the workstation.
 */
export function bubblewrapArguments({ etc, home, kubectl, seccompFd }: ShellRoot): string[] {
  const environment = {
    ...shellEnvironment(ETC, HOME),
    PATH: '/opt/drydock/bin:/usr/local/bin:/usr/bin:/bin',
    USER: 'learner',
    LOGNAME: 'learner',
    SHELL: '/bin/bash',
  };
  const links = ['bin', 'sbin', 'lib', 'lib64'].filter((name) => existsSync(`/usr/${name}`));
  const groups: readonly (readonly string[])[] = [
    ['--unshare-user', '--unshare-pid', '--disable-userns', '--uid', '1000', '--gid', '1000'],
    ['--cap-drop', 'ALL', '--die-with-parent', '--clearenv'],
    ...Object.entries(environment).map(([name, value]) => ['--setenv', name, value]),
    ['--ro-bind', '/usr', '/usr'],
    ...links.map((name) => ['--symlink', `usr/${name}`, `/${name}`]),
    ...Object.keys(ETC_FILES).map((name) => ['--ro-bind', join(etc, name), `/etc/${name}`]),
    ...HOST_ETC.map((path) => ['--ro-bind-try', path, path]),
    ['--ro-bind', join(etc, 'drydock'), ETC],
    ['--ro-bind', kubectl, '/opt/drydock/bin/kubectl'],
    ['--proc', '/proc', '--dev', '/dev', '--size', String(MIB), '--tmpfs', '/dev/shm', '--remount-ro', '/dev'],
    ['--size', String(16 * MIB), '--tmpfs', '/tmp'],
    ['--bind', home, HOME, '--remount-ro', '/', '--chdir', HOME],
    ['--seccomp', String(seccompFd)],
  ];
  return groups.flat();
}

/** What both kinds of shell, isolated and the learner's own, are told. */
export function shellEnvironment(etc: string, home: string): Record<string, string> {
  return {
    HOME: home,
    TERM: 'xterm-256color',
    COLORTERM: 'truecolor',
    LANG: 'C.UTF-8',
    EDITOR: 'nano',
    KUBECONFIG: `${home}/.kube/config`,
    DRYDOCK_ETC: etc,
    HISTFILE: `${home}/.bash_history`,
  };
}
