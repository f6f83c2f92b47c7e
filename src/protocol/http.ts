/** The words of the HTTP API under `/api`, shared by the server and the browser. Every body is parsed by these schemas. */
import { z } from 'zod';

export const verdictSchema = z.enum(['pass', 'fail', 'error', 'skipped']);

/** One criterion as the learner sees it now. */
export const criterionViewSchema = z.strictObject({
  id: z.string(),
  title: z.string(),
  points: z.int().nonnegative(),
  /** `waiting`: not looked at yet. */
  verdict: z.enum(['waiting', ...verdictSchema.options]),
  /** It passed before and does not now. */
  broken: z.boolean(),
  /** True while only *Check* (not the live look) can tell, as with a disturbance. */
  onCheckOnly: z.boolean(),
  saw: z.string().optional(),
  wanted: z.string().optional(),
  hints: z.strictObject({ shown: z.array(z.string()), left: z.int().nonnegative() }),
});

/** A question inside a task that the learner answers in words; judged on the server. */
export const questionViewSchema = z.strictObject({
  id: z.string(),
  prompt: z.string(),
  /** What the learner last entered, kept over reloads. */
  value: z.string(),
});

export const taskViewSchema = z.strictObject({
  id: z.string(),
  title: z.string(),
  criteria: z.array(criterionViewSchema),
  questions: z.array(questionViewSchema),
});

export const reportViewSchema = z.strictObject({
  at: z.string(),
  outcome: z.enum(['pass', 'fail', 'ungraded']),
  points: z.int(),
  of: z.int(),
});

export const attemptViewSchema = z.strictObject({
  id: z.string(),
  lab: z.string(),
  title: z.string(),
  state: z.enum(['creating', 'ready', 'failed', 'ended']),
  /** Named steps of making the sandbox, in order. */
  steps: z.array(z.strictObject({ name: z.string(), state: z.enum(['started', 'done', 'failed']) })),
  /** Why it failed and what to do; only with state `failed`. */
  failure: z.strictObject({ message: z.string(), remedy: z.string().optional() }).optional(),
  sandbox: z.strictObject({ driver: z.string(), version: z.string(), topology: z.string() }).optional(),
  /** The task text with this attempt's variables filled in, as HTML that the server made. */
  html: z.string(),
  tasks: z.array(taskViewSchema),
  points: z.int(),
  of: z.int(),
  report: reportViewSchema.optional(),
  terminals: z.array(z.strictObject({ id: z.string(), title: z.string() })),
  /** How terminals run here: isolated, the learner's own shell (red banner), or not at all and why. */
  shell: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('isolated') }),
    z.strictObject({ kind: z.literal('own') }),
    z.strictObject({ kind: z.literal('none'), reason: z.string(), remedy: z.string() }),
  ]),
  /** Said once after a restart of the server: shells are new, the cluster is as it was. */
  notice: z.string().optional(),
});
export type AttemptView = z.infer<typeof attemptViewSchema>;
export type TaskView = z.infer<typeof taskViewSchema>;
export type CriterionView = z.infer<typeof criterionViewSchema>;

/** Every error answer: `code` is stable, `message` says what was found, `remedy` what to do. */
export const problemSchema = z.strictObject({ code: z.string(), message: z.string(), remedy: z.string().optional() });
export type Problem = z.infer<typeof problemSchema>;

export const startAttemptSchema = z.strictObject({ lab: z.string().max(100) });
export const checkRequestSchema = z.strictObject({ task: z.string().max(100).optional() });
export const hintRequestSchema = z.strictObject({ criterion: z.string().max(100) });
export const answerRequestSchema = z.strictObject({ question: z.string().max(100), value: z.string().max(4096) });

export const quizAnswerSchema = z.strictObject({ choice: z.array(z.string().max(100)).max(20) });
export const quizVerdictSchema = z.strictObject({ correct: z.boolean(), explanation: z.string() });
export type QuizVerdict = z.infer<typeof quizVerdictSchema>;

/** What the learner has done so far, for the sidebar and the home page. */
export const progressSchema = z.strictObject({
  labs: z.record(
    z.string(),
    z.strictObject({ points: z.int(), of: z.int(), passed: z.boolean(), attempt: z.string().optional() }),
  ),
  /** `lesson/question` → answered rightly. */
  quiz: z.record(z.string(), z.boolean()),
});
export type ProgressView = z.infer<typeof progressSchema>;

/**
 * Routes (all need the login cookie but `/login`; unsafe methods need our Origin):
 *   GET  /login?token=T                   one-time token for the cookie, then 303 to /
 *   GET  /api/progress                    ProgressView
 *   GET  /api/labs/:lab/attempt           { attempt: AttemptView | null }: the living one of this learner
 *   POST /api/attempts                    startAttempt → 202 AttemptView (goes on by itself; follow the events)
 *   GET  /api/attempts/:id                AttemptView
 *   GET  /api/attempts/:id/events         text/event-stream of AttemptEvent, the whole view first
 *   POST /api/attempts/:id/check          checkRequest → AttemptView with `report`
 *   POST /api/attempts/:id/hints          hintRequest → AttemptView
 *   POST /api/attempts/:id/answers        answerRequest → AttemptView
 *   POST /api/attempts/:id/reset          → AttemptView of a new attempt; the old one ends
 *   POST /api/attempts/:id/end            → 204
 *   POST /api/attempts/:id/terminals      → { id }
 *   POST /api/attempts/:id/terminals/:t/ticket  → { ticket }: single use, 30 s, for the WebSocket
 *   GET  /api/attempts/:id/terminals/socket?ticket=T   the WebSocket of `terminal.ts`
 *   POST /api/quiz/:lesson/:question      quizAnswer → QuizVerdict
 *   GET  /healthz                         `ok`
 */
export const attemptEventSchema = z.discriminatedUnion('kind', [
  /** The attempt as it is now. */
  z.strictObject({ kind: z.literal('attempt'), attempt: attemptViewSchema }),
  /** A live view's model, drawn by the component of the same name; see `live-view.ts`. */
  z.strictObject({ kind: z.literal('live'), view: z.unknown() }),
]);
export type AttemptEvent = z.infer<typeof attemptEventSchema>;
