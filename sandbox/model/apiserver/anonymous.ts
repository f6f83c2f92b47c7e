/** What callers without credentials may see. */
import { StatusError } from '../../client/status.ts';
import type { UserInfo } from './kind.ts';
import type { ServerRequest } from './request.ts';
import type { Route } from './route.ts';

export const ANONYMOUS: UserInfo = { username: 'system:anonymous', groups: ['system:unauthenticated'] };

const VERBS: Readonly<Record<string, string>> = {
  GET: 'get',
  POST: 'create',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
  HEAD: 'get',
};

/** Throws 403, in RBAC's words, unless the caller is known or the path is public. */
export function refuseAnonymous(route: Route, { request, user }: { request: ServerRequest; user: UserInfo }): void {
  if (user.groups.includes('system:authenticated')) return;
  if (route.kind === 'health' || route.kind === 'version') return;
  const who = `User ${JSON.stringify(user.username)} cannot`;
  const plain = VERBS[request.method] ?? request.method.toLowerCase();
  if (route.kind !== 'resource')
    throw new StatusError(403, 'Forbidden', `forbidden: ${who} ${plain} path ${JSON.stringify(request.path)}`);
  const { group, resource, subresource, name, namespace } = route;
  const verb = resourceVerb(plain, {
    one: name !== undefined,
    watch: route.watch || request.query.get('watch') === 'true',
  });
  const named = group === '' ? resource : `${resource}.${group}`;
  const subject = name === undefined ? named : `${named} ${JSON.stringify(name)}`;
  const asked = subresource === undefined ? resource : `${resource}/${subresource}`;
  const where = namespace === undefined ? 'at the cluster scope' : `in the namespace ${JSON.stringify(namespace)}`;
  throw new StatusError(
    403,
    'Forbidden',
    `${subject} is forbidden: ${who} ${verb} resource ${JSON.stringify(asked)} in API group ${JSON.stringify(group)} ${where}`,
    { ...(name === undefined ? {} : { name }), ...(group === '' ? {} : { group }), kind: resource },
  );
}

function resourceVerb(plain: string, { one, watch }: { one: boolean; watch: boolean }): string {
  if (plain === 'get' && watch) return 'watch';
  if (plain === 'get' && !one) return 'list';
  if (plain === 'delete' && !one) return 'deletecollection';
  return plain;
}
