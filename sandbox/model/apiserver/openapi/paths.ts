/** The paths and operations of one kind, as far as kubectl reads them: verbs, parameters, group-version-kind. */
import type { Kind } from '../kind.ts';

type Json = Record<string, unknown>;

const MEDIA = ['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf'];
const PATCH_MEDIA = [
  'application/apply-patch+yaml',
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
];
const SCALE = { type: 'io.k8s.api.autoscaling.v1.Scale', group: 'autoscaling', version: 'v1', kind: 'Scale' };

interface Subject {
  readonly kind: Kind;
  /** `read`, `replaceNamespacedDeploymentScale` …: what stands behind the verb in an operation id. */
  readonly noun: string;
  readonly type: string;
  readonly gvk: { group: string; version: string; kind: string };
}

/** `root` is `/api/v1` or `/apis/apps/v1`. */
export function pathsOf(root: string, kind: Kind): Record<string, Json> {
  const scope = kind.namespaced ? '/namespaces/{namespace}' : '';
  const collection = `${root}${scope}/${kind.resource}`;
  const item = `${collection}/{name}`;
  const noun = `${kind.namespaced ? 'Namespaced' : ''}${kind.kind}`;
  const main: Subject = {
    kind,
    noun,
    type: kind.schema,
    gvk: { group: kind.group, version: kind.version, kind: kind.kind },
  };
  const list = { ...main, type: `${kind.schema}List` };
  const all = { ...list, noun: `${kind.kind}ForAllNamespaces` };
  const scopeParameters = kind.namespaced ? [pathParameter('namespace')] : [];
  const named = [pathParameter('name'), ...scopeParameters];
  const paths: Record<string, Json> = {
    [collection]: {
      ...operationIf(list, 'list', 'get'),
      ...operationIf(main, 'create', 'post'),
      ...operationIf(main, 'deletecollection', 'delete'),
      parameters: scopeParameters,
    },
    [item]: {
      ...operationIf(main, 'get', 'get'),
      ...operationIf(main, 'update', 'put'),
      ...operationIf(main, 'patch', 'patch'),
      ...operationIf(main, 'delete', 'delete'),
      parameters: named,
    },
  };
  if (kind.namespaced) paths[`${root}/${kind.resource}`] = { ...operationIf(all, 'list', 'get'), parameters: [] };
  if (kind.status) paths[`${item}/status`] = subresource({ ...main, noun: `${noun}Status` }, named);
  if (kind.scale) {
    const { type, ...gvk } = SCALE;
    paths[`${item}/scale`] = subresource({ kind, noun: `${noun}Scale`, type, gvk }, named);
  }
  return paths;
}

function subresource(subject: Subject, parameters: readonly Json[]): Json {
  return {
    get: operation(subject, 'get'),
    put: operation(subject, 'update'),
    patch: operation(subject, 'patch'),
    parameters,
  };
}

const WORDS = {
  list: 'list',
  create: 'create',
  deletecollection: 'deleteCollection',
  get: 'read',
  update: 'replace',
  patch: 'patch',
  delete: 'delete',
};
const ACTIONS = {
  list: 'list',
  create: 'post',
  deletecollection: 'deletecollection',
  get: 'get',
  update: 'put',
  patch: 'patch',
  delete: 'delete',
};
type PathVerb = keyof typeof WORDS;

function operationIf(subject: Subject, verb: PathVerb, method: string): Json {
  return subject.kind.verbs.includes(verb) ? { [method]: operation(subject, verb) } : {};
}

function operation({ kind, noun, type, gvk }: Subject, verb: PathVerb): Json {
  const group = (kind.group === '' ? 'core' : kind.group.split('.')[0]) ?? '';
  const writes = verb === 'create' || verb === 'update' || verb === 'patch';
  const answers =
    verb === 'delete' || verb === 'deletecollection' ? 'io.k8s.apimachinery.pkg.apis.meta.v1.Status' : type;
  return {
    tags: [`${group}_${kind.version}`],
    operationId: `${WORDS[verb]}${capital(group)}${capital(kind.version)}${noun}`,
    parameters: writes
      ? ['dryRun', 'fieldManager', 'fieldValidation', ...(verb === 'patch' ? ['force'] : [])].map(queryParameter)
      : [],
    ...(writes ? { requestBody: { content: bodies(verb, type), required: true } } : {}),
    responses: {
      '200': { description: 'OK', content: contents(MEDIA, answers) },
      '401': { description: 'Unauthorized' },
    },
    'x-kubernetes-action': ACTIONS[verb],
    'x-kubernetes-group-version-kind': gvk,
  };
}

function bodies(verb: PathVerb, type: string): Json {
  return verb === 'patch'
    ? contents(PATCH_MEDIA, 'io.k8s.apimachinery.pkg.apis.meta.v1.Patch')
    : contents(['*/*'], type);
}

function contents(media: readonly string[], type: string): Json {
  return Object.fromEntries(media.map((name) => [name, { schema: { $ref: `#/components/schemas/${type}` } }]));
}

function pathParameter(name: string): Json {
  return { name, in: 'path', required: true, schema: { type: 'string', uniqueItems: true } };
}

function queryParameter(name: string): Json {
  return { name, in: 'query', schema: { type: name === 'force' ? 'boolean' : 'string', uniqueItems: true } };
}

function capital(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}
