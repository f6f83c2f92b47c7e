/** Which account of the host a shell runs as, underneath its user namespace. */
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fnv1a } from '../../kernel/random.ts';

/** A range that Debian gives to nobody by default; an escape lands on an account that owns nothing. */
const FIRST_UID = 0x70000000;
const UIDS = 0x00ffffff;

/**
 * The uid to drop to: one of its own for each workstation when the server is root and that account can reach all `paths`;
 * undefined when the shell must keep the server's own account.
 */
export async function shellUser(id: string, paths: readonly string[]): Promise<number | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  for (const path of paths) if (!(await reachable(path))) return undefined;
  return FIRST_UID + (fnv1a(id) % UIDS);
}

/** The command words that drop to it. */
export function asUser(uid: number | undefined): string[] {
  return uid === undefined
    ? []
    : ['setpriv', `--reuid=${uid}`, `--regid=${uid}`, '--clear-groups', '--inh-caps=-all', '--'];
}

/** Whether everybody may pass through all folders above a path. */
async function reachable(path: string): Promise<boolean> {
  for (let directory = dirname(path); ; directory = dirname(directory)) {
    if (((await stat(directory)).mode & 0o001) === 0) return false;
    if (directory === dirname(directory)) return true;
  }
}
