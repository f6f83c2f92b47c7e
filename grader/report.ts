/** The immutable outcome of one request to be graded. Its shape is versioned because reports are kept for years. */
import { z } from 'zod';

export const verdictSchema = z.enum(['pass', 'fail', 'error', 'skipped']);
/** `error` is our trouble and costs the learner nothing; `skipped` waits for another criterion. */
export type Verdict = z.infer<typeof verdictSchema>;

export const criterionResultSchema = z.strictObject({
  id: z.string(),
  title: z.string(),
  verdict: verdictSchema,
  points: z.int().nonnegative().describe('points earned'),
  of: z.int().nonnegative().describe('points to be had'),
  observation: z.strictObject({ saw: z.string(), wanted: z.string(), hint: z.string().optional() }),
});
export type CriterionResult = z.infer<typeof criterionResultSchema>;

export const taskResultSchema = z.strictObject({
  id: z.string(),
  title: z.string(),
  points: z.int().nonnegative(),
  of: z.int().nonnegative(),
  criteria: z.array(criterionResultSchema),
});
export type TaskResult = z.infer<typeof taskResultSchema>;

export const gradeReportSchema = z.strictObject({
  version: z.literal(1),
  lab: z.string(),
  at: z.string().describe('RFC 3339'),
  outcome: z.enum(['pass', 'fail', 'ungraded']).describe('ungraded: at least one criterion could not be judged'),
  points: z.int().nonnegative(),
  of: z.int().nonnegative(),
  score: z.number().min(0).max(1).describe('points earned of those that could be judged'),
  tasks: z.array(taskResultSchema),
});
export type GradeReport = z.infer<typeof gradeReportSchema>;
