/** `drydock start`: from a fresh clone to a printed link. */
import { join, resolve } from 'node:path';
import { systemClock } from '../../kernel/clock.ts';
import { DisposableStore } from '../../kernel/disposable.ts';
import { EnvironmentError } from '../../kernel/errors.ts';
import { findKubectl } from '../../sandbox/workstation/kubectl.ts';
import { startDrydock } from '../server/main.ts';
import { portIsFree } from '../server/serve.ts';
import type { DrydockOptions } from '../server/main.ts';
import { buildCourse, buildOnChange } from './course-build.ts';
import { equipWorkstation } from './install.ts';
import type { ExitCode } from './output.ts';
import { EXIT, print, say } from './output.ts';
import { untilStopped } from './until-stopped.ts';

export interface StartOptions {
  readonly root: string;
  readonly port: number;
  readonly dataDirectory: string;
  readonly ownShell?: boolean;
  readonly dev?: boolean;
}

export async function start(options: StartOptions): Promise<ExitCode> {
  const { root, port } = options;
  const stopped = untilStopped();
  const dataDirectory = resolve(options.dataDirectory);
  await portIsFree(port);
  if (!options.ownShell) await equipWorkstation(say);
  const kubectl = await kubectlOrWhyNot(root);
  await buildCourse(root, say);
  const drydock = await startDrydock({ root, dataDirectory, port, ownShell: options.ownShell === true, kubectl });
  const owned = new DisposableStore();
  if (options.dev) owned.add(buildOnChange(root, { clock: systemClock, say }));
  if (options.ownShell)
    say('Terminals are your own shell: nothing keeps them from your files. Leave out --own-shell to isolate them.');
  print('');
  print('Drydock is ready. Open this link (it works once; your browser then stays logged in):');
  print(`  ${drydock.loginUrl()}`);
  print('Stop with Ctrl-C; your progress and your sandboxes are kept.');
  await stopped;
  owned.dispose();
  await drydock.close();
  say('Stopped.');
  return EXIT.ok;
}

/** Reading needs no kubectl, so its absence is told in the terminal pane instead of stopping the course. */
async function kubectlOrWhyNot(root: string): Promise<DrydockOptions['kubectl']> {
  try {
    return await findKubectl({ cacheDirectory: join(root, '.cache', 'kubectl'), onProgress: say });
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
    say(`${error.message}. ${error.remedy ?? ''} Until then there are no terminals.`);
    return { reason: error.message, remedy: error.remedy ?? 'Install kubectl and start again.' };
  }
}
