/** The API server's refusals, in upstream's words. Source: apimachinery `pkg/api/errors/errors.go`. */
import type { StatusCause } from '../../client/status.ts';
import { StatusError } from '../../client/status.ts';
import type { Kind } from './kind.ts';

type Named = Pick<Kind, 'group' | 'resource'>;

/** `deployments.apps`, or `pods` in the core group. */
export function resourceName({ group, resource }: Named): string {
  return group === '' ? resource : `${resource}.${group}`;
}

function details(kind: Named, name: string): { name: string; group?: string; kind: string } {
  return { name, ...(kind.group === '' ? {} : { group: kind.group }), kind: kind.resource };
}

export function notFound(kind: Named, name: string): StatusError {
  return new StatusError(
    404,
    'NotFound',
    `${resourceName(kind)} ${JSON.stringify(name)} not found`,
    details(kind, name),
  );
}

/** No such path. */
export function unknownResource(): StatusError {
  return new StatusError(404, 'NotFound', 'the server could not find the requested resource', {});
}

export function alreadyExists(kind: Named, name: string): StatusError {
  return new StatusError(
    409,
    'AlreadyExists',
    `${resourceName(kind)} ${JSON.stringify(name)} already exists`,
    details(kind, name),
  );
}

export const MODIFIED = 'the object has been modified; please apply your changes to the latest version and try again';

export function conflict(kind: Named, name: string, why = MODIFIED): StatusError {
  const message = `Operation cannot be fulfilled on ${resourceName(kind)} ${JSON.stringify(name)}: ${why}`;
  return new StatusError(409, 'Conflict', message, details(kind, name));
}

export function forbidden(kind: Named, name: string, why: string): StatusError {
  const subject = name === '' ? resourceName(kind) : `${resourceName(kind)} ${JSON.stringify(name)}`;
  return new StatusError(403, 'Forbidden', `${subject} is forbidden: ${why}`, details(kind, name));
}

/** 422 with all causes; the kind is written `Deployment.apps`. */
export function invalid(kind: Pick<Kind, 'group' | 'kind'>, name: string, causes: readonly StatusCause[]): StatusError {
  const type = kind.group === '' ? kind.kind : `${kind.kind}.${kind.group}`;
  const texts = [...new Set(causes.map(({ field, message }) => `${field ?? ''}: ${message ?? ''}`))];
  const list = texts.length === 1 ? texts[0] : `[${texts.join(', ')}]`;
  return new StatusError(422, 'Invalid', `${type} ${JSON.stringify(name)} is invalid: ${list}`, {
    ...(name === '' ? {} : { name }),
    ...(kind.group === '' ? {} : { group: kind.group }),
    ...(kind.kind === '' ? {} : { kind: kind.kind }),
    causes,
  });
}

/** 422 about the options of a request, such as `DeleteOptions`. */
export function invalidOptions(kind: string, cause: StatusCause): StatusError {
  return invalid({ group: 'meta.k8s.io', kind }, '', [cause]);
}

export function badRequest(message: string): StatusError {
  return new StatusError(400, 'BadRequest', message);
}

export function methodNotAllowed(): StatusError {
  return new StatusError(
    405,
    'MethodNotAllowed',
    'the server does not allow this method on the requested resource',
    {},
  );
}

export function unsupportedMediaType(accepted: readonly string[]): StatusError {
  const message = `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`;
  return new StatusError(415, 'UnsupportedMediaType', message);
}

export function unauthorized(): StatusError {
  return new StatusError(401, 'Unauthorized', 'Unauthorized');
}

export function internalError(message: string): StatusError {
  return new StatusError(500, 'InternalError', `Internal error occurred: ${message}`, { causes: [{ message }] });
}

/** The history no longer reaches back so far. */
export function expired(message: string): StatusError {
  return new StatusError(410, 'Expired', message);
}

/** A version that the store has not reached yet. */
export function tooLarge(asked: string, current: number): StatusError {
  return new StatusError(504, 'Timeout', `Timeout: Too large resource version: ${asked}, current: ${current}`, {
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
    retryAfterSeconds: 1,
  });
}

/** A request body of more than `limit` bytes. */
export function tooLargeBody(limit: number): StatusError {
  return new StatusError(413, 'RequestEntityTooLarge', `Request entity too large: limit is ${limit}`);
}

/** How admission names a new object: one that asked for a made-up name does not have it yet. */
export function admissionName({ name = '', generateName = '' }: { name?: string; generateName?: string }): string {
  return generateName !== '' && name.startsWith(generateName) ? generateName : name;
}
