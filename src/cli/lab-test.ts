/** `drydock lab test`: proves labs by typing their scripts into real terminals on fresh sandboxes. */
import { mkdtempSync, rmSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ProofRow, ScriptRun } from '../../grader/index.ts';
import { loadLab, loadLabs, proveLab, takeTurns } from '../../grader/index.ts';
import { systemClock } from '../../kernel/clock.ts';
import { EnvironmentError } from '../../kernel/errors.ts';
import { modelDriver } from '../../sandbox/model/driver.ts';
import { probeIsolation } from '../../sandbox/workstation/isolation.ts';
import { findKubectl } from '../../sandbox/workstation/kubectl.ts';
import { typeScript } from '../../sandbox/workstation/typist.ts';
import { openWorkstation } from '../../sandbox/workstation/workstation.ts';
import { equipWorkstation } from './install.ts';
import type { ExitCode } from './output.ts';
import { EXIT, paint, print, printJson, say } from './output.ts';

const SCRIPT_MS = 180_000;
/** Proofs mostly wait for the clusters they look at, so several run side by side. */
const AT_ONCE = 8;

export interface LabTestOptions {
  readonly root: string;
  readonly labs: readonly string[];
  readonly seed?: readonly string[];
  readonly json: boolean;
}

export async function labTest(options: LabTestOptions): Promise<ExitCode> {
  const folder = join(options.root, 'labs');
  const labs =
    options.labs.length === 0
      ? await loadLabs(folder)
      : await Promise.all(options.labs.map((id) => loadLab(join(folder, id))));
  await equipWorkstation(say);
  const isolation = await probeIsolation();
  if (!isolation.ok)
    throw new EnvironmentError('no-isolation', `labs are proved in isolated terminals: ${isolation.reason}`, {
      remedy: isolation.remedy,
    });
  const kubectl = await findKubectl({ cacheDirectory: join(options.root, '.cache/kubectl'), onProgress: say });
  const start = systemClock.monotonic();
  const turns = takeTurns(AT_ONCE);
  // With -o json the progress goes to stderr, so that stdout is one document.
  const show = options.json ? say : print;
  const proofs = await Promise.all(
    labs.map((lab) =>
      proveLab({
        lab,
        driver: modelDriver({}),
        runScript: (run) => runInTerminal(run, kubectl),
        clock: systemClock,
        signal: new AbortController().signal,
        turns,
        ...(options.seed ? { seeds: options.seed } : {}),
        onRow: (row) => show(rowLine(lab.id, row)),
      }),
    ),
  );
  const seconds = Math.round((systemClock.monotonic() - start) / 1000);
  const failed = proofs.filter((proof) => !proof.ok).length;
  if (options.json) printJson({ version: 1, ok: failed === 0, seconds, proofs });
  else print(`${proofs.length - failed} passed, ${failed} failed, in ${seconds} s`);
  return failed === 0 ? EXIT.ok : EXIT.checksFailed;
}

function rowLine(lab: string, { ok, what, seed, points, of, detail, seconds }: ProofRow): string {
  const variant = seed === '' ? '' : ` (seed ${seed}): ${points} of ${of} in ${seconds} s`;
  return `${ok ? paint('green', 'ok    ') : paint('red', 'FAILED')} ${lab} ${what}${variant}${detail ? `: ${detail}` : ''}`;
}

async function runInTerminal({ sandbox, lab, script }: ScriptRun, kubectl: { readonly path: string }): Promise<number> {
  const directory = mkdtempSync(join(tmpdir(), `drydock-proof-${randomUUID().slice(0, 8)}-`));
  try {
    const { contexts } = lab.workstation;
    const workstation = await openWorkstation({
      sandbox,
      shell: 'isolated',
      contexts,
      kubectl,
      clock: systemClock,
      directory,
    });
    try {
      return (await typeScript({ workstation, script, clock: systemClock, timeout: SCRIPT_MS })).exitCode;
    } finally {
      workstation.dispose();
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
