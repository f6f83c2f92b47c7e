/**
 * One attempt while its server runs: owns the sandbox, the shells, the live look and the live view, and tells its followers
 * of each change. What must outlive the process goes to the store first and is shown afterwards.
 */
import { randomUUID } from 'node:crypto';
import type { GradeReport } from '../../grader/report.ts';
import { gradeReportSchema } from '../../grader/report.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Disposable } from '../../kernel/disposable.ts';
import { DisposableStore, disposable } from '../../kernel/disposable.ts';
import { DrydockError, InputError, messageOf } from '../../kernel/errors.ts';
import type { Sandbox, SandboxDriver } from '../../sandbox/contract.ts';
import type { AttemptEvent, AttemptView } from '../protocol/http.ts';
import type { AttemptRecord, AttemptStore, Failure } from '../storage/store.ts';
import type { Explain } from './live/scheduling.ts';
import { LiveFeed } from './live/feed.ts';
import type { Happening, Life } from './machine.ts';
import { BEGINNING, next } from './machine.ts';
import type { LiveLook, PreparedLab, Sighting } from './prepared-lab.ts';
import { Terminals } from './terminals.ts';
import type { Workstations } from './terminals.ts';
import { attemptView } from './view.ts';

const CHECK_MS = 120_000;
const RESTARTED =
  'Drydock was restarted. Your cluster, your answers and your progress are as they were; only the shells are new.';

export interface AttemptParts {
  readonly store: AttemptStore;
  readonly driver: SandboxDriver;
  readonly workstations: Workstations;
  readonly clock: Clock;
  readonly explain: Explain;
  /** Hears of what went wrong on our side. */
  readonly onTrouble: (attempt: string, error: unknown) => void;
}

export class LiveAttempt implements Disposable {
  readonly lab: PreparedLab;
  readonly terminals: Terminals;
  readonly #parts: AttemptParts;
  readonly #owned = new DisposableStore();
  readonly #abort = new AbortController();
  readonly #followers = new Set<(event: AttemptEvent) => void>();
  readonly #sightings = new Map<string, Sighting>();
  #record: AttemptRecord;
  #life: Life;
  #sandbox: Sandbox | undefined;
  #look: LiveLook | undefined;
  #feed: LiveFeed | undefined;
  #notice: string | undefined;
  #checking = false;
  #publishing = false;

  constructor(record: AttemptRecord, lab: PreparedLab, parts: AttemptParts) {
    this.#record = record;
    this.lab = lab;
    this.#parts = parts;
    this.#life = record.state === 'ended' ? { state: 'ended', steps: [] } : BEGINNING;
    this.terminals = this.#owned.add(new Terminals(parts.workstations, parts.clock, () => this.#publish()));
    const report = gradeReportSchema.safeParse(record.report?.body);
    for (const sighting of report.success ? sightingsOf(report.data) : []) this.#sightings.set(sighting.id, sighting);
  }

  get record(): AttemptRecord {
    return this.#record;
  }

  get life(): Life {
    return this.#life;
  }

