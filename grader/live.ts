/** Live evaluation: criteria turn as the cluster turns. Watches where it can, polls only what must be asked (`reaches`). */
import type { Answers, Evidence, ProbeResponse } from './check.ts';
import type { Baseline } from './baseline-shape.ts';
import type { BoundCheck } from './checks/registry.ts';
import { bindCheck } from './checks/registry.ts';
import { distinctSources, evidenceFrom, sourceKey } from './evidence.ts';
import type { Judgement } from './evaluate.ts';
import { judge, skippedBecause } from './evaluate.ts';
import type { Criterion, Lab } from './lab/schema.ts';
import { ObjectCache } from './object-cache.ts';
import { ProbeLoop } from './probe-loop.ts';
import type { Verdict } from './report.ts';
import type { ClusterReader } from '../sandbox/contract.ts';
import type { KubeObject } from '../kernel/kube/object.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Disposable } from '../kernel/disposable.ts';
import { disposable, DisposableStore } from '../kernel/disposable.ts';

/** One criterion as it is now. `waiting`: not looked at yet, or only *Check* can tell. */
export interface CriterionState {
  readonly id: string;
  readonly verdict: Verdict | 'waiting';
  /** It passed before and fails now. */
  readonly broken: boolean;
  readonly onCheckOnly: boolean;
  readonly saw?: string;
  readonly wanted?: string;
  /** The check's own pointer, made from what it saw; the lab's hints are apart. */
  readonly hint?: string;
}

export interface LiveEvaluation extends Disposable {
  /** In the order of the lab's criteria. */
  states(): readonly CriterionState[];
  answersChanged(answers: Answers): void;
  /** For how long (ms) nothing has changed among the objects that the criteria look at. */
  unchangedFor(): number;
  /** Keeps the states as they are until disposed; for the time of a Check that disturbs the cluster. Then tells them all. */
  hold(): Disposable;
}

export interface WatchOptions {
  /** A filled lab. */
  readonly lab: Lab;
  readonly cluster: ClusterReader;
  readonly answers: Answers;
  readonly baseline: Baseline;
  readonly clock: Clock;
  /** Criteria that passed before a restart of the server, so that `broken` survives it. */
  readonly passedBefore?: readonly string[];
  /** Called with all states whenever one has changed. */
  readonly onChange: (states: readonly CriterionState[]) => void;
}

/** Gathers a burst of events into one look, and still is well below what a person notices. */
const GATHER = 40;

interface Watched {
  readonly criterion: Criterion;
  readonly check: BoundCheck;
}

/** Starts watching; dispose it to stop. */
export function watchLab(options: WatchOptions): LiveEvaluation {
  return new Live(options);
}

class Live implements LiveEvaluation {
  readonly #options: WatchOptions;
  readonly #watched: readonly Watched[];
  readonly #owned = new DisposableStore();
  readonly #caches: ReadonlyMap<string, ObjectCache>;
  readonly #probes: ReadonlyMap<string, ProbeLoop>;
  readonly #passed: Set<string>;
  readonly #passingSince = new Map<string, number>();
  #answers: Answers;
  #states: readonly CriterionState[];
  #timer: Disposable | undefined;
  #holds = 0;
  #changedAt: number;
  /** Others may have shown something else meanwhile, so the next look is told whatever it sees. */
  #tellAnyway = false;

