/**
 * Binding a Pod to a node, and evicting it. Source: kubernetes `pkg/registry/core/pod/storage/{storage,eviction}.go`.
 *
 * R-BIND-1  A Pod is bound once; a second binding is refused with 409.
 * R-BIND-2  Binding sets spec.nodeName and the condition PodScheduled.
 * R-BIND-3  Eviction marks the Pod with DisruptionTarget and deletes it.
 * R-BIND-4  The Pod takes over its node's zone and region labels (`plugin/pkg/admission/podtopologylabels`).
 */
import { z } from 'zod';
import { rfc3339 } from '../../../kernel/clock.ts';
import type { KubeObject } from '../../../kernel/kube/object.ts';
import { isRecord } from '../../../kernel/kube/object.ts';
import { isDryRun, parseBody } from './body.ts';
import type { Core } from './core.ts';
import { deleteObject, parseDeleteOptions } from './delete.ts';
import { StatusError } from '../../client/status.ts';
import { badRequest, conflict, methodNotAllowed } from './errors.ts';
import type { Answer, Call } from './request.ts';
import { ok } from './request.ts';
import { need } from './resource.ts';
import { updateObject, withoutEmpty } from './write.ts';

const bindingSchema = z.looseObject({
  metadata: z
    .looseObject({
      name: z.string().optional(),
      uid: z.string().optional(),
      annotations: z.record(z.string(), z.string()).optional(),
    })
    .default({}),
  target: z.looseObject({ kind: z.string().optional(), name: z.string().min(1) }),
});
type Binding = z.infer<typeof bindingSchema>;

const evictionSchema = z.looseObject({
  metadata: z.looseObject({ name: z.string().optional() }).default({}),
  deleteOptions: z.unknown().optional(),
});

/** `POST …/pods/x/binding`. */
export function bindPod(core: Core, call: Call): Answer {
  if (call.request.method !== 'POST') throw methodNotAllowed();
  return bind(core, call, readBinding(core, call));
}

/** `POST …/bindings`: the Pod's name is in the body. */
export function bindFromBody(core: Core, call: Call): Answer {
  if (call.request.method !== 'POST') throw methodNotAllowed();
  const binding = readBinding(core, call);
  return bind(core, { ...call, name: binding.metadata.name ?? '' }, binding);
}

function readBinding(core: Core, { request }: Call): Binding {
  const parsed = bindingSchema.safeParse(parseBody(core, request.body, 'Binding').value);
  if (!parsed.success) throw new StatusError(500, '', 'target.name: Required value');
  return parsed.data;
}

function bind(core: Core, call: Call, binding: Binding): Answer {
  const { kind, request, user } = call;
  const pod = need(core, call);
  const spec = isRecord(pod['spec']) ? pod['spec'] : {};
  refuseBinding(call, { pod, spec, binding });
  const bound: KubeObject = {
    ...pod,
    metadata: withoutEmpty({
      ...pod.metadata,
      annotations: { ...pod.metadata.annotations, ...binding.metadata.annotations },
      labels: { ...pod.metadata.labels, ...topologyOf(core, binding.target.name) },
    }),
    spec: { ...spec, nodeName: binding.target.name },
    status: withCondition(core, pod, SCHEDULED),
  };
  const dryRun = isDryRun(request, 'CreateOptions');
  updateObject(core, {
    kind,
    previous: pod,
    object: bound,
    part: 'system',
    user,
    dryRun,
    warn: (text) => request.warn(text),
  });
  return ok({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 }, 201);
}

const TOPOLOGY = ['topology.kubernetes.io/zone', 'topology.kubernetes.io/region'];

function topologyOf(core: Core, node: string): Record<string, string> {
  const labels = core.lookup.get('nodes', node)?.metadata.labels ?? {};
  return Object.fromEntries(Object.entries(labels).filter(([key]) => TOPOLOGY.includes(key)));
}

function refuseBinding(
  { name = '' }: Call,
  { pod, spec, binding }: { pod: KubeObject; spec: Record<string, unknown>; binding: Binding },
): void {
  const refuse = (why: string): Error => conflict({ group: '', resource: 'pods/binding' }, name, why);
  const { uid } = binding.metadata;
  if (uid !== undefined && uid !== pod.metadata.uid) {
    throw refuse(`Precondition failed: UID in precondition: ${uid}, UID in object meta: ${pod.metadata.uid ?? ''}`);
  }
  if (pod.metadata.deletionTimestamp !== undefined)
    throw refuse(`pod ${name} is being deleted, cannot be assigned to a host`);
  if (typeof spec['nodeName'] === 'string' && spec['nodeName'] !== '') {
    throw refuse(`pod ${name} is already assigned to node ${JSON.stringify(spec['nodeName'])}`);
  }
  if (Array.isArray(spec['schedulingGates']) && spec['schedulingGates'].length > 0) {
    throw refuse(`pod ${name} has non-empty .spec.schedulingGates`);
  }
}

const SCHEDULED = { status: 'True', type: 'PodScheduled' };
const EVICTED = {
  message: 'Eviction API: evicting',
  reason: 'EvictionByEvictionAPI',
  status: 'True',
  type: 'DisruptionTarget',
};

/** The status with one condition set to what it is from now on. */
function withCondition(
  core: Core,
  { status }: KubeObject,
  condition: { readonly type: string },
): Record<string, unknown> {
  const before = isRecord(status) ? status : {};
  const others = (Array.isArray(before['conditions']) ? before['conditions'] : []).filter(
    (other) => !(isRecord(other) && other['type'] === condition.type),
  );
  return {
    ...before,
    conditions: [...others, { lastProbeTime: null, lastTransitionTime: rfc3339(core.clock.now()), ...condition }],
  };
}

/** `POST …/pods/x/eviction`. No disruption budgets are served, so none refuses. */
export function evictPod(core: Core, call: Call): Answer {
  const { kind, request, user } = call;
  if (request.method !== 'POST') throw methodNotAllowed();
  const parsed = evictionSchema.safeParse(parseBody(core, request.body, 'Eviction').value);
  if (!parsed.success) throw badRequest('Eviction in version "v1" cannot be handled as a Eviction');
  const options = parseDeleteOptions(parsed.data.deleteOptions);
  const dryRun = options.dryRun || isDryRun(request, 'CreateOptions');
  const warn = (text: string): void => request.warn(text);
  const pod = need(core, call);
  const marked = { ...pod, status: withCondition(core, pod, EVICTED) };
  const object = updateObject(core, { kind, previous: pod, object: marked, part: 'system', user, dryRun, warn });
  deleteObject(core, { kind, object, options: { ...options, dryRun }, user, warn });
  return ok({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 }, 201);
}
