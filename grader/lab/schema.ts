/** The words of `lab.yaml`. The descriptions are the reference for authors. */
import { z } from 'zod';
import { sandboxSpecSchema } from '../../sandbox/spec.ts';
import { checkSpecSchema } from '../checks/registry.ts';
import { disturbanceSchema } from '../disturbance-schema.ts';
import type { Variables } from '../check.ts';
import { durationSchema } from '../duration.ts';

const id = z.string().regex(/^[a-z][a-z0-9-]{0,60}$/, 'small letters, digits and dashes, starting with a letter');
const words = z.string().min(1).max(300);

export const variableSchema = z
  .union([
    z.strictObject({
      choices: z
        .array(z.union([z.string().max(100), z.int()]))
        .min(1)
        .max(50),
    }),
    z.strictObject({ from: z.int(), to: z.int() }),
  ])
  .describe('drawn once per attempt: one of `choices`, or a whole number `from` … `to`');

export const criterionSchema = z.strictObject({
  id,
  title: words.describe('what is true when it is met, as the learner reads it'),
  points: z.int().min(1).max(100).default(1),
  check: checkSpecSchema,
  requires: z.array(id).max(10).default([]).describe('criteria that must pass first; until then this one is skipped'),
  within: durationSchema.optional().describe('on Check: how long it may take to become true'),
  for: durationSchema.optional().describe('how long it must stay true'),
  after: z
    .array(disturbanceSchema)
    .min(1)
    .max(5)
    .optional()
    .describe('disturb the cluster first, then look; only on Check, and only once the check passes undisturbed'),
  hints: z
    .array(z.string().min(1).max(600))
    .max(6)
    .default([])
    .describe('shown one by one; the last may nearly give it away'),
});
export type Criterion = z.infer<typeof criterionSchema>;

export const questionSchema = z.strictObject({ id, prompt: words });
export type Question = z.infer<typeof questionSchema>;

export const taskSchema = z.strictObject({
  id,
  title: words,
  criteria: z.array(criterionSchema).min(1).max(20),
  questions: z.array(questionSchema).max(20).default([]),
});
export type Task = z.infer<typeof taskSchema>;

export const nodeSceneSchema = z
  .strictObject({
    select: z.enum(['all', 'control-plane', 'workers']).describe('by the role label, whatever the nodes are called'),
    removeTaints: z.array(z.string()).max(10).default([]).describe('keys of taints to remove'),
    labels: z
      .array(z.record(z.string(), z.string()))
      .max(20)
      .default([])
      .describe('handed out to the selected nodes in the order of their names, from the first again when they run out'),
  })
  .describe('what the scene changes on nodes that exist already');
export type NodeScene = z.infer<typeof nodeSceneSchema>;

const contextSchema = z.strictObject({
  name: z.string().regex(/^[A-Za-z0-9._${}-]{1,80}$/),
  namespace: z.string().min(1),
  current: z.boolean().default(false),
});

export const labFileSchema = z.strictObject({
  id,
  title: words,
  summary: z.string().max(500).default('').describe('one sentence for lists of labs'),
  lesson: z
    .string()
    .regex(/^\d\d$/, 'two digits in quotes, such as "06"')
    .optional()
    .describe('the lesson; absent for the playground'),
  minutes: z.int().min(1).max(240),
  difficulty: z.enum(['easy', 'medium', 'hard']),
  exam: z.array(z.string().max(100)).max(20).default([]).describe('exam objectives that it trains'),
  sandbox: sandboxSpecSchema.default({ topology: 'K3', needs: [] }),
  view: z.enum(['pods', 'scheduling', 'services']).optional().describe('the live view to open beside the terminal'),
  workstation: z
    .strictObject({
      contexts: z.array(contextSchema).max(10).default([]).describe('kubeconfig contexts; the current one is marked'),
    })
    .default({ contexts: [] }),
  variables: z.record(z.string().regex(/^[a-z][A-Za-z0-9]{0,30}$/), variableSchema).default({}),
  nodes: z.array(nodeSceneSchema).max(10).default([]),
  tasks: z.array(taskSchema).max(20).default([]),
});
export type LabFile = z.infer<typeof labFileSchema>;

/** A lab as loaded: its file, where its folder is and, once filled, the values of its variables. */
export interface Lab extends LabFile {
  /** What `fillLab` filled in; empty before. CEL reads it as `vars`. */
  readonly values: Variables;
  /** Absolute path of the lab's folder. */
  readonly directory: string;
}
