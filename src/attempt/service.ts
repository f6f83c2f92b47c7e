/** Keeps the attempts of all learners: begins, finds, restores and ends them, and sweeps sandboxes that nobody owns. */
import { DisposableStore } from '../../kernel/disposable.ts';
import { EnvironmentError, InputError } from '../../kernel/errors.ts';
import type { AttemptView, ProgressView } from '../protocol/http.ts';
import type { AttemptRecord, Store } from '../storage/store.ts';
import type { Attempts, OwnedAttempt } from './attempts.ts';
import type { AttemptParts } from './live-attempt.ts';
import { freshId, LiveAttempt } from './live-attempt.ts';
import type { LabShelf, PreparedLab } from './prepared-lab.ts';

const STARTS_AT_ONCE = 8;
const STOPPED = { message: 'the server stopped while this sandbox was being made', remedy: 'Start the lab again.' };

const VANISHED = { message: 'the lab of this attempt is not in the course any more' };

export interface ServiceParts extends Omit<AttemptParts, 'store'> {
  readonly store: Store;
  readonly labs: LabShelf;
}

export class AttemptService implements Attempts {
  readonly #parts: ServiceParts;
  readonly #attempts = new Map<string, LiveAttempt>();
  readonly #closing = new DisposableStore();

  constructor(parts: ServiceParts) {
    this.#parts = parts;
  }