  constructor(options: WatchOptions) {
    this.#options = options;
    this.#answers = options.answers;
    this.#changedAt = options.clock.monotonic();
    this.#passed = new Set(options.passedBefore);
    const criteria = options.lab.tasks.flatMap((task) => task.criteria);
    this.#watched = criteria.map((criterion) => ({ criterion, check: bindCheck(criterion.check) }));
    this.#states = criteria.map((criterion) => this.#waiting(criterion));
    const calm = this.#watched.filter(({ criterion }) => criterion.after === undefined);
    const { cluster: reader, clock } = options;
    const onChange = (): void => this.#lookSoon();
    const onObject = (): void => {
      this.#changedAt = clock.monotonic();
      onChange();
    };
    const sources = distinctSources(calm.flatMap(({ check }) => check.sources));
    this.#caches = new Map(
      sources.map((source) => [
        sourceKey(source),
        this.#owned.add(new ObjectCache({ source, reader, clock, onChange: onObject })),
      ]),
    );
    this.#probes = new Map(
      calm
        .filter(({ check }) => check.probes)
        .map(({ criterion, check }) => {
          const probe = (): ReturnType<BoundCheck['probe']> => this.#probeFor(criterion, check);
          return [
            criterion.id,
            this.#owned.add(
              new ProbeLoop({ probe, isWell: () => this.#verdictOf(criterion.id) === 'pass', reader, clock, onChange }),
            ),
          ];
        }),
    );
    this.#lookSoon();
  }

  states(): readonly CriterionState[] {
    return this.#states;
  }

  answersChanged(answers: Answers): void {
    this.#answers = answers;
    this.#lookSoon();
  }

  unchangedFor(): number {
    return this.#options.clock.monotonic() - this.#changedAt;
  }

  hold(): Disposable {
    this.#holds++;
    return disposable(() => {
      this.#holds--;
      this.#tellAnyway = true;
      this.#lookSoon();
    });
  }

  dispose(): void {
    this.#timer?.dispose();
    this.#owned.dispose();
  }

  #lookSoon(after = GATHER): void {
    if (this.#timer || this.#owned.ended) return;
    this.#timer = this.#options.clock.after(after, () => {
      this.#timer = undefined;
      if (this.#holds === 0) this.#look();
    });
  }

  #look(): void {
    const lists = this.#lists();
    const states: CriterionState[] = [];
    for (const watched of this.#watched) states.push(this.#stateOf(watched, lists, states));
    if (!this.#tellAnyway && JSON.stringify(states) === JSON.stringify(this.#states)) return;
    this.#tellAnyway = false;
    this.#states = states;
    this.#options.onChange(states);
  }

  #stateOf(
    { criterion, check }: Watched,
    lists: ReadonlyMap<string, readonly KubeObject[]>,
    earlier: readonly CriterionState[],
  ): CriterionState {
    if (criterion.after) return this.#waiting(criterion);
    const missing = this.#missing(criterion, earlier);
    if (missing) return this.#shown(criterion, skippedBecause(criterion, missing));
    const loop = this.#probes.get(criterion.id);
    if (check.sources.some((source) => !lists.has(sourceKey(source)))) return this.#waiting(criterion);
    const evidence = this.#evidence(lists, loop?.responses);
    if (loop && loop.responses === undefined && probeOf(check, evidence) !== undefined) return this.#waiting(criterion);
    return this.#shown(criterion, this.#stays(criterion, judge(criterion, evidence)));
  }

  /** Turns a pass that has not lasted for long enough back into a fail, and comes back when it has. */
  #stays(criterion: Criterion, judgement: Judgement): Judgement {
    const { id, for: needed } = criterion;
    if (judgement.verdict !== 'pass' || needed === undefined) {
      this.#passingSince.delete(id);
      return judgement;
    }
    const now = this.#options.clock.monotonic();
    const since = this.#passingSince.get(id) ?? now;
    this.#passingSince.set(id, since);
    const left = needed - (now - since);
    if (left <= 0) return judgement;
    this.#owned.add(this.#options.clock.after(left, () => this.#lookSoon(0)));
    const { wanted } = judgement.observation;
    return { verdict: 'fail', observation: { saw: `so just now; it must stay so for ${needed / 1000} s`, wanted } };
  }

  #shown(criterion: Criterion, { verdict, observation }: Judgement): CriterionState {
    if (verdict === 'pass') this.#passed.add(criterion.id);
    const broken = verdict === 'fail' && this.#passed.has(criterion.id);
    return { id: criterion.id, verdict, broken, onCheckOnly: false, ...observation };
  }

  #waiting(criterion: Criterion): CriterionState {
    return { id: criterion.id, verdict: 'waiting', broken: false, onCheckOnly: criterion.after !== undefined };
  }

  #missing(criterion: Criterion, states: readonly CriterionState[]): Criterion | undefined {
    const id = criterion.requires.find((name) => verdictIn(states, name) !== 'pass');
    return this.#watched.find((watched) => watched.criterion.id === id)?.criterion;
  }

  #probeFor(criterion: Criterion, check: BoundCheck): ReturnType<BoundCheck['probe']> {
    if (this.#holds > 0 || this.#missing(criterion, this.#states)) return undefined;
    return probeOf(check, this.#evidence(this.#lists()));
  }

  #verdictOf(id: string): CriterionState['verdict'] | undefined {
    return verdictIn(this.#states, id);
  }

  #lists(): ReadonlyMap<string, readonly KubeObject[]> {
    const known = [...this.#caches].flatMap(([key, { objects }]): [string, readonly KubeObject[]][] =>
      objects ? [[key, objects]] : [],
    );
    return new Map(known);
  }

  #evidence(lists: ReadonlyMap<string, readonly KubeObject[]>, responses?: readonly ProbeResponse[]): Evidence {
    const { lab, baseline } = this.#options;
    return evidenceFrom({
      lists,
      baseline,
      answers: this.#answers,
      variables: lab.values,
      ...(responses ? { responses } : {}),
    });
  }
}

function verdictIn(states: readonly CriterionState[], id: string): CriterionState['verdict'] | undefined {
  return states.find((state) => state.id === id)?.verdict;
}

/** What to ask, or undefined while there is nobody to ask. */
function probeOf(check: BoundCheck, evidence: Evidence): ReturnType<BoundCheck['probe']> {
  try {
    return check.probe(evidence);
  } catch {
    // The lists are not there yet; the next look asks again.
    return undefined;
  }
}
