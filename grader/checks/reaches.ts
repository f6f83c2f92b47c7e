/** `reaches`: HTTP requests from a Pod of ours inside the cluster get the expected answers from a Service or a Pod. */
import { z } from 'zod';
import type { Check, Evidence, ProbeResponse } from '../check.ts';
import { failed, passed } from '../check.ts';
import { readPath } from '../../kernel/kube/field-path.ts';
import { clip } from '../explain.ts';
import { expectationSchema, lintExpectations, meet } from './expectation.ts';
import { alsoLists, alsoSchema, alsoSources, select } from './selection.ts';

export const reachesSpecSchema = z.strictObject({
  kind: z.literal('reaches'),
  to: z
    .strictObject({
      kind: z.enum(['Service', 'Pod']),
      namespace: z.string().min(1),
      name: z.string().min(1),
      port: z.int().min(1).max(65535).default(80),
      path: z
        .string()
        .regex(/^\/[A-Za-z0-9._~/?=&%${}-]*$/)
        .default('/'),
    })
    .describe('a Service is asked at its ClusterIP, a Pod at its own IP'),
  also: alsoSchema.optional(),
  requests: z.int().min(1).max(100).default(1),
  pauseSeconds: z.int().min(0).max(5).default(0).describe('time between two requests'),
  status: z.int().min(100).max(599).default(200).describe('the status that every answer must have'),
  body: z.string().max(500).optional().describe('a text that every body must contain'),
  distinct: z.int().min(1).max(100).optional().describe('how many different bodies there must be, at least'),
  expect: z
    .array(expectationSchema)
    .max(20)
    .default([])
    .describe('CEL over `responses` (status, body, error), `vars` and `also`'),
});
export type ReachesSpec = z.infer<typeof reachesSpecSchema>;

const ADDRESS = /^[0-9a-fA-F.:]+$/;

export const reachesCheck: Check<ReachesSpec> = {
  kind: 'reaches',
  schema: reachesSpecSchema,
  needs: (spec) => [targetSource(spec), ...alsoSources(spec.also)],
  lint: ({ expect }) => lintExpectations(expect),
  probe(spec, evidence) {
    const address = addressOf(spec, evidence);
    if (address === undefined) return undefined;
    const host = address.includes(':') ? `[${address}]` : address;
    const { port, path } = spec.to;
    // A page that changes at all has shown it with its second body; there is no need to wait for the others.
    const untilChange = spec.distinct === 2 && spec.pauseSeconds > 0;
    const { requests, pauseSeconds } = spec;
    return { url: `http://${host}:${port}${path}`, requests, pauseSeconds, untilChange };
  },
  look(spec, evidence) {
    const wanted = words(spec);
    if (addressOf(spec, evidence) === undefined)
      return failed({ saw: `${spec.to.kind} ${spec.to.name} has no address to ask`, wanted });
    const { responses } = evidence;
    const wrong = responses.find((response) => !isExpected(response, spec));
    if (wrong !== undefined) return failed({ saw: describe(wrong, spec), wanted });
    const bodies = new Set(responses.map((response) => response.body)).size;
    if (spec.distinct !== undefined && bodies < spec.distinct) {
      return failed({
        saw: `${bodies} different ${bodies === 1 ? 'answer' : 'answers'} in ${responses.length} requests`,
        wanted,
      });
    }
    const finding = meet(spec.expect, { responses, vars: evidence.variables, ...alsoLists(spec.also, evidence) });
    return finding.verdict === 'fail' ? finding : passed(wanted);
  },
};

function targetSource({ to }: ReachesSpec): { apiVersion: string; kind: string; namespace: string } {
  return { apiVersion: 'v1', kind: to.kind, namespace: to.namespace };
}

function addressOf(spec: ReachesSpec, evidence: Evidence): string | undefined {
  const source = targetSource(spec);
  const [target] = select(evidence.objects(source), { ...source, name: spec.to.name });
  const address = readPath(target, spec.to.kind === 'Service' ? 'spec.clusterIP' : 'status.podIP');
  return typeof address === 'string' && ADDRESS.test(address) ? address : undefined;
}

function isExpected(response: ProbeResponse, { status, body }: ReachesSpec): boolean {
  return response.status === status && (body === undefined || response.body.includes(body));
}

function describe(response: ProbeResponse, { body }: ReachesSpec): string {
  if (response.status === 0) return `no HTTP answer: ${clip(response.error, 100)}`;
  return body === undefined || response.body.includes(body)
    ? `HTTP status ${response.status}`
    : `HTTP status ${response.status} with the body ${JSON.stringify(clip(response.body, 80))}`;
}

function words({ to, requests, pauseSeconds, status, body, distinct }: ReachesSpec): string {
  const many = requests === 1 ? 'an HTTP request' : `${pauseSeconds > 0 ? 'up to ' : ''}${requests} HTTP requests`;
  const parts = [`${many} to ${to.kind} ${to.name} answered with ${status}`];
  if (body !== undefined) parts.push(`a body with ${JSON.stringify(body)}`);
  if (distinct !== undefined) parts.push(`at least ${distinct} different bodies`);
  return parts.join(', ');
}
