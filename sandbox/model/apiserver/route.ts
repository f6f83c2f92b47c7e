/** What a path means. Knows paths only: not whether anything stands there. */

export type Route =
  | {
      readonly kind:
        | 'root'
        | 'version'
        | 'api'
        | 'apis'
        | 'metrics'
        | 'openapi-index'
        | 'openapi-v2'
        | 'openid-configuration'
        | 'jwks';
    }
  | { readonly kind: 'health'; readonly endpoint: string; readonly check: string | undefined }
  | { readonly kind: 'openapi'; readonly groupVersion: string }
  | { readonly kind: 'group'; readonly group: string }
  | { readonly kind: 'group-version'; readonly group: string; readonly version: string }
  | ResourceRoute
  | { readonly kind: 'unknown' };

export interface ResourceRoute {
  readonly kind: 'resource';
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  readonly subresource: string | undefined;
  /** The old `/watch/` form of a path. */
  readonly watch: boolean;
}

const FIXED: Readonly<Record<string, Route>> = {
  '/': { kind: 'root' },
  '/version': { kind: 'version' },
  '/api': { kind: 'api' },
  '/apis': { kind: 'apis' },
  '/metrics': { kind: 'metrics' },
  '/openapi/v2': { kind: 'openapi-v2' },
  '/openapi/v3': { kind: 'openapi-index' },
  '/.well-known/openid-configuration': { kind: 'openid-configuration' },
  '/openid/v1/jwks': { kind: 'jwks' },
};

export function routeOf(path: string): Route {
  const clean = path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
  const fixed = Object.hasOwn(FIXED, clean) ? FIXED[clean] : undefined;
  if (fixed) return fixed;
  const parts = decode(clean);
  if (!parts) return { kind: 'unknown' };
  const [first = '', ...rest] = parts;
  switch (first) {
    case 'healthz':
    case 'livez':
    case 'readyz':
      return rest.length > 1 ? { kind: 'unknown' } : { kind: 'health', endpoint: first, check: rest[0] };
    case 'openapi':
      return rest[0] === 'v3' && rest.length > 1
        ? { kind: 'openapi', groupVersion: rest.slice(1).join('/') }
        : { kind: 'unknown' };
    case 'api':
      return versioned('', rest);
    case 'apis': {
      const [group = '', ...tail] = rest;
      return tail.length === 0 ? { kind: 'group', group } : versioned(group, tail);
    }
    default:
      return { kind: 'unknown' };
  }
}

function decode(path: string): string[] | undefined {
  try {
    return path.slice(1).split('/').map(decodeURIComponent);
  } catch {
    return undefined;
  }
}

function versioned(group: string, [version = '', ...rest]: readonly string[]): Route {
  if (rest.length === 0) return { kind: 'group-version', group, version };
  const watch = rest[0] === 'watch';
  const parts = watch ? rest.slice(1) : rest;
  const base = { kind: 'resource', group, version, watch } as const;
  const [first = '', second, third, ...tail] = parts;
  if (first !== 'namespaces' || third === undefined) {
    if (first === '' || parts.length > 3) return { kind: 'unknown' };
    return { ...base, resource: first, namespace: undefined, name: second, subresource: third };
  }
  // The sub-resources of a Namespace stand where a namespace's resources stand.
  if (tail.length === 0 && (third === 'status' || third === 'finalize') && group === '') {
    return { ...base, resource: 'namespaces', namespace: undefined, name: second, subresource: third };
  }
  if (tail.length > 2) return { kind: 'unknown' };
  return { ...base, resource: third, namespace: second, name: tail[0], subresource: tail[1] };
}
