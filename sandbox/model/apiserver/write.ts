/**
 * The one road by which objects enter and change: defaults, admission, strategy, validation, store. Every write, by a
 * client or by a sub-resource, goes through `createObject` or `updateObject`. All of it is synchronous, so a read and the
 * write that follows it cannot be torn apart.
 *
 * R-WRITE-1  Create sets uid, creationTimestamp and generation, and drops status (apiserver `registry/rest/create.go`).
 * R-WRITE-2  A generated name is tried again when it is taken, up to eight times (apiserver `registry/generic/registry/store.go`).
 * R-WRITE-3  The main resource keeps the stored status; `/status` keeps all but status (each kind's `strategy.go`).
 * R-WRITE-4  generation rises when the spec changes (each kind's `strategy.go`).
 * R-WRITE-5  An update that changes nothing stores nothing and wakes no watch (apiserver `storage/etcd3/store.go`).
 * R-WRITE-6  The last finalizer of a deleted object takes it away with the update that removes it (`registry/generic/registry/store.go`).
 * Warnings are sent only when nothing is refused (`registry/rest/create.go` BeforeCreate).
 * R-WRITE-7  dryRun=All goes the whole way without storing (`endpoints/handlers/create.go`).
 */
import { rfc3339 } from '../../../kernel/clock.ts';
import { nameSuffix, uuid } from '../../../kernel/ids.ts';
import type { KubeObject, ObjectMeta } from '../../../kernel/kube/object.ts';
import { isRecord, jsonEqual } from '../../../kernel/kube/object.ts';
import type { StatusCause } from '../../client/status.ts';
import { StatusError } from '../../client/status.ts';
import type { Core } from './core.ts';
import { writeContext } from './core.ts';
import { alreadyExists, badRequest, conflict, invalid } from './errors.ts';
import type { AdmissionRequest, Kind, UserInfo, WriteContext } from './kind.ts';
import { finalizerCauses, metadataCauses } from './object-meta.ts';
import { keyFor } from './registry.ts';

export interface WriteOptions {
  readonly user: UserInfo;
  readonly dryRun: boolean;
  warn(text: string): void;
}

export interface CreateInput extends WriteOptions {
  readonly kind: Kind;
  readonly object: KubeObject;
  /** The namespace of the URL. */
  readonly namespace: string | undefined;
}

/** Stores a new object and returns it. Throws StatusError. */
export function createObject(core: Core, input: CreateInput): KubeObject {
  const { kind, user, dryRun } = input;
  const warnings: string[] = [];
  const context = writeContext(core, (text) => void warnings.push(text));
  let object = withDefaults(core, kind, withSystemFields(core, kind, inNamespace(input.object, input)));
  object = admit(core, context, { kind, operation: 'create', object, user, dryRun });
  if (kind.onCreate) object = kind.onCreate(object, context);
  const name = object.metadata.name ?? '';
  const causes = [...metadataCauses(kind, object), ...(kind.validate?.(object) ?? [])];
  if (causes.length > 0) throw invalid(kind, name, causes);
  for (const text of warnings) input.warn(text);
  if (core.registry.get(kind, name, object.metadata.namespace)) throw alreadyExists(kind, name);
  return dryRun ? object : core.registry.create(kind, object);
}

function inNamespace(object: KubeObject, { kind, namespace }: CreateInput): KubeObject {
  const given = object.metadata.namespace;
  if (!kind.namespaced) {
    if (given === undefined || given === '') return object;
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  }
  if (given !== undefined && given !== '' && given !== namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  }
  return { ...object, metadata: { ...object.metadata, namespace } };
}

