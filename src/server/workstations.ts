/** Where workstations of this server keep their homes, and whether shells can be isolated here. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../kernel/clock.ts';
import { probeIsolation } from '../../sandbox/workstation/isolation.ts';
import { openWorkstation } from '../../sandbox/workstation/workstation.ts';
import type { AttemptView } from '../protocol/http.ts';
import type { Workstations } from '../attempt/terminals.ts';

export interface WorkstationsOptions {
  readonly directory: string;
  readonly kubectl: { readonly path: string } | { readonly reason: string; readonly remedy: string };
  /** True only when the learner asked for it by name. */
  readonly ownShell: boolean;
  readonly clock: Clock;
}

export async function localWorkstations({
  directory,
  kubectl,
  ownShell,
  clock,
}: WorkstationsOptions): Promise<Workstations> {
  const shell = await shellOf(kubectl, ownShell);
  return {
    shell,
    async open(sandbox, contexts) {
      if (!('path' in kubectl) || shell.kind === 'none') throw new Error('there is no shell to open');
      return openWorkstation({
        sandbox,
        shell: shell.kind,
        contexts,
        kubectl,
        clock,
        directory: join(directory, sandbox.id),
      });
    },
    remove: (sandbox) => rm(join(directory, sandbox), { recursive: true, force: true }),
  };
}

async function shellOf(kubectl: WorkstationsOptions['kubectl'], ownShell: boolean): Promise<AttemptView['shell']> {
  if (!('path' in kubectl)) return { kind: 'none', reason: kubectl.reason, remedy: kubectl.remedy };
  if (ownShell) return { kind: 'own' };
  const probe = await probeIsolation();
  return probe.ok ? { kind: 'isolated' } : { kind: 'none', reason: probe.reason, remedy: probe.remedy };
}
