/** What the engine may do to a cluster before it looks again. Everything but a restart is taken back afterwards. */
import { z } from 'zod';
import { namedSchema } from './checks/selection.ts';

export const disturbanceSchema = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('delete-pods'),
      namespace: z.string().min(1),
      labelSelector: z.string().min(1).max(500),
      count: z.int().min(1).max(20).default(1).describe('how many, in the order of their names'),
    }),
    z.strictObject({
      kind: z.literal('cordon'),
      nodes: z.string().min(1).max(500).describe('a label selector of nodes'),
    }),
    z.strictObject({
      kind: z.literal('scale'),
      of: namedSchema,
      by: z.int().min(-20).max(20).describe('how many replicas more (or fewer)'),
    }),
    z.strictObject({
      kind: z.literal('patch'),
      of: namedSchema,
      patch: z.record(z.string(), z.unknown()).describe('a JSON merge patch'),
    }),
    z.strictObject({
      kind: z.literal('restart'),
      of: namedSchema.describe('a workload; like `kubectl rollout restart`'),
    }),
  ])
  .describe('one disturbance');
export type DisturbanceSpec = z.infer<typeof disturbanceSchema>;
