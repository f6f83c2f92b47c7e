/** What people can do with attempts, as the server sees it. Ownership is checked here and nowhere else: `owned`. */
import type { Disposable } from '../../kernel/disposable.ts';
import type { TerminalSession } from '../../sandbox/contract.ts';
import type { AttemptEvent, AttemptView } from '../protocol/http.ts';

export interface Attempts {
  /** The living attempt of this learner at this lab. Throws InputError `unknown-lab`. */
  living(learner: string, lab: string): AttemptView | undefined;
  /** Begins an attempt, or finds the living one; making the sandbox goes on by itself. */
  start(learner: string, lab: string): AttemptView;
  /** The only way to an attempt by id. Throws InputError `not-found` alike for ids of others and ids of nobody. */
  owned(learner: string, id: string): OwnedAttempt;
}

/** One attempt, in the hands of its owner. Refusals are InputError with a code of its own. */
export interface OwnedAttempt {
  view(): AttemptView;
  /** Calls back with the whole view at once, then with each change, until disposed. */
  follow(listener: (event: AttemptEvent) => void): Disposable;
  /** Grades now and keeps the report. `task`: only that one. */
  check(task: string | undefined): Promise<AttemptView>;
  /** Shows the next hint of a criterion. */
  hint(criterion: string): AttemptView;
  /** Keeps an answer; on disk when this returns. */
  answer(question: string, value: string): AttemptView;
  /** Ends this attempt and begins another one at the same lab. */
  reset(): Promise<AttemptView>;
  end(): Promise<void>;
  readonly terminals: AttemptTerminals;
}

export interface AttemptTerminals {
  /** Starts a shell and resolves with its id. */
  open(): Promise<string>;
  find(id: string): TerminalSession | undefined;
}
