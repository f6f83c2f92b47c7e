/** The sub-resources and the kinds that have them. Discovery and the pipeline read the same table. */
import type { Core } from './core.ts';
import { isDryRun, readObject } from './body.ts';
import { methodNotAllowed, resourceName, unknownResource } from './errors.ts';
import { bindPod, evictPod } from './binding.ts';
import { ephemeralContainers } from './ephemeral-containers.ts';
import type { Kind } from './kind.ts';
import { patchObject } from './modify.ts';
import { attachPod, execPod, forwardPort, podLog } from './pod-stream.ts';
import type { Answer, Call } from './request.ts';
import { ok } from './request.ts';
import { need, refuseOtherName } from './resource.ts';
import { scaleObject } from './scale.ts';
import { objectTable, readTableOptions } from './table.ts';
import { issueToken } from './token-request.ts';
import { updateObject } from './write.ts';

export interface Subresource {
  readonly name: string;
  /** The kind of the bodies, with its group and version when they differ from the parent's. */
  readonly kind: string;
  readonly group?: string;
  readonly version?: string;
  readonly verbs: readonly string[];
  handle(core: Core, call: Call): Answer | Promise<Answer>;
}

const READ_WRITE = ['get', 'patch', 'update'];

const SCALE: Subresource = {
  name: 'scale',
  kind: 'Scale',
  group: 'autoscaling',
  version: 'v1',
  verbs: READ_WRITE,
  handle: scaleObject,
};

const OF_PODS: readonly Subresource[] = [
  { name: 'attach', kind: 'PodAttachOptions', verbs: ['create', 'get'], handle: attachPod },
  { name: 'binding', kind: 'Binding', verbs: ['create'], handle: bindPod },
  { name: 'ephemeralcontainers', kind: 'Pod', verbs: READ_WRITE, handle: ephemeralContainers },
  { name: 'eviction', kind: 'Eviction', group: 'policy', version: 'v1', verbs: ['create'], handle: evictPod },
  { name: 'exec', kind: 'PodExecOptions', verbs: ['create', 'get'], handle: execPod },
  { name: 'log', kind: 'Pod', verbs: ['get'], handle: podLog },
  { name: 'portforward', kind: 'PodPortForwardOptions', verbs: ['create', 'get'], handle: forwardPort },
];

const OF_SERVICE_ACCOUNTS: readonly Subresource[] = [
  {
    name: 'token',
    kind: 'TokenRequest',
    group: 'authentication.k8s.io',
    version: 'v1',
    verbs: ['create'],
    handle: issueToken,
  },
];

/** In discovery's order: by name. */
export function subresourcesOf(kind: Kind): readonly Subresource[] {
  const own =
    resourceName(kind) === 'pods' ? OF_PODS : resourceName(kind) === 'serviceaccounts' ? OF_SERVICE_ACCOUNTS : [];
  const finalize: Subresource = { name: 'finalize', kind: 'Namespace', verbs: ['update'], handle: finalizeNamespace };
  const status: Subresource = { name: 'status', kind: kind.kind, verbs: READ_WRITE, handle: statusOf };
  return [
    ...own,
    ...(resourceName(kind) === 'namespaces' ? [finalize] : []),
    ...(kind.scale ? [SCALE] : []),
    ...(kind.status ? [status] : []),
  ];
}

/** Throws 404 when the kind has no such sub-resource. */
export function handleSubresource(core: Core, call: Call): Answer | Promise<Answer> {
  const found = subresourcesOf(call.kind).find(({ name }) => name === call.subresource);
  if (!found) throw unknownResource();
  return found.handle(core, call);
}

function statusOf(core: Core, call: Call): Answer {
  const { kind, request } = call;
  if (request.method === 'GET') {
    const object = need(core, call);
    const table = readTableOptions(request);
    return ok(table ? objectTable(core, kind, { object, table }) : object);
  }
  if (request.method === 'PATCH') return patchObject(core, call, 'status');
  if (request.method !== 'PUT') throw methodNotAllowed();
  return ok(replace(core, call, 'status'));
}

/** PUT of a namespace's spec.finalizers: the namespace controller's last word. */
function finalizeNamespace(core: Core, call: Call): Answer {
  if (call.request.method !== 'PUT') throw methodNotAllowed();
  return ok(replace(core, call, 'finalize'));
}

function replace(core: Core, call: Call, what: 'status' | 'finalize'): object {
  const { kind, request, user } = call;
  const object = readObject(core, request, kind);
  refuseOtherName(call, object);
  const previous = need(core, call);
  const warn = (text: string): void => request.warn(text);
  const dryRun = isDryRun(request, 'UpdateOptions');
  if (what === 'status') return updateObject(core, { kind, previous, object, part: 'status', user, dryRun, warn });
  const { resourceVersion } = object.metadata;
  const next = { ...previous, spec: object['spec'], metadata: { ...previous.metadata, resourceVersion } };
  return updateObject(core, { kind, previous, object: next, part: 'system', user, dryRun, warn });
}
