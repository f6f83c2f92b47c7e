/** Which path serves which kind, as the API server itself says it (legacy discovery). Knows nothing of any kind. */
import { CouldNotTell } from '../../kernel/errors.ts';
import { isRecord } from '../../kernel/kube/object.ts';
import { isNotFound } from './status.ts';
import type { Transport } from './transport.ts';

export interface ServedKind {
  readonly apiVersion: string;
  readonly kind: string;
  /** The plural, as in the path. */
  readonly resource: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
}

/** Caches what is served per `group/version`; asks again when a kind is unknown, for a CRD may have come since. */
export class Discovery {
  readonly #transport: Transport;
  readonly #versions = new Map<string, Promise<readonly ServedKind[]>>();

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Undefined when the server does not serve the kind. */
  async find(apiVersion: string, kind: string): Promise<ServedKind | undefined> {
    const cached = this.#versions.get(apiVersion);
    const known = cached && (await cached).find((served) => served.kind === kind);
    if (known) return known;
    return (await this.#load(apiVersion)).find((served) => served.kind === kind);
  }

  /** Throws CouldNotTell when the server does not serve the kind. */
  async need(apiVersion: string, kind: string): Promise<ServedKind> {
    const served = await this.find(apiVersion, kind);
    if (served) return served;
    throw new CouldNotTell('kind-not-served', `This cluster does not serve the kind ${kind} in ${apiVersion}.`, {
      remedy: 'Run `kubectl api-resources` to see what it serves.',
    });
  }

  /** Every kind of every preferred version, sub-resources left out. */
  async all(): Promise<readonly ServedKind[]> {
    const groups = await this.#transport.request({ method: 'GET', path: '/apis' });
    const versions = recordsIn(groups, 'groups').map((group) =>
      isRecord(group['preferredVersion']) ? String(group['preferredVersion']['groupVersion']) : '',
    );
    const lists = await Promise.all(['v1', ...versions.filter((v) => v !== '')].map((v) => this.#load(v)));
    return lists.flat();
  }

  #load(apiVersion: string): Promise<readonly ServedKind[]> {
    const loading = this.#request(apiVersion);
    this.#versions.set(apiVersion, loading);
    loading.catch(() => this.#versions.delete(apiVersion));
    return loading;
  }

  async #request(apiVersion: string): Promise<readonly ServedKind[]> {
    const path = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    try {
      const list = await this.#transport.request({ method: 'GET', path });
      return recordsIn(list, 'resources')
        .filter((entry) => !String(entry['name']).includes('/'))
        .map((entry) => ({
          apiVersion,
          kind: String(entry['kind']),
          resource: String(entry['name']),
          namespaced: entry['namespaced'] === true,
          verbs: Array.isArray(entry['verbs']) ? entry['verbs'].map(String) : [],
        }));
    } catch (error) {
      if (isNotFound(error)) return [];
      throw error;
    }
  }
}

/** The path of a kind's collection, or of one object with `name`, or of its sub-resource. */
export function pathOf(
  served: Pick<ServedKind, 'apiVersion' | 'resource' | 'namespaced'>,
  at: { namespace?: string; name?: string; subresource?: string } = {},
): string {
  const root = served.apiVersion.includes('/') ? `/apis/${served.apiVersion}` : `/api/${served.apiVersion}`;
  const scope =
    served.namespaced && at.namespace !== undefined ? `/namespaces/${encodeURIComponent(at.namespace)}` : '';
  const object = at.name === undefined ? '' : `/${encodeURIComponent(at.name)}`;
  return `${root}${scope}/${served.resource}${object}${at.subresource === undefined ? '' : `/${at.subresource}`}`;
}

function recordsIn(value: unknown, field: string): readonly Record<string, unknown>[] {
  const list = isRecord(value) ? value[field] : undefined;
  return Array.isArray(list) ? list.filter(isRecord) : [];
}
