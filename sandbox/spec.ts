/** What a sandbox is asked to be. Parsed at the door; every driver reads the same words. */
import { z } from 'zod';

export const topologySchema = z
  .enum(['K1', 'K3'])
  .describe('K1: one node that runs everything. K3: a tainted control plane and two workers.');
export type Topology = z.infer<typeof topologySchema>;

export const capabilitySchema = z.enum(['exec', 'logs', 'services', 'scheduler-explanation']);
/** What a driver truly does. A lab that needs more than its sandbox has is refused before it starts. */
export type Capability = z.infer<typeof capabilitySchema>;

export const sandboxSpecSchema = z.strictObject({
  topology: topologySchema.default('K3'),
  needs: z.array(capabilitySchema).default([]).describe('capabilities without which the lab cannot be done'),
});
export type SandboxSpec = z.infer<typeof sandboxSpecSchema>;
