/** What the cluster was like when the attempt began, as JSON that is kept with the attempt. */
import { z } from 'zod';
import type { KubeObject } from '../kernel/kube/object.ts';

const keptObjectSchema = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({
    name: z.string().optional(),
    namespace: z.string().optional(),
    uid: z.string().optional(),
  }),
});

export const baselineSchema = z.strictObject({
  version: z.literal(1),
  /** By source: `apiVersion|kind|namespace`. */
  objects: z.record(z.string(), z.array(keptObjectSchema)),
});

export interface Baseline {
  readonly version: 1;
  readonly objects: Readonly<Record<string, readonly KubeObject[]>>;
}