function withSystemFields(core: Core, kind: Kind, object: KubeObject): KubeObject {
  const {
    resourceVersion,
    deletionTimestamp: _d,
    deletionGracePeriodSeconds: _g,
    generation: _n,
    ...given
  } = object.metadata;
  if (resourceVersion !== undefined && resourceVersion !== '') {
    throw new StatusError(500, '', 'resourceVersion should not be set on objects to be created');
  }
  const metadata = {
    ...given,
    name: nameFor(core, kind, given),
    uid: uuid(core.random),
    creationTimestamp: rfc3339(core.clock.now()),
    generation: kind.generation ? 1 : undefined,
  };
  const { status, ...rest } = object;
  const keepsStatus = status !== undefined && (!kind.status || kind.statusOnCreate === true);
  return {
    ...rest,
    kind: object.kind,
    apiVersion: object.apiVersion,
    metadata: withoutEmpty(metadata),
    ...(keepsStatus ? { status } : {}),
  };
}

/** The name of a new object, made from generateName when it has none; '' when it has neither. */
function nameFor(core: Core, kind: Kind, metadata: ObjectMeta): string | undefined {
  const { name, generateName, namespace } = metadata;
  if ((name ?? '') !== '' || (generateName ?? '') === '') return name;
  const base = (generateName ?? '').slice(0, 58);
  for (let attempt = 0; attempt < 8; attempt++) {
    const made = base + nameSuffix(core.random);
    if (!core.registry.get(kind, made, namespace)) return made;
  }
  return base + nameSuffix(core.random);
}

/** The schema's defaults, then the kind's own. */
export function withDefaults(core: Core, kind: Kind, object: KubeObject): KubeObject {
  const filled = core.schema.applyDefaults(kind.schema, object);
  const typed: KubeObject = { ...filled, apiVersion: object.apiVersion, kind: object.kind, metadata: object.metadata };
  return kind.defaults ? kind.defaults(typed) : typed;
}

/** Runs the admission chain; throws the first refusal. */
export function admit(core: Core, context: WriteContext, input: AdmissionRequest): KubeObject {
  return core.admission.reduce((object, plugin) => plugin.admit({ ...input, object }, context), input.object);
}

export interface UpdateInput extends WriteOptions {
  readonly kind: Kind;
  readonly previous: KubeObject;
  readonly object: KubeObject;
  /** `status`: only the status may change. `system`: the server's own change, taken as it is. */
  readonly part: 'main' | 'status' | 'system';
}

/** Replaces a stored object and returns what is stored then. Throws StatusError, 409 when a resourceVersion is out of date. */
export function updateObject(core: Core, input: UpdateInput): KubeObject {
  const { kind, previous, part } = input;
  const warnings: string[] = [];
  const context = writeContext(core, (text) => void warnings.push(text));
  const name = previous.metadata.name ?? '';
  refuseStale(kind, input);
  let object = carryOver(input);
  if (part !== 'system') object = withDefaults(core, kind, object);
  if (part === 'main') {
    object = admit(core, context, {
      kind,
      operation: 'update',
      object,
      previous,
      user: input.user,
      dryRun: input.dryRun,
    });
    if (kind.onUpdate) object = kind.onUpdate(object, previous, context);
    object = countGeneration(kind, object, previous);
  }
  if (part !== 'system') {
    const causes: StatusCause[] = [...metadataCauses(kind, object), ...finalizerCauses(object, previous)];
    if (part === 'main')
      causes.push(...(kind.validate?.(object) ?? []), ...(kind.validateUpdate?.(object, previous) ?? []));
    if (causes.length > 0) throw invalid(kind, name, causes);
  }
  for (const text of warnings) input.warn(text);
  return storeUpdate(core, { ...input, object });
}

function storeUpdate(core: Core, { kind, object, previous, dryRun }: UpdateInput): KubeObject {
  if (jsonEqual(withoutVersion(object), withoutVersion(previous))) return previous;
  if (dryRun) return object;
  if (goesNow(kind, object)) {
    core.registry.remove(kind, previous);
    return object;
  }
  return core.registry.replace(kind, object, previous);
}

