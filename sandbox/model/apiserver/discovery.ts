/** What the server serves, as clients ask for it: aggregated discovery v2, and the older lists beside it. Shared per process. */
import { createHash } from 'node:crypto';
import { unknownResource } from './errors.ts';
import { notFoundText } from './not-found-text.ts';
import type { KindIndex } from './kind-index.ts';
import { groupVersion } from './kind-index.ts';
import type { Kind } from './kind.ts';
import type { Answer, ServerRequest } from './request.ts';
import { ok } from './request.ts';
import type { ReviewKind } from './reviews.ts';
import { reviewKinds } from './reviews.ts';
import type { Subresource } from './subresource.ts';
import { subresourcesOf } from './subresource.ts';

const AGGREGATED = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

/** Discovery's order of groups; unnamed ones follow. */
const ORDER = [
  'apps',
  'events.k8s.io',
  'authentication.k8s.io',
  'authorization.k8s.io',
  'storage.k8s.io',
  'coordination.k8s.io',
  'discovery.k8s.io',
];

interface Served {
  readonly group: string;
  readonly versions: readonly string[];
}

/** The named groups with their versions, in order. */
export function servedGroups(index: KindIndex): readonly Served[] {
  const groups = new Map<string, Set<string>>();
  for (const { group, version } of [...index.all, ...reviewKinds]) {
    if (group !== '') groups.set(group, (groups.get(group) ?? new Set()).add(version));
  }
  const place = (group: string): number => (ORDER.includes(group) ? ORDER.indexOf(group) : ORDER.length);
  return [...groups]
    .map(([group, versions]) => ({ group, versions: [...versions] }))
    .sort((a, b) => place(a.group) - place(b.group));
}

/** `/api` and `/apis`. */
export function answerRoots(index: KindIndex, request: ServerRequest, root: 'api' | 'apis'): Answer {
  if ((request.header('accept') ?? '').split(',').some(asksForV2)) return aggregated(index, root);
  if (root === 'api') {
    const serverAddressByClientCIDRs = [{ clientCIDR: '0.0.0.0/0', serverAddress: '10.96.0.1:443' }];
    return ok({ kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs });
  }
  return ok({ kind: 'APIGroupList', apiVersion: 'v1', groups: servedGroups(index).map(groupEntry) });
}

function asksForV2(part: string): boolean {
  const parameters = part.split(';').map((parameter) => parameter.trim());
  return parameters.includes('as=APIGroupDiscoveryList') && parameters.includes('v=v2');
}

/** `/apis/<group>`. */
export function answerGroup(index: KindIndex, group: string): Answer {
  const served = servedGroups(index).find((entry) => entry.group === group);
  if (!served) return notFoundText();
  return ok({ kind: 'APIGroup', apiVersion: 'v1', ...groupEntry(served) });
}

function groupEntry({ group, versions }: Served): object {
  const entries = versions.map((version) => ({ groupVersion: `${group}/${version}`, version }));
  return { name: group, versions: entries, preferredVersion: entries[0] };
}

/** `/api/v1` and `/apis/<group>/<version>`: the old list of resources. */
export function answerGroupVersion(index: KindIndex, at: { group: string; version: string }): Answer {
  const kinds = index.of(at);
  const reviews = reviewKinds.filter(({ group, version }) => group === at.group && version === at.version);
  if (kinds.length + reviews.length === 0) {
    if (at.group !== '' && !servedGroups(index).some(({ group }) => group === at.group)) return notFoundText();
    throw unknownResource();
  }
  const resources = [...kinds.flatMap(legacyEntries), ...reviews.map(legacyReview)];
  return ok({
    kind: 'APIResourceList',
    apiVersion: at.group === '' ? undefined : 'v1',
    groupVersion: groupVersion(at),
    resources,
  });
}

function legacyEntries(kind: Kind): object[] {
  const { resource, singular, namespaced, verbs, shortNames, categories } = kind;
  const main = {
    name: resource,
    singularName: singular,
    namespaced,
    kind: kind.kind,
    verbs: [...verbs].sort(),
    shortNames,
    categories,
    storageVersionHash:
      createHash('sha256')
        .update(`${groupVersion(kind)}/${resource}`)
        .digest('base64')
        .slice(0, 11) + '=',
  };
  const inner = subresourcesOf(kind).map(({ name, group, version, kind: bodyKind, verbs: subVerbs }) => ({
    name: `${resource}/${name}`,
    singularName: '',
    namespaced,
    group,
    version,
    kind: bodyKind,
    verbs: subVerbs,
  }));
  return [main, ...inner];
}

function legacyReview({ resource, singular, namespaced, kind }: ReviewKind): object {
  return { name: resource, singularName: singular, namespaced, kind, verbs: ['create'] };
}

const documents = new WeakMap<KindIndex, Map<string, { text: string; etag: string }>>();

function aggregated(index: KindIndex, root: 'api' | 'apis'): Answer {
  const cached = documents.get(index) ?? new Map<string, { text: string; etag: string }>();
  documents.set(index, cached);
  const document = cached.get(root) ?? render(index, root);
  cached.set(root, document);
  return { kind: 'text', status: 200, text: document.text, contentType: AGGREGATED, etag: document.etag };
}

function render(index: KindIndex, root: 'api' | 'apis'): { text: string; etag: string } {
  const groups = root === 'api' ? [{ group: '', versions: ['v1'] }] : servedGroups(index);
  const items = groups.map(({ group, versions }) => ({
    metadata: group === '' ? {} : { name: group },
    versions: versions.map((version) => ({
      version,
      resources: [
        ...index.of({ group, version }).map(resourceEntry),
        ...reviewKinds.filter((review) => review.group === group && review.version === version).map(reviewEntry),
      ],
      freshness: 'Current',
    })),
  }));
  const text = `${JSON.stringify({ kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2', metadata: {}, items })}\n`;
  return { text, etag: createHash('sha512').update(text).digest('hex').toUpperCase() };
}

function resourceEntry(kind: Kind): object {
  const subresources = subresourcesOf(kind).map(subresourceEntry);
  return {
    resource: kind.resource,
    responseKind: { group: '', version: '', kind: kind.kind },
    scope: kind.namespaced ? 'Namespaced' : 'Cluster',
    singularResource: kind.singular,
    verbs: [...kind.verbs].sort(),
    shortNames: kind.shortNames,
    categories: kind.categories,
    ...(subresources.length === 0 ? {} : { subresources }),
  };
}

function subresourceEntry({ name, kind, group = '', version = '', verbs }: Subresource): object {
  return { subresource: name, responseKind: { group, version, kind }, verbs };
}

function reviewEntry({ resource, singular, namespaced, kind }: ReviewKind): object {
  return {
    resource,
    responseKind: { group: '', version: '', kind },
    scope: namespaced ? 'Namespaced' : 'Cluster',
    singularResource: singular,
    verbs: ['create'],
  };
}
