/** The verbs on collections and objects: which handler answers which method. */
import type { Core } from './core.ts';
import { isDryRun, readObject } from './body.ts';
import { deleteObject, readDeleteOptions } from './delete.ts';
import { badRequest, methodNotAllowed, notFound } from './errors.ts';
import type { KubeObject } from '../../../kernel/kube/object.ts';
import { listObjects, listOf } from './list.ts';
import { readListOptions } from './list-options.ts';
import { patchObject } from './modify.ts';
import type { Answer, Call } from './request.ts';
import { ok } from './request.ts';
import { readSelection } from './selection.ts';
import { listTable, objectTable, readTableOptions, watchTable } from './table.ts';
import { createObject, updateObject } from './write.ts';
import { watchObjects } from './watch.ts';
import type { Verb } from './kind.ts';

/** Answers a request for a collection or an object, sub-resources aside. Throws StatusError. */
export function handleResource(core: Core, call: Call): Answer {
  const { request, name } = call;
  if (call.kind.deprecated !== undefined) request.warn(call.kind.deprecated);
  if (name === undefined) {
    switch (request.method) {
      case 'GET':
        return collection(core, call);
      case 'POST':
        return create(core, call);
      case 'DELETE':
        return deleteCollection(core, call);
      default:
        throw methodNotAllowed();
    }
  }
  switch (request.method) {
    case 'GET':
      return get(core, call);
    case 'PUT':
      return update(core, call);
    case 'PATCH':
      return patchObject(core, call, 'main');
    case 'DELETE':
      return remove(core, call);
    default:
      throw methodNotAllowed();
  }
}

/** The stored object that the call names. Throws 404. */
export function need(core: Core, { kind, name = '', namespace }: Call): KubeObject {
  const object = core.registry.get(kind, name, namespace);
  if (!object) throw notFound(kind, name);
  return object;
}

export function requireVerb({ kind }: Call, verb: Verb): void {
  if (!kind.verbs.includes(verb)) throw methodNotAllowed();
}

function get(core: Core, call: Call): Answer {
  const { request, name = '' } = call;
  // The old form of a watch on one object.
  if (request.query.get('watch') === 'true' || request.query.get('watch') === '1') {
    const query = new URLSearchParams(request.query);
    query.set('fieldSelector', `metadata.name=${name}`);
    return collection(core, { ...call, name: undefined, request: { ...request, query } });
  }
  requireVerb(call, 'get');
  const object = need(core, call);
  const table = readTableOptions(request);
  return ok(table ? objectTable(core, call.kind, { object, table }) : object);
}

function collection(core: Core, call: Call): Answer {
  const { kind, namespace, request } = call;
  const options = readListOptions(request.query);
  requireVerb(call, options.watch ? 'watch' : 'list');
  const selection = readSelection(kind, request.query);
  const table = readTableOptions(request);
  if (options.watch) {
    const events = watchObjects(core, { kind, namespace, selection, options, signal: request.signal });
    return { kind: 'watch', events: table ? watchTable(core, kind, { events, table }) : events };
  }
  const list = listObjects(core, { kind, namespace, selection, options });
  return ok(table ? listTable(core, kind, { list, table }) : list);
}

function create(core: Core, call: Call): Answer {
  requireVerb(call, 'create');
  const { kind, namespace, request, user } = call;
  if (kind.namespaced && namespace === undefined) throw methodNotAllowed();
  const object = readObject(core, request, kind);
  const dryRun = isDryRun(request, 'CreateOptions');
  const stored = createObject(core, { kind, namespace, object, user, dryRun, warn: (text) => request.warn(text) });
  return withTable(core, call, { object: stored, status: 201 });
}

function update(core: Core, call: Call): Answer {
  requireVerb(call, 'update');
  const { kind, namespace, name = '', request, user } = call;
  const object = readObject(core, request, kind);
  refuseOtherName(call, object);
  const dryRun = isDryRun(request, 'UpdateOptions');
  const warn = (text: string): void => request.warn(text);
  const previous = core.registry.get(kind, name, namespace);
  if (!previous) {
    if (kind.createOnUpdate !== true) throw notFound(kind, name);
    return ok(createObject(core, { kind, namespace, object, user, dryRun, warn }), 201);
  }
  return withTable(core, call, {
    object: updateObject(core, { kind, previous, object, part: 'main', user, dryRun, warn }),
    status: 200,
  });
}

/** The body must be about the object of the URL. Throws 400. */
export function refuseOtherName({ name = '', namespace }: Call, { metadata }: KubeObject): void {
  if ((metadata.name ?? '') === '')
    throw badRequest(`the name of the object (${name} based on URL) was undeterminable: name must be provided`);
  if (metadata.name !== name)
    throw badRequest(`the name of the object (${metadata.name ?? ''}) does not match the name on the URL (${name})`);
  if (namespace !== undefined && (metadata.namespace ?? '') !== '' && metadata.namespace !== namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  }
}

/** An object, in the form of the request's Accept header. */
function withTable(core: Core, call: Call, { object, status }: { object: KubeObject; status: number }): Answer {
  const table = readTableOptions(call.request);
  return ok(table ? objectTable(core, call.kind, { object, table }) : object, status);
}

/** Kinds whose DELETE answers with the object that went (upstream: `ReturnDeletedObject` of their storage). */
const RETURN_DELETED = new Set(['Pod', 'PersistentVolume', 'PersistentVolumeClaim', 'Service', 'ServiceAccount']);

function remove(core: Core, call: Call): Answer {
  requireVerb(call, 'delete');
  const { kind, request, user } = call;
  const options = readDeleteOptions(core, request);
  const { object, gone } = deleteObject(core, {
    kind,
    object: need(core, call),
    options,
    user,
    warn: (text) => request.warn(text),
  });
  if (!gone || RETURN_DELETED.has(kind.kind)) return ok(object);
  return ok(deletedStatus(call, object));
}

/** `Status` Success with what was deleted. */
export function deletedStatus({ kind }: Pick<Call, 'kind'>, { metadata }: KubeObject): object {
  const details = {
    name: metadata.name,
    ...(kind.group === '' ? {} : { group: kind.group }),
    kind: kind.resource,
    uid: metadata.uid,
  };
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details };
}

function deleteCollection(core: Core, call: Call): Answer {
  requireVerb(call, 'deletecollection');
  const { kind, namespace, request, user } = call;
  if (kind.namespaced && namespace === undefined) throw methodNotAllowed();
  const options = readDeleteOptions(core, request);
  const selection = readSelection(kind, request.query);
  const list = listObjects(core, { kind, namespace, selection, options: readListOptions(request.query) });
  const warn = (text: string): void => request.warn(text);
  const deleted = list.items.map((object) => deleteObject(core, { kind, object, options, user, warn }).object);
  return ok(listOf(kind, deleted, list.metadata));
}
