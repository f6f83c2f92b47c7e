/** An API server without components, on a clock that the test moves. */
import { ManualClock } from '../../../kernel/clock.manual.ts';
import type { KubeObject, WatchEvent } from '../../../kernel/kube/object.ts';
import { isRecord } from '../../../kernel/kube/object.ts';
import { seededRandom } from '../../../kernel/random.ts';
import type { ApiRequest, Transport } from '../../client/transport.ts';
import { StatusError } from '../../client/status.ts';
import type { Store } from '../etcd/store.ts';
import { openStore } from '../etcd/store.ts';
import type { UserInfo } from './kind.ts';
import { ApiServer } from './server.ts';

export const ADMIN: UserInfo = { username: 'admin', groups: ['system:authenticated'] };
export const IN_DEFAULT = '/api/v1/namespaces/default';
export const DEPLOYMENTS = '/apis/apps/v1/namespaces/default/deployments';

export class TestServer {
  readonly clock = new ManualClock();
  readonly store: Store = openStore();
  readonly server = new ApiServer({ store: this.store, clock: this.clock, random: seededRandom('test') });
  readonly transport: Transport = this.server.transport(ADMIN);

  /** With the namespace `default` and its service account. */
  static async make(): Promise<TestServer> {
    const made = new TestServer();
    await made.post('/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'default' } });
    await made.post(`${IN_DEFAULT}/serviceaccounts`, {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 'default' },
    });
    return made;
  }

  async ask(request: ApiRequest): Promise<KubeObject> {
    const answer = await this.transport.request(request);
    if (!isRecord(answer)) throw new Error('no object');
    return { apiVersion: '', kind: '', ...answer, metadata: isRecord(answer['metadata']) ? answer['metadata'] : {} };
  }

  get(path: string, query?: Record<string, string>): Promise<KubeObject> {
    return this.ask({ method: 'GET', path, query });
  }

  post(path: string, body: unknown, query?: Record<string, string>): Promise<KubeObject> {
    return this.ask({ method: 'POST', path, body, query });
  }

  put(path: string, body: unknown): Promise<KubeObject> {
    return this.ask({ method: 'PUT', path, body });
  }

  merge(path: string, body: unknown, query?: Record<string, string>): Promise<KubeObject> {
    return this.ask({ method: 'PATCH', path, body, query, contentType: 'application/merge-patch+json' });
  }

  delete(path: string, body?: unknown): Promise<KubeObject> {
    return this.ask({ method: 'DELETE', path, body });
  }

  /** Follows a watch; `seen` grows as events come. */
  async watch(
    path: string,
    query: Record<string, string> = {},
  ): Promise<{ seen: WatchEvent[]; ended: Promise<void>; stop(): void }> {
    const abort = new AbortController();
    const seen: WatchEvent[] = [];
    const events = await this.transport.watch({ method: 'GET', path, query }, abort.signal);
    const ended = (async () => {
      for await (const event of events) seen.push(event);
    })();
    return { seen, ended, stop: () => abort.abort() };
  }
}

/** The refusal that a request meets; fails when it meets none. */
export async function refusal(asked: Promise<unknown>): Promise<StatusError> {
  try {
    await asked;
  } catch (error) {
    if (error instanceof StatusError) return error;
    throw error;
  }
  throw new Error('it was not refused');
}

export function configMap(name: string, more: { data?: Record<string, string>; metadata?: object } = {}): object {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, ...more.metadata },
    ...(more.data ? { data: more.data } : {}),
  };
}

export function pod(name: string, spec: object = {}): object {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name },
    spec: { containers: [{ name: 'c', image: 'nginx' }], ...spec },
  };
}

export function deployment(name: string): object {
  const template = { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'c', image: 'nginx' }] } };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: { selector: { matchLabels: { app: name } }, template },
  };
}
