/**
 * What Drydock asks its memory. Questions, not tables: whoever answers them (SQLite today) keeps its own counsel about how.
 * Every write has reached the disk when the call returns. Errors: EnvironmentError `disk-full`, `storage-unreadable`,
 * `storage-newer`.
 */

export type AttemptState = 'creating' | 'ready' | 'failed' | 'ended';

export interface Failure {
  readonly message: string;
  readonly remedy?: string;
}

/** A grade report as it is kept: the figures that are asked for often, and the whole of it as JSON. */
export interface ReportRecord {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly outcome: 'pass' | 'fail' | 'ungraded';
  readonly points: number;
  readonly of: number;
  /** The one task that was graded; absent when the whole lab was. */
  readonly task?: string;
  /** The grader's whole report, a JSON value. */
  readonly body: unknown;
}

export interface NewAttempt {
  readonly id: string;
  readonly learner: string;
  readonly lab: string;
  /** From which the lab's variables are drawn. */
  readonly seed: string;
  readonly sandbox: string;
  readonly driver: string;
  readonly at: number;
}

export interface AttemptRecord extends NewAttempt {
  readonly state: AttemptState;
  readonly failure?: Failure;
  /** What the cluster was like at the start (a JSON value); absent until the attempt is ready. */
  readonly baseline?: unknown;
  /** Question → what was last entered. */
  readonly answers: Readonly<Record<string, string>>;
  /** Criterion → how many of its hints were shown. */
  readonly hints: Readonly<Record<string, number>>;
  /** Criteria that passed at some time in this attempt. */
  readonly passed: readonly string[];
  /** The latest report. */
  readonly report?: ReportRecord;
}

export type AttemptMove =
  | { readonly to: 'ready'; readonly baseline: unknown }
  | { readonly to: 'failed'; readonly failure: Failure; readonly at: number }
  | { readonly to: 'ended'; readonly at: number };

export interface AttemptStore {
  /** Remembers an attempt in state `creating`, before anything is made for it. One living attempt per learner and lab. */
  begin(attempt: NewAttempt): void;
  move(id: string, move: AttemptMove): void;
  attempt(id: string): AttemptRecord | undefined;
  /** Attempts that are `creating` or `ready`, of all learners. */
  living(): readonly AttemptRecord[];
  saveAnswer(id: string, question: string, value: string): void;
  saveHints(id: string, criterion: string, shown: number): void;
  savePassed(id: string, criteria: readonly string[]): void;
  /** Reports are only ever added. */
  addReport(id: string, report: ReportRecord): void;
}

export interface BestReport {
  readonly lab: string;
  readonly points: number;
  readonly of: number;
  readonly passed: boolean;
}

export interface QuizAnswer {
  readonly learner: string;
  readonly lesson: string;
  readonly question: string;
  readonly choice: readonly string[];
  readonly correct: boolean;
  readonly at: number;
}

export interface ProgressStore {
  /** Each lab's best report of this learner, of those that graded the whole lab. */
  bestReports(learner: string): readonly BestReport[];
  saveQuizAnswer(answer: QuizAnswer): void;
  /** `lesson/question` → whether the latest answer was right. */
  quizAnswers(learner: string): Readonly<Record<string, boolean>>;
}

/** Holds only hashes: neither a token nor a cookie can be read back. */
export interface LoginStore {
  /** Makes this the one token that may be redeemed; earlier ones are void. */
  issueToken(hash: string, at: number): void;
  /** True once for the issued token, false for any other and for each later use. */
  redeemToken(hash: string, at: number): boolean;
  addLogin(hash: string, learner: string, at: number): void;
  /** Whose login this is; undefined when there is none made at `notBefore` or later. */
  learnerOf(hash: string, notBefore: number): string | undefined;
}

export interface Store {
  readonly attempts: AttemptStore;
  readonly progress: ProgressStore;
  readonly logins: LoginStore;
  /** Whether the disk still has the reserve that finishing an attempt needs; tries to make it anew when it was used up. */
  hasRoom(): boolean;
  close(): void;
}
