/** Models of the live views: what is drawn, computed on the server from the sandbox's own objects. */
import { z } from 'zod';

/** Lesson 02: what is inside each Pod. */
export const podViewSchema = z.strictObject({
  view: z.literal('pods'),
  pods: z.array(
    z.strictObject({
      name: z.string(),
      namespace: z.string(),
      phase: z.string(),
      ip: z.string().optional(),
      node: z.string().optional(),
      containers: z.array(
        z.strictObject({
          name: z.string(),
          image: z.string(),
          role: z.enum(['container', 'init', 'sidecar']),
          state: z.string(),
          ready: z.boolean(),
          restarts: z.int(),
          mounts: z.array(z.strictObject({ volume: z.string(), path: z.string() })),
        }),
      ),
      volumes: z.array(z.strictObject({ name: z.string(), kind: z.string() })),
    }),
  ),
});

/** Lesson 06: for each Pod that waits or was just placed, each node's filters and scores. */
export const schedulingViewSchema = z.strictObject({
  view: z.literal('scheduling'),
  pods: z.array(
    z.strictObject({
      name: z.string(),
      namespace: z.string(),
      node: z.string().optional(),
      /** The scheduler's own words when it found no node. */
      message: z.string().optional(),
      nodes: z.array(
        z.strictObject({
          name: z.string(),
          /** The first filter that refused, with its reason; absent when the node is feasible. */
          refused: z.strictObject({ plugin: z.string(), reason: z.string() }).optional(),
          scores: z.array(z.strictObject({ plugin: z.string(), score: z.number(), weight: z.number() })),
          total: z.number().optional(),
        }),
      ),
    }),
  ),
});

/** Lesson 13: from a Service's virtual IP to its endpoints. */
export const serviceViewSchema = z.strictObject({
  view: z.literal('services'),
  services: z.array(
    z.strictObject({
      name: z.string(),
      namespace: z.string(),
      clusterIP: z.string().optional(),
      selector: z.string(),
      ports: z.array(z.strictObject({ port: z.int(), targetPort: z.string(), name: z.string().optional() })),
      endpoints: z.array(
        z.strictObject({
          ip: z.string(),
          pod: z.string().optional(),
          node: z.string().optional(),
          ready: z.boolean(),
          ports: z.array(z.int()),
          /** The chance that a new connection lands here, 0…1. */
          share: z.number(),
        }),
      ),
      /** Pods whose labels match but that are no endpoint, and why. */
      leftOut: z.array(z.strictObject({ pod: z.string(), why: z.string() })),
    }),
  ),
});

export const liveViewSchema = z.discriminatedUnion('view', [podViewSchema, schedulingViewSchema, serviceViewSchema]);
export type LiveView = z.infer<typeof liveViewSchema>;
export type PodView = z.infer<typeof podViewSchema>;
export type SchedulingView = z.infer<typeof schedulingViewSchema>;
export type ServiceView = z.infer<typeof serviceViewSchema>;