  /** Makes the sandbox and lays out the lab. Never rejects: a failure becomes the attempt's state. */
  async make(): Promise<void> {
    const { driver, store } = this.#parts;
    const { id, sandbox: sandboxId } = this.#record;
    try {
      const onProgress = (progress: { step: string; state: 'started' | 'done' }): void =>
        this.#happen({ kind: 'progress', progress });
      const sandbox = await driver.create(this.lab.spec, { id: sandboxId, onProgress, signal: this.#abort.signal });
      this.#sandbox = sandbox;
      const baseline = await this.#step('Set up the lab', () => this.lab.setUp(sandbox.cluster, driver.name));
      await this.#step('Open the workstation', () => this.terminals.prepare(sandbox, this.lab.contexts));
      if (this.#owned.ended) return await this.#closeSandbox();
      store.move(id, { to: 'ready', baseline });
      this.#record = { ...this.#record, state: 'ready', baseline };
      this.#begin(sandbox);
    } catch (error) {
      await this.#fail(error, true);
    }
  }

  /** Picks up what an earlier server left. Never rejects. */
  async reopen(): Promise<void> {
    try {
      const sandbox = await this.#step('Open the sandbox again', () => this.#parts.driver.open(this.#record.sandbox));
      if (!sandbox) {
        const lost = new DrydockError('sandbox-gone', 'the sandbox of this attempt is gone', {
          remedy: 'Reset the lab to get a new one.',
        });
        return await this.#fail(lost, true);
      }
      this.#sandbox = sandbox;
      await this.#step('Open the workstation', () => this.terminals.prepare(sandbox, this.lab.contexts));
      if (this.#owned.ended) return await this.#closeSandbox();
      this.#notice = RESTARTED;
      this.#begin(sandbox);
    } catch (error) {
      // The sandbox stays: the next start of the server may have more luck.
      await this.#fail(error, false);
    }
  }

  view(): AttemptView {
    const sandbox = this.#sandbox;
    return attemptView({
      record: this.#record,
      lab: this.lab,
      life: this.#life,
      sightings: this.#sightings,
      sandbox: sandbox && { driver: sandbox.driver, version: sandbox.version, topology: sandbox.spec.topology },
      terminals: this.terminals.views(),
      shell: this.#parts.workstations.shell,
      notice: this.#notice,
    });
  }

  follow(listener: (event: AttemptEvent) => void): Disposable {
    this.#followers.add(listener);
    listener({ kind: 'attempt', attempt: this.view() });
    this.#feed?.repeat(listener);
    this.#feedWhenFollowed();
    return disposable(() => {
      this.#followers.delete(listener);
      this.#feedWhenFollowed();
    });
  }

  async check(task: string | undefined): Promise<AttemptView> {
    const sandbox = this.#ready();
    if (task !== undefined && !this.lab.tasks.some(({ id }) => id === task))
      throw new InputError('not-found', 'this lab has no such task');
    if (this.#checking)
      throw new InputError('check-running', 'a check is running already', { remedy: 'Wait for its result.' });
    this.#checking = true;
    const abort = new AbortController();
    const stop = this.#owned.add(disposable(() => abort.abort()));
    const timer = this.#parts.clock.after(CHECK_MS, () => abort.abort());
    const hold = this.#look?.hold();
    try {
      const { answers, baseline } = this.#record;
      const report = await this.lab.grade({
        cluster: sandbox.cluster,
        answers,
        baseline,
        signal: abort.signal,
        task,
        unchangedFor: this.#look?.unchangedFor() ?? 0,
        onResult: (sighting) => this.#sight([sighting]),
      });
      const { outcome, points, of } = report;
      const kept = {
        at: Date.parse(report.at),
        outcome,
        points,
        of,
        body: report,
        ...(task === undefined ? {} : { task }),
      };
      this.#parts.store.addReport(this.#record.id, kept);
      this.#record = { ...this.#record, report: kept };
      this.#sight(sightingsOf(report));
      return this.view();
    } finally {
      this.#checking = false;
      hold?.dispose();
      timer.dispose();
      stop.dispose();
    }
  }

  hint(criterion: string): AttemptView {
    const found = this.lab.tasks.flatMap((task) => task.criteria).find(({ id }) => id === criterion);
    if (!found) throw new InputError('unknown-criterion', 'this lab has no such criterion');
    const shown = this.#record.hints[criterion] ?? 0;
    if (shown >= found.hints.length) throw new InputError('no-hint-left', 'there is no further hint for this');
    this.#parts.store.saveHints(this.#record.id, criterion, shown + 1);
    this.#record = { ...this.#record, hints: { ...this.#record.hints, [criterion]: shown + 1 } };
    this.#publish();
    return this.view();
  }

  answer(question: string, value: string): AttemptView {
    this.#ready();
    const known = this.lab.tasks.some((task) => task.questions.some(({ id }) => id === question));
    if (!known) throw new InputError('unknown-question', 'this lab has no such question');
    this.#parts.store.saveAnswer(this.#record.id, question, value);
    const answers = { ...this.#record.answers, [question]: value };
    this.#record = { ...this.#record, answers };
    this.#look?.answersChanged(answers);
    this.#publish();
    return this.view();
  }

  /** Ends the attempt and removes its sandbox. Ending twice is no error. */
  async end(): Promise<void> {
    if (this.#life.state === 'ended') return;
    if (this.#record.state !== 'failed') {
      this.#parts.store.move(this.#record.id, { to: 'ended', at: this.#parts.clock.now() });
      this.#record = { ...this.#record, state: 'ended' };
    }
    this.#happen({ kind: 'ended' });
    await this.close();
    await this.#remove();
  }

  /** Releases what this process holds; the sandbox lives on. */
  async close(): Promise<void> {
    this.#owned.dispose();
    this.#abort.abort(new Error('the attempt was closed'));
    await this.#closeSandbox();
  }

  dispose(): void {
    void this.close();
  }

  #ready(): Sandbox {
    if (this.#life.state === 'ready' && this.#sandbox) return this.#sandbox;
    if (this.#life.state === 'creating') {
      throw new InputError('attempt-not-ready', 'the sandbox is not ready yet', { remedy: 'Wait until it is.' });
    }
    throw new InputError('attempt-over', 'this attempt is over', { remedy: 'Start the lab anew.' });
  }

  #begin(sandbox: Sandbox): void {
    const { answers, baseline, passed } = this.#record;
    this.#look = this.#owned.add(
      this.lab.watch({
        cluster: sandbox.cluster,
        answers,
        baseline,
        passedBefore: passed,
        onChange: (sightings) => this.#sight(sightings),
      }),
    );
    if (this.lab.view) {
      const publish = (event: AttemptEvent): void => this.#tell(event);
      this.#feed = this.#owned.add(
        new LiveFeed({ view: this.lab.view, cluster: sandbox.cluster, ...this.#parts, publish }),
      );
    }
    this.#happen({ kind: 'made' });
    this.#feedWhenFollowed();
  }

  #sight(sightings: readonly Sighting[]): void {
    this.#note(sightings);
    this.#publish();
  }

  #note(sightings: readonly Sighting[]): void {
    for (const sighting of sightings) this.#sightings.set(sighting.id, sighting);
    const fresh = sightings
      .filter(({ id, verdict }) => verdict === 'pass' && !this.#record.passed.includes(id))
      .map(({ id }) => id);
    if (fresh.length === 0 || this.#life.state === 'ended') return;
    this.#record = { ...this.#record, passed: [...this.#record.passed, ...fresh] };
    try {
      this.#parts.store.savePassed(this.#record.id, fresh);
    } catch (error) {
      // Only the words "was passing" after a restart depend on it: not worth failing a look for.
      this.#parts.onTrouble(this.#record.id, error);
    }
  }

  async #step<T>(step: string, work: () => Promise<T>): Promise<T> {
    this.#happen({ kind: 'progress', progress: { step, state: 'started' } });
    const result = await work();
    this.#happen({ kind: 'progress', progress: { step, state: 'done' } });
    return result;
  }

  async #fail(error: unknown, forGood: boolean): Promise<void> {
    await this.#closeSandbox();
    if (this.#owned.ended) return;
    this.#parts.onTrouble(this.#record.id, error);
    const failure: Failure =
      error instanceof DrydockError
        ? { message: error.message, ...(error.remedy ? { remedy: error.remedy } : {}) }
        : { message: messageOf(error), remedy: 'Try again; if it stays, run `npm run doctor`.' };
    if (forGood) {
      await this.#remove();
      try {
        this.#parts.store.move(this.#record.id, { to: 'failed', failure, at: this.#parts.clock.now() });
        this.#record = { ...this.#record, state: 'failed', failure };
      } catch (unsaved) {
        this.#parts.onTrouble(this.#record.id, unsaved);
      }
    }
    this.#happen({ kind: 'broke', failure });
  }

  async #closeSandbox(): Promise<void> {
    const sandbox = this.#sandbox;
    this.#sandbox = undefined;
    this.terminals.dispose();
    await sandbox?.close().catch((error: unknown) => this.#parts.onTrouble(this.#record.id, error));
  }

  async #remove(): Promise<void> {
    try {
      await this.#parts.driver.destroy(this.#record.sandbox);
      await this.#parts.workstations.remove(this.#record.sandbox);
    } catch (error) {
      this.#parts.onTrouble(this.#record.id, error);
    }
  }

  #happen(happening: Happening): void {
    const life = next(this.#life, happening);
    if (life === this.#life) return;
    this.#life = life;
    this.#publish();
  }

  /** Tells the followers soon, once for all that changes in the same turn. */
  #publish(): void {
    if (this.#publishing) return;
    this.#publishing = true;
    queueMicrotask(() => {
      this.#publishing = false;
      if (this.#followers.size > 0) this.#tell({ kind: 'attempt', attempt: this.view() });
    });
  }

  #tell(event: AttemptEvent): void {
    for (const follower of this.#followers) follower(event);
  }

  #feedWhenFollowed(): void {
    this.#feed?.run(this.#followers.size > 0);
  }
}

function sightingsOf(report: GradeReport): Sighting[] {
  return report.tasks
    .flatMap((task) => task.criteria)
    .map(({ id, verdict, observation }) => ({ id, verdict, saw: observation.saw, wanted: observation.wanted }));
}

/** A fresh id that nobody can guess. */
export function freshId(): string {
  return randomUUID();
}
