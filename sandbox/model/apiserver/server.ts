/**
 * The API server: one pipeline for all callers, whether they come over TLS or are components in this process. It routes,
 * authorises, and lets the handlers answer; it knows no kind itself.
 *
 * R-API-1  Who is not known may see health and version only (kubeadm's default ClusterRole `system:public-info-viewer`).
 * R-API-2  A path outside `/api` and the known groups is Go's plain 404, one inside is a Status.
 */
import type { Clock } from '../../../kernel/clock.ts';
import type { Random } from '../../../kernel/random.ts';
import { RevisionConflict, type Store } from '../etcd/store.ts';
import { StatusError } from '../../client/status.ts';
import type { Transport } from '../../client/transport.ts';
import type { KubeletApi } from '../kubelet/kubelet-api.ts';
import { admissionChain } from './admission/index.ts';
import { refuseAnonymous } from './anonymous.ts';
import { bindFromBody } from './binding.ts';
import type { Core } from './core.ts';
import { answerGroup, answerGroupVersion, answerRoots } from './discovery.ts';
import { internalError, methodNotAllowed, unknownResource } from './errors.ts';
import { inProcess } from './in-process.ts';
import { KindIndex } from './kind-index.ts';
import type { UserInfo } from './kind.ts';
import { kinds } from './kinds/index.ts';
import { answerHealth, answerMetrics, answerOpenId, answerRoot, answerVersion } from './non-resource.ts';
import { notFoundText } from './not-found-text.ts';
import { answerOpenApi, answerOpenApiIndex, answerOpenApiV2 } from './openapi-route.ts';
import { lookupOf, Registry } from './registry.ts';
import type { Answer, ServerRequest } from './request.ts';
import { ok } from './request.ts';
import { handleResource } from './resource.ts';
import { answerReview, reviewKinds } from './reviews.ts';
import type { ResourceRoute, Route } from './route.ts';
import { routeOf } from './route.ts';
import { schema } from './schema/index.ts';
import { handleSubresource } from './subresource.ts';
import { TokenIssuer } from './tokens.ts';
import { version } from './version.ts';
import { messageOf } from '../../../kernel/errors.ts';

export interface ApiServerOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  /** The kubelet of a node; undefined when it is not running. */
  readonly kubelet?: (node: string) => KubeletApi | undefined;
  /** PEM of the key that signs service-account tokens; a new one when absent. */
  readonly tokenKey?: string;
}

// One grid serves all clusters of the process.
const index = new KindIndex(kinds);

export class ApiServer {
  readonly core: Core;

  constructor({ store, clock, random, kubelet = () => undefined, tokenKey }: ApiServerOptions) {
    this.core = {
      registry: new Registry(store),
      lookup: lookupOf(store),
      kinds: index,
      schema,
      admission: admissionChain,
      clock,
      random,
      version,
      tokens: new TokenIssuer(clock, tokenKey),
      kubelet,
    };
  }

  /** Answers one request. Rejects with StatusError only: what else goes wrong is told as a 500. */
  async handle(request: ServerRequest, user: UserInfo): Promise<Answer> {
    try {
      const route = routeOf(request.path);
      refuseAnonymous(route, { request, user });
      return await this.#answer(route, request, user);
    } catch (error) {
      if (error instanceof StatusError) throw error;
      if (error instanceof RevisionConflict) throw new StatusError(409, 'Conflict', error.message);
      throw internalError(messageOf(error));
    }
  }

  /** A client within this process: the same pipeline without TLS, JSON or copies. */
  transport(user: UserInfo): Transport {
    return inProcess(this, user);
  }

  #answer(route: Route, request: ServerRequest, user: UserInfo): Answer | Promise<Answer> {
    const { core } = this;
    if (route.kind === 'resource') return answerResource(core, route, { request, user });
    if (route.kind === 'unknown') return notFoundText();
    if (request.method !== 'GET' && request.method !== 'HEAD') throw methodNotAllowed();
    switch (route.kind) {
      case 'root':
        return answerRoot(core.kinds);
      case 'version':
        return answerVersion(core);
      case 'health':
        return answerHealth(request, route.endpoint, route.check);
      case 'metrics':
        return answerMetrics(core);
      case 'api':
      case 'apis':
        return answerRoots(core.kinds, request, route.kind);
      case 'group':
        return answerGroup(core.kinds, route.group);
      case 'group-version':
        return answerGroupVersion(core.kinds, route);
      case 'openapi-index':
        return answerOpenApiIndex(core.kinds);
      case 'openapi-v2':
        return answerOpenApiV2(core.kinds, request);
      case 'openapi':
        return answerOpenApi(core.kinds, route.groupVersion);
      case 'openid-configuration':
        return answerOpenId();
      case 'jwks':
        return core.tokens.jwks().then((keys) => ok(keys));
    }
  }
}

interface Asker {
  readonly request: ServerRequest;
  readonly user: UserInfo;
}

function answerResource(core: Core, route: ResourceRoute, { request, user }: Asker): Answer | Promise<Answer> {
  const { group, version: v, resource, namespace, name, subresource } = route;
  const review = reviewKinds.find(
    (entry) => entry.group === group && entry.version === v && entry.resource === resource,
  );
  if (review) {
    if (request.method !== 'POST' || name !== undefined) throw methodNotAllowed();
    return answerReview(core, review, { request, user });
  }
  if (group === '' && v === 'v1' && resource === 'bindings' && name === undefined) {
    const pods = core.kinds.named('pods');
    if (!pods) throw unknownResource();
    return bindFromBody(core, { request, user, kind: pods, namespace, name, subresource });
  }
  const kind = core.kinds.find(group, v, resource);
  if (!kind) {
    if (!core.kinds.serves(group, v)) return notFoundText();
    throw unknownResource();
  }
  if (kind.namespaced ? namespace === undefined && name !== undefined : namespace !== undefined)
    throw unknownResource();
  if (kind.deprecated !== undefined) request.warn(kind.deprecated);
  const call = { request: route.watch ? asWatch(request) : request, user, kind, namespace, name, subresource };
  return subresource === undefined ? handleResource(core, call) : handleSubresource(core, call);
}

function asWatch(request: ServerRequest): ServerRequest {
  const query = new URLSearchParams(request.query);
  query.set('watch', 'true');
  return { ...request, query };
}