  /** Picks up what an earlier server left; resolves when all of it is open again or known to be lost. */
  async restore(): Promise<void> {
    const { store, driver } = this.#parts;
    const living = store.attempts.living();
    const reopened: Promise<void>[] = [];
    const kept = new Set<string>();
    for (const record of living) {
      if (record.state === 'creating') {
        store.attempts.move(record.id, { to: 'failed', failure: STOPPED, at: this.#parts.clock.now() });
        continue;
      }
      const lab = this.#prepareAgain(record);
      if (!lab) {
        store.attempts.move(record.id, { to: 'failed', failure: VANISHED, at: this.#parts.clock.now() });
        continue;
      }
      kept.add(record.sandbox);
      reopened.push(this.#adopt(record, lab).reopen());
    }
    for (const sandbox of await driver.list()) {
      if (kept.has(sandbox) || [...this.#attempts.values()].some(({ record }) => record.sandbox === sandbox)) continue;
      await driver.destroy(sandbox);
      await this.#parts.workstations.remove(sandbox);
    }
    await Promise.all(reopened);
  }

  living(learner: string, lab: string): AttemptView | undefined {
    this.#parts.labs.prepare(lab, 'only to know that it exists');
    return this.#find(learner, lab)?.view();
  }

  start(learner: string, lab: string): AttemptView {
    const found = this.#find(learner, lab);
    if (found && found.life.state !== 'failed') return found.view();
    if (found) this.#forget(found);
    return this.#begin({ learner, lab, seed: freshId() }).view();
  }

  owned(learner: string, id: string): OwnedAttempt {
    const attempt = this.#attempts.get(id) ?? this.#ended(id);
    if (!attempt || attempt.record.learner !== learner) throw new InputError('not-found', 'there is no such attempt');
    return {
      view: () => attempt.view(),
      follow: (listener) => attempt.follow(listener),
      check: (task) => attempt.check(task),
      hint: (criterion) => attempt.hint(criterion),
      answer: (question, value) => attempt.answer(question, value),
      reset: () => this.#reset(attempt),
      end: () => this.#end(attempt),
      terminals: attempt.terminals,
    };
  }

  /** What a learner has done so far. */
  progress(learner: string): ProgressView {
    const { progress } = this.#parts.store;
    const labs: ProgressView['labs'] = {};
    for (const { lab, points, of, passed } of progress.bestReports(learner)) labs[lab] = { points, of, passed };
    for (const attempt of this.#attempts.values()) {
      const { learner: owner, id } = attempt.record;
      if (owner !== learner || attempt.life.state === 'ended' || attempt.life.state === 'failed') continue;
      const { of } = attempt.view();
      labs[attempt.lab.id] = { ...(labs[attempt.lab.id] ?? { points: 0, of, passed: false }), attempt: id };
    }
    return { labs, quiz: { ...progress.quizAnswers(learner) } };
  }

  /** Closes all attempts; their sandboxes live on and are found again by `restore`. */
  async close(): Promise<void> {
    this.#closing.dispose();
    await Promise.all([...this.#attempts.values()].map((attempt) => attempt.close()));
    this.#attempts.clear();
  }

  #begin({ learner, lab, seed }: { learner: string; lab: string; seed: string }): LiveAttempt {
    const { store, driver, labs, clock } = this.#parts;
    const prepared = labs.prepare(lab, seed);
    const lacking = prepared.spec.needs.filter((capability) => !driver.capabilities.has(capability));
    if (lacking.length > 0) {
      throw new EnvironmentError(
        'capability-missing',
        `this lab needs ${lacking.join(', ')}, which ${driver.name} sandboxes do not have`,
      );
    }
    if (this.#closing.ended)
      throw new EnvironmentError('stopping', 'the server is stopping', { remedy: 'Start it again.' });
    if ([...this.#attempts.values()].filter(({ life }) => life.state === 'creating').length >= STARTS_AT_ONCE) {
      throw new InputError('too-many', 'too many sandboxes are being made at once', {
        remedy: 'Try again in a few seconds.',
      });
    }
    if (!store.hasRoom()) {
      throw new EnvironmentError('disk-full', 'the disk is full: no new sandbox can be made', {
        remedy: 'Free some space and try again. What is running can still be finished and checked.',
      });
    }
    const fresh = { id: freshId(), learner, lab, seed, sandbox: freshId(), driver: driver.name, at: clock.now() };
    store.attempts.begin(fresh);
    const attempt = this.#adopt({ ...fresh, state: 'creating', answers: {}, hints: {}, passed: [] }, prepared);
    void attempt.make();
    return attempt;
  }

  #adopt(record: AttemptRecord, lab: PreparedLab): LiveAttempt {
    const attempt = new LiveAttempt(record, lab, { ...this.#parts, store: this.#parts.store.attempts });
    this.#attempts.set(record.id, attempt);
    return attempt;
  }

  /** The seed stays the same: "start over" means the same lab from its beginning. */
  async #reset(attempt: LiveAttempt): Promise<AttemptView> {
    const { learner, lab, seed } = attempt.record;
    await this.#end(attempt);
    const other = this.#find(learner, lab);
    return (other ?? this.#begin({ learner, lab, seed })).view();
  }

  async #end(attempt: LiveAttempt): Promise<void> {
    this.#attempts.delete(attempt.record.id);
    await attempt.end();
  }

  /** Makes way for a new attempt at the same lab: one that failed here but that the store still holds for living is ended. */
  #forget(failed: LiveAttempt): void {
    this.#attempts.delete(failed.record.id);
    void failed.end();
  }

  #find(learner: string, lab: string): LiveAttempt | undefined {
    return [...this.#attempts.values()].find(
      (attempt) => attempt.record.learner === learner && attempt.record.lab === lab,
    );
  }

  #ended(id: string): LiveAttempt | undefined {
    const record = this.#parts.store.attempts.attempt(id);
    const lab =
      record && record.state !== 'creating' && record.state !== 'ready' ? this.#prepareAgain(record) : undefined;
    if (!record || !lab) return undefined;
    return new LiveAttempt({ ...record, state: 'ended' }, lab, { ...this.#parts, store: this.#parts.store.attempts });
  }

  #prepareAgain(record: AttemptRecord): PreparedLab | undefined {
    try {
      return this.#parts.labs.prepare(record.lab, record.seed);
    } catch (error) {
      // The lab was renamed or broken since: what was done in it is kept, but it cannot be shown.
      this.#parts.onTrouble(record.id, error);
      return undefined;
    }
  }
}
