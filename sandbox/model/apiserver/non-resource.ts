/** The paths that are no resources: health, version, the list of paths, keys. Source: apiserver `server/{healthz,routes}`. */
import { notFoundText } from './not-found-text.ts';
import { servedGroups } from './discovery.ts';
import type { Core } from './core.ts';
import type { KindIndex } from './kind-index.ts';
import type { Answer, ServerRequest } from './request.ts';
import { ok } from './request.ts';
import { ISSUER } from './tokens.ts';

const TEXT = 'text/plain; charset=utf-8';

const CHECKS = [
  'ping',
  'log',
  'etcd',
  'poststarthook/start-apiserver-admission-initializer',
  'poststarthook/generic-apiserver-start-informers',
];

/** `/healthz`, `/livez`, `/readyz`, each check under its name. */
export function answerHealth(request: ServerRequest, endpoint: string, check: string | undefined): Answer {
  if (check !== undefined) return CHECKS.includes(check) ? text('ok') : notFoundText();
  if (!request.query.has('verbose')) return text('ok');
  const lines = CHECKS.map((name) => `[+]${name} ok`);
  return text(`${[...lines, `${endpoint} check passed`].join('\n')}\n`);
}

function text(words: string, contentType = TEXT): Answer {
  return { kind: 'text', status: 200, text: words, contentType };
}

/** `/`: every path that answers. */
export function answerRoot(index: KindIndex): Answer {
  const groups = servedGroups(index).flatMap(({ group, versions }) => [
    `/apis/${group}`,
    ...versions.map((version) => `/apis/${group}/${version}`),
  ]);
  const health = ['healthz', 'livez', 'readyz'].flatMap((endpoint) => [
    `/${endpoint}`,
    ...CHECKS.map((check) => `/${endpoint}/${check}`),
  ]);
  const paths = [
    '/.well-known/openid-configuration',
    '/api',
    '/api/v1',
    '/apis',
    ...groups,
    ...health,
    '/metrics',
    '/openapi/v2',
    '/openapi/v3',
    '/openid/v1/jwks',
    '/version',
  ];
  return ok({ paths: paths.sort() });
}

export function answerVersion(core: Core): Answer {
  // Indented whoever asks, as upstream does.
  return text(JSON.stringify(core.version, null, 2), 'application/json');
}

/** A few counters in Prometheus' text form. */
export function answerMetrics(core: Core): Answer {
  const { store } = core.registry;
  const lines = [
    '# HELP apiserver_storage_objects [STABLE] Number of stored objects.',
    '# TYPE apiserver_storage_objects gauge',
    ...core.kinds.all
      .filter((kind) => !kind.storedAs)
      .map(
        (kind) => `apiserver_storage_objects{resource="${kind.resource}"} ${core.registry.range(kind).items.length}`,
      ),
    '# HELP etcd_revision The revision of the store.',
    '# TYPE etcd_revision counter',
    `etcd_revision ${store.revision}`,
  ];
  return text(`${lines.join('\n')}\n`, 'text/plain; version=0.0.4; charset=utf-8');
}

export function answerOpenId(): Answer {
  return ok({
    issuer: ISSUER,
    jwks_uri: `${ISSUER}/openid/v1/jwks`,
    response_types_supported: ['id_token'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['ES256'],
  });
}
