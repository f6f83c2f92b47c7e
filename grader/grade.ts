/** Grades a lab on demand: waits (`within`), insists (`for`), disturbs (`after`) and puts everything in one report. */
import type { Answers } from './check.ts';
import type { Baseline } from './baseline-shape.ts';
import { bindCheck } from './checks/registry.ts';
import type { Undo } from './disturb.ts';
import { disturb } from './disturb.ts';
import { evidenceFrom, listSources } from './evidence.ts';
import type { Judgement } from './evaluate.ts';
import { couldNotTell, judge, skippedBecause, toResult } from './evaluate.ts';
import type { Criterion, Lab, Task } from './lab/schema.ts';
import { ensureProber, runProbe } from './prober.ts';
import { Quiet } from './quiet.ts';
import type { CriterionResult, GradeReport, TaskResult } from './report.ts';
import { totalLab, totalTask } from './score.ts';
import type { ClusterHandle } from '../sandbox/contract.ts';
import type { Clock } from '../kernel/clock.ts';
import { rfc3339, sleep } from '../kernel/clock.ts';
import { CouldNotTell, InputError } from '../kernel/errors.ts';

export interface GradeOptions {
  /** A filled lab. */
  readonly lab: Lab;
  readonly cluster: ClusterHandle;
  readonly answers: Answers;
  readonly baseline: Baseline;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Absent: all tasks. */
  readonly task?: string;
  /** For how long (ms) nothing has changed in the cluster already, as a live look knows; default 0. */
  readonly unchangedFor?: number;
  /** Hears of each result as soon as it is there. */
  readonly onResult?: (result: CriterionResult) => void;
}

const LOOK_EVERY = 250;
const LOOK_LONGEST = 20_000;
const AFTER_WITHIN = 60_000;
/** Lets controllers notice a disturbance before we look at what they made of it. */
const AFTER_SETTLE = 500;

/** Grades one task or all. Rejects only when aborted or when the task does not exist; our own trouble is in the report. */
export async function gradeLab(options: GradeOptions): Promise<GradeReport> {
  const { lab, clock, task: only } = options;
  const tasks = only === undefined ? lab.tasks : lab.tasks.filter((task) => task.id === only);
  if (only !== undefined && tasks.length === 0) {
    throw new InputError('no-task', `lab ${lab.id} has no task ${only}`, { remedy: 'Reload the page.' });
  }
  const { cluster, unchangedFor = 0 } = options;
  const quiet = new Quiet({ lab, cluster, clock, unchangedFor });
  try {
    const results = await gradeTasks(tasks, new Grading(options, quiet));
    return { version: 1, lab: lab.id, at: rfc3339(clock.now()), ...totalLab(results), tasks: results };
  } finally {
    quiet.dispose();
  }
}

async function gradeTasks(tasks: readonly Task[], grading: Grading): Promise<TaskResult[]> {
  const criteria = tasks.flatMap((task) => task.criteria);
  // Disturbances come last, so that no other criterion sees the cluster while it is disturbed.
  await Promise.all(criteria.filter((c) => c.after === undefined).map((criterion) => grading.judgementOf(criterion)));
  for (const criterion of criteria.filter((c) => c.after !== undefined)) await grading.judgementOf(criterion);
  return Promise.all(
    tasks.map(async (task) =>
      totalTask(task, await Promise.all(task.criteria.map(async (c) => toResult(c, await grading.judgementOf(c))))),
    ),
  );
}

class Grading {
  readonly #options: GradeOptions;
  readonly #quiet: Quiet;
  readonly #done = new Map<string, Promise<Judgement>>();
  readonly #byId: ReadonlyMap<string, Criterion>;

  constructor(options: GradeOptions, quiet: Quiet) {
    this.#options = options;
    this.#quiet = quiet;
    this.#byId = new Map(
      options.lab.tasks.flatMap((task) => task.criteria).map((criterion) => [criterion.id, criterion]),
    );
  }

  judgementOf(criterion: Criterion): Promise<Judgement> {
    const known = this.#done.get(criterion.id);
    if (known) return known;
    const judgement = this.#judge(criterion).then((made) => {
      this.#options.onResult?.(toResult(criterion, made));
      return made;
    });
    this.#done.set(criterion.id, judgement);
    return judgement;
  }

  async #judge(criterion: Criterion): Promise<Judgement> {
    for (const id of criterion.requires) {
      const required = this.#byId.get(id);
      if (required && (await this.judgementOf(required)).verdict !== 'pass') return skippedBecause(criterion, required);
    }
    try {
      const { cluster, clock, signal } = this.#options;
      if (bindCheck(criterion.check).probes) await ensureProber(cluster, clock, signal);
      return await this.#wait(criterion);
    } catch (error) {
      this.#options.signal.throwIfAborted();
      return couldNotTell(criterion, error);
    }
  }

  async #wait(criterion: Criterion): Promise<Judgement> {
    const calm = await this.#until(criterion, criterion.after === undefined ? (criterion.within ?? 0) : 0);
    if (criterion.after === undefined || calm.verdict !== 'pass') return calm;
    const undo: Undo[] = [];
    try {
      for (const spec of criterion.after) {
        const back = await disturb(spec, this.#options);
        if (back) undo.push(back);
      }
      await sleep(this.#options.clock, AFTER_SETTLE, this.#options.signal);
      return await this.#until(criterion, criterion.within ?? AFTER_WITHIN);
    } finally {
      for (const back of undo.reverse()) await back();
    }
  }

  /** Looks until the criterion passes and stays, `within` is over or nothing moves any more. Retries one look that could not be made. */
  async #until(criterion: Criterion, within: number): Promise<Judgement> {
    const { clock, signal } = this.#options;
    const deadline = clock.monotonic() + within;
    let errors = 0;
    for (;;) {
      const judgement = await this.#stays(criterion);
      if (judgement.verdict === 'pass') return judgement;
      const retry = judgement.verdict === 'error' && errors++ === 0;
      if (!retry && (clock.monotonic() >= deadline || (judgement.verdict === 'fail' && this.#quiet.settled)))
        return judgement;
      await sleep(clock, LOOK_EVERY, signal);
    }
  }

  async #stays(criterion: Criterion): Promise<Judgement> {
    const { clock, signal } = this.#options;
    const end = clock.monotonic() + (criterion.for ?? 0);
    for (;;) {
      const judgement = await this.#look(criterion);
      if (judgement.verdict !== 'pass' || clock.monotonic() >= end) return judgement;
      await sleep(clock, Math.min(LOOK_EVERY, Math.max(1, end - clock.monotonic())), signal);
    }
  }

  async #look(criterion: Criterion): Promise<Judgement> {
    const { lab, cluster, answers, baseline, clock, signal } = this.#options;
    const check = bindCheck(criterion.check);
    const stop = new AbortController();
    const timer = clock.after(LOOK_LONGEST, () => stop.abort(new CouldNotTell('too-slow', 'looking took too long')));
    try {
      const lists = await listSources(check.sources, cluster);
      const evidence = { lists, baseline, answers, variables: lab.values };
      const probe = check.probe(evidenceFrom(evidence));
      const responses = probe && (await runProbe(probe, cluster, AbortSignal.any([signal, stop.signal])));
      return judge(criterion, evidenceFrom({ ...evidence, ...(responses ? { responses } : {}) }));
    } catch (error) {
      signal.throwIfAborted();
      return couldNotTell(criterion, error);
    } finally {
      timer.dispose();
    }
  }
}
