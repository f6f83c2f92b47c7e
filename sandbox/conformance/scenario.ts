/** The scenarios as data, and how one is played against a cluster with real kubectl. */
import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { z } from 'zod';
import type { Clock } from '../../kernel/clock.ts';
import { sleep } from '../../kernel/clock.ts';

const stepSchema = z.union([
  z.string().transform((run) => ({ run })),
  z.strictObject({
    run: z.string(),
    until: z.string().optional(),
    editor: z.string().optional(),
    input: z.string().optional(),
    unsorted: z.boolean().optional(),
  }),
  z.strictObject({
    watch: z.string(),
    seconds: z.number(),
    meanwhile: z.array(z.string()),
    show: z.boolean().optional(),
    unsorted: z.boolean().optional(),
  }),
]);
const scenariosSchema = z.array(z.strictObject({ name: z.string(), steps: z.array(stepSchema) }));

export type Step = z.infer<typeof stepSchema>;
export type Scenario = z.infer<typeof scenariosSchema>[number];

export const answerSchema = z.strictObject({
  command: z.string(),
  exitCode: z.int(),
  stdout: z.string(),
  stderr: z.string(),
});
/** What one command printed, and how it ended. */
export type Answer = z.infer<typeof answerSchema>;

const HERE = fileURLToPath(new URL('.', import.meta.url));

export async function loadScenarios(): Promise<Scenario[]> {
  return scenariosSchema.parse(parse(await readFile(new URL('scenarios.yaml', import.meta.url), 'utf8')));
}

export interface Bench {
  readonly kubectl: string;
  readonly kubeconfig: string;
  /** A writable directory for kubectl's caches. */
  readonly home: string;
  readonly clock: Clock;
}

/** Plays a scenario in a fresh namespace and returns an answer for each step. */
export async function play(scenario: Scenario, bench: Bench): Promise<Answer[]> {
  const namespace = `conf-${scenario.name}`;
  const run = (command: string, options: RunOptions = {}): Promise<Answer> =>
    runKubectl(command, namespace, { ...options, bench });
  await run(`kubectl create ns ${namespace}`);
  await repeat(
    bench.clock,
    () => run('kubectl get sa default'),
    (answer) => answer.exitCode === 0,
  );
  const answers: Answer[] = [];
  for (const step of scenario.steps) answers.push(await playStep(step, run, bench.clock));
  await run(`kubectl delete ns ${namespace} --wait=false`);
  return answers;
}

interface RunOptions {
  readonly editor?: string | undefined;
  readonly input?: string | undefined;
  /** Ends the command after so many milliseconds. */
  readonly limit?: number;
}

async function playStep(
  step: Step,
  run: (command: string, options?: RunOptions) => Promise<Answer>,
  clock: Clock,
): Promise<Answer> {
  if ('watch' in step) {
    const watching = run(step.watch, { limit: step.seconds * 1000 });
    await sleep(clock, 1500);
    const seen: Answer[] = [];
    for (const command of step.meanwhile) seen.push(await run(command));
    const watched = await watching;
    const shown = step.show ? seen.map(({ stdout, stderr }) => stdout + stderr).join('') : '';
    return { ...watched, exitCode: 0, stdout: watched.stdout + shown };
  }
  if (!('until' in step) || step.until === undefined) {
    return run(step.run, 'editor' in step ? { editor: step.editor, input: step.input } : {});
  }
  const wanted = new RegExp(step.until);
  return repeat(
    clock,
    () => run(step.run),
    ({ stdout, stderr }) => wanted.test(stdout + stderr),
  );
}

async function repeat(clock: Clock, look: () => Promise<Answer>, enough: (answer: Answer) => boolean): Promise<Answer> {
  const deadline = clock.monotonic() + 60_000;
  for (;;) {
    const answer = await look();
    if (enough(answer) || clock.monotonic() > deadline) return answer;
    await sleep(clock, 250);
  }
}

function runKubectl(
  command: string,
  namespace: string,
  { bench, editor, input, limit }: RunOptions & { bench: Bench },
): Promise<Answer> {
  const args = words(command)
    .slice(1)
    .map((word) => word.replace('$HOME', bench.home));
  // A later `-n` of the command itself wins over ours.
  const child = spawn(bench.kubectl, [`--namespace=${namespace}`, ...args], {
    cwd: HERE,
    env: {
      PATH: process.env.PATH ?? '',
      HOME: bench.home,
      KUBECONFIG: bench.kubeconfig,
      KUBE_EDITOR: editor ?? 'false',
      TZ: 'UTC',
    },
    stdio: 'pipe',
  });
  child.stdin.on('error', () => {});
  child.stdin.end(input ?? '');
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
  const killer = bench.clock.after(limit ?? 120_000, () => child.kill('SIGTERM'));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      killer.dispose();
      resolve({
        command,
        exitCode: code ?? 124,
        stdout: Buffer.concat(stdout).toString(),
        stderr: Buffer.concat(stderr).toString(),
      });
    });
  });
}

/** Splits a command line at blanks; single and double quotes keep words together. */
export function words(command: string): string[] {
  return [...command.matchAll(/(?:'([^']*)'|"([^"]*)"|(\S+))/g)].map(
    ([, single, double, plain]) => single ?? double ?? plain ?? '',
  );
}
