/** Proves a lab on a driver: untouched scores nothing, each solution everything, each wrong way fails what it names. */
import { randomUUID } from 'node:crypto';
import type { Variables } from '../check.ts';
import { takeBaseline } from '../baseline.ts';
import { gradeLab } from '../grade.ts';
import type { GradeReport } from '../report.ts';
import type { Clock } from '../../kernel/clock.ts';
import { sleep } from '../../kernel/clock.ts';
import { InputError, messageOf } from '../../kernel/errors.ts';
import type { Sandbox, SandboxDriver } from '../../sandbox/contract.ts';
import { setUpLab } from './scene.ts';
import type { Lab } from './schema.ts';
import type { LabScript } from './scripts.ts';
import { readScripts } from './scripts.ts';
import type { Turns } from './turns.ts';
import { takeTurns } from './turns.ts';
import { drawVariables, fillLab } from './variables.ts';

/** One script to run as the learner would, with real kubectl. */
export interface ScriptRun {
  readonly sandbox: Sandbox;
  /** The filled lab, for its kubeconfig contexts. */
  readonly lab: Lab;
  /** Bash; the variant's values are set at its top. */
  readonly script: string;
  readonly signal: AbortSignal;
}

export interface ProveOptions {
  /** As loaded, not filled. */
  readonly lab: Lab;
  readonly driver: SandboxDriver;
  /** Types the script into a shell; resolves with its exit code when it ends. */
  readonly runScript: (run: ScriptRun) => Promise<number>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Default: three that are drawn anew each time. Each is named in the proof, so a failure can be repeated. */
  readonly seeds?: readonly string[];
  /** Whose turn it is to make a sandbox; shared by labs that are proved side by side. Default: one at a time. */
  readonly turns?: Turns;
  readonly onRow?: (row: ProofRow) => void;
}

export interface ProofRow {
  readonly seed: string;
  /** `untouched`, `solution/….sh`, `wrong/….sh` or `coverage`. */
  readonly what: string;
  readonly ok: boolean;
  /** What was wrong; empty when ok. */
  readonly detail: string;
  readonly points: number;
  readonly of: number;
  /** How long it took, sandbox and all. */
  readonly seconds: number;
}

export interface LabProof {
  readonly lab: string;
  readonly driver: string;
  readonly ok: boolean;
  readonly rows: readonly ProofRow[];
}

/** Lets the scene's controllers act before the learner's script types, as they would have while the learner reads. */
const READING_TIME = 1500;

/** Each trial has a sandbox of its own, so they may run at once. Rejects only when aborted or when a script cannot be read. */
export async function proveLab(options: ProveOptions): Promise<LabProof> {
  const { lab, driver, turns = takeTurns(1), onRow } = options;
  const seeds = options.seeds ?? Array.from({ length: 3 }, () => randomUUID().slice(0, 8));
  const add = (row: ProofRow): ProofRow => {
    onRow?.(row);
    return row;
  };
  const rows: ProofRow[] = [];
  if (lab.tasks.length > 0) {
    const trials = (await Promise.all(seeds.map((seed) => trialsOf(lab, seed)))).flat();
    rows.push(...(await Promise.all(trials.map((trial) => turns(async () => add(await prove(options, trial)))))));
    rows.push(add(await coverage(lab)));
  }
  return { lab: lab.id, driver: driver.name, ok: rows.every((row) => row.ok), rows };
}

async function trialsOf(lab: Lab, seed: string): Promise<Trial[]> {
  const variables = drawVariables(lab, seed);
  const solutions = await readScripts(lab, 'solution', variables);
  const wrongs = await readScripts(lab, 'wrong', variables);
  if (solutions.length === 0) {
    throw new InputError('no-solution', `labs/${lab.id} has no solution`, {
      remedy: 'Add a script to its folder solution/.',
    });
  }
  const untouched = (report: GradeReport): string =>
    report.points === 0 && report.outcome === 'fail' ? '' : scored(report);
  const solved = (report: GradeReport): string => (report.outcome === 'pass' ? '' : scored(report));
  return [
    { seed, variables, what: 'untouched', judge: untouched },
    ...solutions.map((script) => ({ seed, variables, script, what: script.name, judge: solved })),
    ...wrongs.map((script) => ({
      seed,
      variables,
      script,
      what: script.name,
      judge: (report: GradeReport) => judgeWrong(report, script),
    })),
  ];
}

interface Trial {
  readonly seed: string;
  readonly variables: Variables;
  readonly what: string;
  readonly script?: LabScript;
  /** What is wrong with the report; empty when it is as it must be. */
  readonly judge: (report: GradeReport) => string;
}

async function prove(options: ProveOptions, trial: Trial): Promise<ProofRow> {
  const { clock, signal } = options;
  const { seed, what } = trial;
  const start = clock.monotonic();
  const row = (detail: string, points: number, of: number): ProofRow => {
    const seconds = Math.round((clock.monotonic() - start) / 100) / 10;
    return { seed, what, ok: detail === '', detail, points, of, seconds };
  };
  try {
    const report = await tryOnce(options, trial);
    return row(trial.judge(report), report.points, report.of);
  } catch (error) {
    signal.throwIfAborted();
    return row(messageOf(error), 0, 0);
  }
}

async function tryOnce(options: ProveOptions, { variables, script }: Trial): Promise<GradeReport> {
  const { driver, clock, signal, runScript } = options;
  const lab = fillLab(options.lab, variables);
  const id = `prove-${randomUUID()}`;
  const sandbox = await driver.create(lab.sandbox, { id, onProgress: () => {}, signal });
  try {
    const { cluster } = sandbox;
    await setUpLab({ lab, driver: driver.name, variables, cluster });
    const baseline = await takeBaseline(lab, cluster);
    if (script) {
      await sleep(clock, READING_TIME, signal);
      await runScript({ sandbox, lab, script: script.text, signal });
    }
    return await gradeLab({ lab, cluster, answers: script?.answers ?? {}, baseline, clock, signal });
  } finally {
    await sandbox.close();
    await driver.destroy(id);
  }
}

function judgeWrong(report: GradeReport, { fails }: LabScript): string {
  if (report.outcome === 'ungraded') return scored(report);
  const verdicts = new Map(
    report.tasks.flatMap((task) => task.criteria.map((criterion) => [criterion.id, criterion.verdict])),
  );
  const missed = fails.filter((id) => verdicts.get(id) !== 'fail');
  return missed.length === 0
    ? ''
    : `${missed.map((id) => `${id} is ${verdicts.get(id) ?? 'missing'}`).join(', ')}, not fail`;
}

function scored(report: GradeReport): string {
  const words = report.tasks
    .flatMap((task) => task.criteria)
    .map(
      ({ id, verdict, observation }) => `${id}: ${verdict}${verdict === 'pass' ? '' : ` (saw: ${observation.saw})`}`,
    );
  return `${report.outcome}, ${report.points} of ${report.of}: ${words.join('; ')}`;
}

/** Every criterion must be failed by at least one wrong way, or nobody knows that it can fail. */
async function coverage(lab: Lab): Promise<ProofRow> {
  const wrongs = await readScripts(lab, 'wrong', drawVariables(lab, 'coverage'));
  const failed = new Set(wrongs.flatMap((script) => script.fails));
  const never = lab.tasks
    .flatMap((task) => task.criteria.map((criterion) => criterion.id))
    .filter((id) => !failed.has(id));
  const detail = never.length === 0 ? '' : `no wrong way fails ${never.join(', ')}`;
  return { seed: '', what: 'coverage', ok: never.length === 0, detail, points: 0, of: 0, seconds: 0 };
}
