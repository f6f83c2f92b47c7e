/** A lab made ready for one attempt: variables drawn, texts filled in, and the ways to set it up, watch and grade it. */
import type { GradeReport, Verdict } from '../../grader/report.ts';
import type { Disposable } from '../../kernel/disposable.ts';
import type { ClusterHandle, ClusterReader } from '../../sandbox/contract.ts';
import type { SandboxSpec } from '../../sandbox/spec.ts';
import type { WorkstationContext } from '../../sandbox/workstation/kubeconfig.ts';
import type { LiveView } from '../protocol/live-view.ts';

export interface PreparedCriterion {
  readonly id: string;
  readonly title: string;
  readonly points: number;
  readonly hints: readonly string[];
  readonly onCheckOnly: boolean;
}

export interface PreparedTask {
  readonly id: string;
  readonly title: string;
  readonly criteria: readonly PreparedCriterion[];
  readonly questions: readonly { readonly id: string; readonly prompt: string }[];
}

export type Answers = Readonly<Record<string, string>>;

/** What one look at a criterion showed. */
export interface Sighting {
  readonly id: string;
  readonly verdict: Verdict;
  readonly saw?: string;
  readonly wanted?: string;
}

export interface WatchOptions {
  readonly cluster: ClusterReader;
  readonly answers: Answers;
  readonly baseline: unknown;
  /** Criteria that passed before a restart of the server. */
  readonly passedBefore: readonly string[];
  /** Called with all criteria that were looked at live, whenever one changes. */
  readonly onChange: (sightings: readonly Sighting[]) => void;
}

export interface LiveLook extends Disposable {
  answersChanged(answers: Answers): void;
  /** For how long (ms) nothing has changed in the cluster. */
  unchangedFor(): number;
  /** Looks away until disposed: while a *Check* disturbs the cluster. */
  hold(): Disposable;
}

export interface GradeOptions {
  readonly cluster: ClusterHandle;
  readonly answers: Answers;
  readonly baseline: unknown;
  readonly signal: AbortSignal;
  readonly task: string | undefined;
  /** For how long (ms) nothing has changed in the cluster before this Check. */
  readonly unchangedFor: number;
  /** Hears of each criterion as soon as it is judged. */
  readonly onResult: (sighting: Sighting) => void;
}

export interface PreparedLab {
  readonly id: string;
  readonly title: string;
  readonly spec: SandboxSpec;
  readonly view: LiveView['view'] | undefined;
  readonly contexts: readonly WorkstationContext[];
  /** The task text as HTML, made by us from first-party MDX. */
  readonly html: string;
  readonly tasks: readonly PreparedTask[];
  /** Lays out the starting scene and resolves with the baseline, a JSON value. */
  setUp(cluster: ClusterHandle, driver: string): Promise<unknown>;
  watch(options: WatchOptions): LiveLook;
  grade(options: GradeOptions): Promise<GradeReport>;
}

/** The labs of the course. */
export interface LabShelf {
  /** The same seed gives the same lab. Throws InputError `unknown-lab`. */
  prepare(lab: string, seed: string): PreparedLab;
}
