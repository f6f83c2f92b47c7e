/** Installs Debian packages when we are root on such a machine; otherwise says what would be needed. */
import { existsSync } from 'node:fs';
import { messageOf } from '../../kernel/errors.ts';
import { missingPrograms } from '../../sandbox/workstation/requirements.ts';
import { runChild } from './child.ts';
import { EXIT } from './output.ts';

export function canInstall(): boolean {
  return process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
}

/** True when apt-get has installed the package. Tells apt's own last words when it has not. */
export async function installPackage(name: string, say: (line: string) => void): Promise<boolean> {
  say(`Installing ${name} (apt-get) …`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  // A machine on which it cannot be run is one on which nothing is installed; that stops nothing else.
  const apt = (...args: string[]): ReturnType<typeof runChild> =>
    runChild('apt-get', args, { env, output: 'keep' }).catch((error: unknown) => ({
      code: EXIT.environment,
      said: messageOf(error),
    }));
  const install = (): ReturnType<typeof runChild> => apt('install', '-y', '--no-install-recommends', name);
  let ended = await install();
  if (ended.code !== 0) {
    // A machine that was never updated has no list of packages.
    await apt('update');
    ended = await install();
  }
  if (ended.code !== 0) say(`  could not install ${name}: ${ended.said.trimEnd().split('\n').at(-1) ?? ''}`);
  return ended.code === 0;
}

/** Gives the workstation what it lacks, as far as this machine allows; the rest is listed. */
export async function equipWorkstation(say: (line: string) => void): Promise<void> {
  const missing = missingPrograms();
  if (missing.length === 0) return;
  if (!canInstall()) {
    const names = missing.map(({ debianPackage }) => debianPackage).join(' ');
    say(
      `The terminals lack: ${missing.map(({ program }) => program).join(', ')}. On Debian and Ubuntu: sudo apt-get install ${names}`,
    );
    return;
  }
  for (const { debianPackage } of missing) await installPackage(debianPackage, say);
}
