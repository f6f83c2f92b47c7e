/** Namespace: a room for names. It leaves through the finalizer `kubernetes`, which the namespace controller removes. */
import type { KubeObject } from '../../../../kernel/kube/object.ts';
import type { Kind } from '../kind.ts';
import { namespaceCauses } from '../validation/cluster.ts';
import { since } from './parts/duration.ts';
import { ALL_VERBS, columns } from './parts/grid.ts';
import { spec, status, text, texts } from './parts/reading.ts';

const NAME_LABEL = 'kubernetes.io/metadata.name';

export const namespace: Kind = {
  group: '',
  version: 'v1',
  kind: 'Namespace',
  resource: 'namespaces',
  singular: 'namespace',
  shortNames: ['ns'],
  namespaced: false,
  verbs: ALL_VERBS.filter((verb) => verb !== 'deletecollection'),
  schema: 'io.k8s.api.core.v1.Namespace',
  generation: false,
  status: true,
  nameRule: 'label',
  fieldLabels: { 'status.phase': 'status.phase' },
  columns: columns('Name', 'Status', 'Age'),
  row: (object, now) => [
    object.metadata.name ?? '',
    text(status(object)['phase']),
    since(object.metadata.creationTimestamp, now),
  ],
  defaults: withNameLabel,
  onCreate: (object) => withNameLabel({ ...object, spec: withFinalizer(object), status: { phase: 'Active' } }),
  onUpdate: (next, previous) => ({ ...next, spec: spec(previous), status: status(previous) }),
  validate: namespaceCauses,
};

/** Upstream labels a namespace with its own name; a generated name gets its label on create. */
function withNameLabel(object: KubeObject): KubeObject {
  const { name, labels } = object.metadata;
  if (!name || labels?.[NAME_LABEL] === name) return object;
  return { ...object, metadata: { ...object.metadata, labels: { ...labels, [NAME_LABEL]: name } } };
}

function withFinalizer(object: KubeObject): Record<string, unknown> {
  const finalizers = texts(spec(object)['finalizers']);
  return {
    ...spec(object),
    finalizers: finalizers.includes('kubernetes') ? finalizers : [...finalizers, 'kubernetes'],
  };
}