/** R-WRITE-6: marked for deletion, nothing holds it, and its grace is over. */
function goesNow(kind: Kind, { metadata, spec }: KubeObject): boolean {
  if (metadata.deletionTimestamp === undefined || (metadata.finalizers ?? []).length > 0) return false;
  if (kind.kind === 'Namespace' && isRecord(spec) && Array.isArray(spec['finalizers']) && spec['finalizers'].length > 0)
    return false;
  return (metadata.deletionGracePeriodSeconds ?? 0) === 0;
}

function refuseStale(kind: Kind, { object, previous }: UpdateInput): void {
  const { resourceVersion = '', uid = '' } = object.metadata;
  const name = previous.metadata.name ?? '';
  if (uid !== '' && uid !== previous.metadata.uid) {
    const why = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${previous.metadata.uid ?? ''}`;
    throw conflict(
      kind,
      name,
      `StorageError: invalid object, Code: 4, Key: ${keyFor(kind, name, previous.metadata.namespace)}, ResourceVersion: 0, AdditionalErrorMsg: ${why}`,
    );
  }
  if (!/^\d*$/.test(resourceVersion))
    throw new StatusError(500, '', `strconv.ParseUint: parsing ${JSON.stringify(resourceVersion)}: invalid syntax`);
  if (resourceVersion !== '' && resourceVersion !== previous.metadata.resourceVersion) throw conflict(kind, name);
}

/** Takes from the stored object what this write may not change. */
function carryOver({ kind, object, previous, part }: UpdateInput): KubeObject {
  if (part === 'system') return object;
  const kept = previous.metadata;
  const system = {
    name: kept.name,
    generateName: kept.generateName,
    namespace: kept.namespace,
    uid: kept.uid,
    resourceVersion: kept.resourceVersion,
    generation: kept.generation,
    creationTimestamp: kept.creationTimestamp,
    deletionTimestamp: kept.deletionTimestamp,
    deletionGracePeriodSeconds: kept.deletionGracePeriodSeconds,
  };
  if (part === 'status') {
    const { annotations, finalizers } = object.metadata;
    const metadata = withoutEmpty({ ...kept, annotations, finalizers });
    return {
      ...previous,
      metadata,
      ...('status' in object ? { status: withQosClass(object['status'], previous['status']) } : {}),
    };
  }
  const metadata = withoutEmpty({ ...object.metadata, ...system });
  return kind.status ? { ...object, metadata, status: previous['status'] } : { ...object, metadata };
}

/** A Pod's quality of service is settled when it is made. */
function withQosClass(next: unknown, previous: unknown): unknown {
  if (!isRecord(next) || !isRecord(previous) || previous['qosClass'] === undefined) return next;
  return { ...next, qosClass: previous['qosClass'] };
}

function countGeneration(kind: Kind, object: KubeObject, previous: KubeObject): KubeObject {
  if (!kind.generation) return object;
  const { metadata: _m, status: _s, ...next } = object;
  const { metadata: _pm, status: _ps, ...before } = previous;
  const sameAnnotations =
    kind.generationSeesAnnotations !== true ||
    jsonEqual(object.metadata.annotations ?? {}, previous.metadata.annotations ?? {});
  if (jsonEqual(next, before) && sameAnnotations) return object;
  return { ...object, metadata: { ...object.metadata, generation: (previous.metadata.generation ?? 0) + 1 } };
}

/** Leaves out undefined fields and the empty lists and maps that Go's `omitempty` would not write. */
export function withoutEmpty(metadata: ObjectMeta): ObjectMeta {
  const empty = (value: unknown): boolean =>
    value === undefined ||
    value === '' ||
    value === null ||
    (typeof value === 'object' && Object.keys(value).length === 0);
  return Object.fromEntries(
    Object.entries(metadata).filter(([key, value]) => key !== 'managedFields' && !empty(value)),
  );
}

function withoutVersion(object: KubeObject): KubeObject {
  const { resourceVersion: _, ...metadata } = object.metadata;
  return { ...object, metadata };
}
