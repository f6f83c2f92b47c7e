/** What every check kind promises. A check looks once at evidence; waiting, staying and disturbing are the engine's (`engine.ts`). */
import type { z } from 'zod';
import type { KubeObject } from '../kernel/kube/object.ts';

/** The objects of one kind, in one namespace or in all. Labels are filtered afterwards, so that criteria share watches. */
export interface Source {
  readonly apiVersion: string;
  readonly kind: string;
  /** Absent: all namespaces, or a cluster-scoped kind. */
  readonly namespace?: string;
}

/** One HTTP request made from inside the cluster, and what came back. */
export interface ProbeResponse {
  /** The HTTP status; 0 when there was no HTTP answer at all. */
  readonly status: number;
  readonly body: string;
  /** Why there was no answer; empty when there was one. */
  readonly error: string;
}

/** Requests that the engine sends for a check. */
export interface Probe {
  readonly url: string;
  readonly requests: number;
  /** Whole seconds between two requests. */
  readonly pauseSeconds: number;
  /** Ends the round with the first body that differs from the one before. */
  readonly untilChange: boolean;
}

export type VariableValue = string | number;
export type Variables = Readonly<Record<string, VariableValue>>;
export type Answers = Readonly<Record<string, string>>;

/** What a check may see. Collected first, then judged: the same evidence always gives the same verdict. */
export interface Evidence {
  /** All objects of a source named by `needs`. */
  objects(source: Source): readonly KubeObject[];
  /** The same source when the attempt began; empty when it was not recorded. */
  before(source: Source): readonly KubeObject[];
  readonly answers: Answers;
  readonly variables: Variables;
  /** What the check's probe brought back; empty when the check has none. */
  readonly responses: readonly ProbeResponse[];
}

/** What was seen and what was wanted, in plain words for the learner. */
export interface Observation {
  readonly saw: string;
  readonly wanted: string;
  readonly hint?: string;
}

export interface Finding extends Observation {
  readonly verdict: 'pass' | 'fail';
}

/** One kind of check. `look` returns `fail` for what is not so, and throws CouldNotTell when it cannot know. */
export interface Check<Spec> {
  readonly kind: string;
  readonly schema: z.ZodType<Spec>;
  needs(spec: Spec): readonly Source[];
  /** The requests to make, given the objects; undefined when there is nothing to send them to yet. Absent: never probes. */
  probe?(spec: Spec, evidence: Evidence): Probe | undefined;
  /** CEL expressions and patterns inside the spec that can be refused before anybody starts the lab. */
  lint?(spec: Spec): readonly string[];
  look(spec: Spec, evidence: Evidence): Finding;
}

export function passed(wanted: string): Finding {
  return { verdict: 'pass', saw: wanted, wanted };
}

export function failed(observation: Observation): Finding {
  return { verdict: 'fail', ...observation };
}
