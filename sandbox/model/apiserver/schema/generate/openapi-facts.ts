/** Asks a real API server for its OpenAPI v3 documents through kubectl, and keeps the part that holds types. */
import { execFileSync } from 'node:child_process';
import { z } from 'zod';

const property: z.ZodType<Property> = z.lazy(() =>
  z.object({
    type: z.string().optional(),
    format: z.string().optional(),
    $ref: z.string().optional(),
    allOf: z.array(z.object({ $ref: z.string() })).optional(),
    items: property.optional(),
    additionalProperties: property.optional(),
    default: z.json().optional(),
    enum: z.array(z.string()).optional(),
    'x-kubernetes-list-type': z.enum(['atomic', 'set', 'map']).optional(),
    'x-kubernetes-list-map-keys': z.array(z.string()).optional(),
    'x-kubernetes-map-type': z.enum(['atomic', 'granular']).optional(),
    'x-kubernetes-patch-strategy': z.string().optional(),
    'x-kubernetes-patch-merge-key': z.string().optional(),
  }),
);

export interface Property {
  type?: string | undefined;
  format?: string | undefined;
  $ref?: string | undefined;
  allOf?: { $ref: string }[] | undefined;
  items?: Property | undefined;
  additionalProperties?: Property | undefined;
  default?: z.core.util.JSONType | undefined;
  enum?: string[] | undefined;
  'x-kubernetes-list-type'?: 'atomic' | 'set' | 'map' | undefined;
  'x-kubernetes-list-map-keys'?: string[] | undefined;
  'x-kubernetes-map-type'?: 'atomic' | 'granular' | undefined;
  'x-kubernetes-patch-strategy'?: string | undefined;
  'x-kubernetes-patch-merge-key'?: string | undefined;
}

const definition = z.object({
  properties: z.record(z.string(), property).optional(),
  required: z.array(z.string()).optional(),
  'x-kubernetes-group-version-kind': z
    .array(z.object({ group: z.string(), version: z.string(), kind: z.string() }))
    .optional(),
  'x-kubernetes-map-type': z.enum(['atomic', 'granular']).optional(),
  'x-kubernetes-unions': z.array(z.json()).optional(),
});
export type Definition = z.infer<typeof definition>;

const index = z.object({ paths: z.record(z.string(), z.object({ serverRelativeURL: z.string() })) });
const document = z.object({
  components: z.object({ schemas: z.record(z.string(), definition).optional() }).optional(),
});
const version = z.object({ gitVersion: z.string() });

export interface OpenApiFacts {
  readonly version: string;
  readonly definitions: ReadonlyMap<string, Definition>;
}

/** Reads every group version that the server at `kubeconfig` serves, custom resources left out. */
export function readOpenApi(kubeconfig: string): OpenApiFacts {
  const raw = (path: string): unknown =>
    JSON.parse(
      execFileSync('kubectl', ['--kubeconfig', kubeconfig, 'get', '--raw', path], {
        encoding: 'utf8',
        maxBuffer: 64 << 20,
        stdio: ['ignore', 'pipe', 'ignore'],
      }),
    );
  const definitions = new Map<string, Definition>();
  for (const [path, { serverRelativeURL }] of Object.entries(index.parse(raw('/openapi/v3')).paths)) {
    if (!/\/v\d/.test(path) || path.startsWith('openid')) continue;
    for (const [name, found] of Object.entries(document.parse(raw(serverRelativeURL)).components?.schemas ?? {})) {
      if (name.startsWith('io.k8s.')) definitions.set(name, found);
    }
  }
  return { version: version.parse(raw('/version')).gitVersion, definitions };
}
