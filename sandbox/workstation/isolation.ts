/** Whether this machine can keep a learner's shell to itself. Asked by trying, not by guessing. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { HOLDER_NAMESPACES } from './holder.ts';
import { findProgram } from './requirements.ts';
import { seccompFilter } from './seccomp.ts';

export type IsolationProbe =
  { readonly ok: true } | { readonly ok: false; readonly reason: string; readonly remedy: string };

const OWN_SHELL = 'or run `npm start -- --own-shell` to use your own shell, unprotected, instead';

/** Runs the smallest sandbox of the same kind. Never throws. */
export async function probeIsolation(): Promise<IsolationProbe> {
  if (process.platform !== 'linux') {
    return no('isolated terminals need Linux', `Use Linux (a virtual machine will do), ${OWN_SHELL}.`);
  }
  if (!seccompFilter(process.arch)) {
    return no(`there is no system-call filter for ${process.arch}`, `Use an x64 or arm64 machine, ${OWN_SHELL}.`);
  }
  for (const [program, debianPackage] of [
    ['bwrap', 'bubblewrap'],
    ['nsenter', 'util-linux'],
    ['setpriv', 'util-linux'],
    ['prlimit', 'util-linux'],
  ] as const) {
    if (!findProgram(program)) {
      return no(
        `${program} is not installed`,
        `Install it (Debian and Ubuntu: apt-get install ${debianPackage}) and start again, ${OWN_SHELL}.`,
      );
    }
  }
  const outer = [...HOLDER_NAMESPACES, '--dev-bind', '/', '/', '--proc', '/proc'];
  const nested = [
    'bwrap',
    '--unshare-user',
    '--unshare-pid',
    '--disable-userns',
    '--ro-bind',
    '/',
    '/',
    '--proc',
    '/proc',
    '--dev',
    '/dev',
    'true',
  ];
  try {
    await promisify(execFile)('bwrap', [...outer, ...nested], { timeout: 10_000 });
    return { ok: true };
  } catch (error) {
    return explain(error instanceof Error ? error.message : String(error));
  }
}

function explain(message: string): IsolationProbe {
  const said = message.split('\n').find((line) => line.startsWith('bwrap:')) ?? message.split('\n')[0] ?? '';
  if (/No permissions to create|Operation not permitted|Permission denied|namespace/.test(message)) {
    return no(
      `this machine does not let programs make namespaces (${said})`,
      `In a container, run it with seccomp=unconfined and systempaths=unconfined; on Ubuntu 24.04, install the bwrap-userns-restrict AppArmor profile; elsewhere, raise user.max_user_namespaces; ${OWN_SHELL}.`,
    );
  }
  return no(`bubblewrap does not work here (${said})`, `Mend that, ${OWN_SHELL}.`);
}

function no(reason: string, remedy: string): IsolationProbe {
  return { ok: false, reason, remedy };
}
