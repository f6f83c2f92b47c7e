/**
 * R-API-8: `pods/ephemeralcontainers`, by which `kubectl debug` adds a container to a running Pod. Nothing else of the Pod can be changed
 * here. Source: kubernetes `core/pod/strategy.go` (podEphemeralContainersStrategy).
 */
import type { KubeObject } from '../../../kernel/kube/object.ts';
import { isDryRun, readObject } from './body.ts';
import type { Core } from './core.ts';
import { methodNotAllowed } from './errors.ts';
import type { Kind } from './kind.ts';
import { pod } from './kinds/pod.ts';
import { patchObject } from './modify.ts';
import type { Answer, Call } from './request.ts';
import { ok } from './request.ts';
import { need, refuseOtherName } from './resource.ts';
import { spec } from './kinds/parts/reading.ts';
import { ephemeralContainerCauses, ephemeralUpdateCauses } from './validation/ephemeral.ts';
import { updateObject } from './write.ts';

/** A Pod as this sub-resource sees it. */
const debugged: Kind = {
  ...pod,
  onUpdate: withEphemeralOf,
  validate: (object) => [...(pod.validate?.(object) ?? []), ...ephemeralContainerCauses(spec(object))],
  validateUpdate: ephemeralUpdateCauses,
};

export function ephemeralContainers(core: Core, call: Call): Answer {
  const { request, user } = call;
  const previous = need(core, call);
  if (request.method === 'GET') return ok(previous);
  if (request.method === 'PATCH') return patchObject(core, { ...call, kind: debugged }, 'main');
  if (request.method !== 'PUT') throw methodNotAllowed();
  const object = readObject(core, request, debugged);
  refuseOtherName(call, object);
  const dryRun = isDryRun(request, 'UpdateOptions');
  const warn = (text: string): void => request.warn(text);
  return ok(updateObject(core, { kind: debugged, previous, object, part: 'main', user, dryRun, warn }));
}

function withEphemeralOf(next: KubeObject, previous: KubeObject): KubeObject {
  const added = spec(next)['ephemeralContainers'];
  const { ephemeralContainers: _, ...rest } = spec(previous);
  return { ...previous, spec: { ...rest, ...(added === undefined ? {} : { ephemeralContainers: added }) } };
}
