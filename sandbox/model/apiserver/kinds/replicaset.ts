/** ReplicaSet: as many Pods of one template as asked for. */
import type { KubeObject } from '../../../../kernel/kube/object.ts';
import type { Invalid, Kind } from '../kind.ts';
import { atLeast } from '../validation/causes.ts';
import { selectorUnchanged } from '../validation/immutable.ts';
import { brokenSelector, selectorCauses, templateCauses } from '../validation/workload.ts';
import { since } from './parts/duration.ts';
import { ALL_VERBS, columns, counts } from './parts/grid.ts';
import { withTemplateDefaults } from './parts/pod-defaults.ts';
import { fill, spec, status, whole } from './parts/reading.ts';
import { formatLabelSelector } from './parts/selector-text.ts';
import { containerCells } from './parts/workload.ts';

export const replicaSet: Kind = {
  group: 'apps',
  version: 'v1',
  kind: 'ReplicaSet',
  resource: 'replicasets',
  singular: 'replicaset',
  shortNames: ['rs'],
  categories: ['all'],
  namespaced: true,
  verbs: ALL_VERBS,
  schema: 'io.k8s.api.apps.v1.ReplicaSet',
  generation: true,
  status: true,
  scale: { replicas: 'spec.replicas', statusReplicas: 'status.replicas', selector: 'spec.selector' },
  fieldLabels: { 'status.replicas': 'status.replicas' },
  columns: [
    ...columns('Name'),
    ...counts('Desired', 'Current', 'Ready'),
    ...columns('Age', 'Containers*', 'Images*', 'Selector*'),
  ],
  row: (object, now) => [
    object.metadata.name ?? '',
    whole(spec(object)['replicas']),
    whole(status(object)['replicas']),
    whole(status(object)['readyReplicas']),
    since(object.metadata.creationTimestamp, now),
    ...containerCells(object),
    formatLabelSelector(spec(object)['selector']),
  ],
  defaults(object) {
    const filled = withTemplateDefaults(object);
    return { ...filled, spec: fill(spec(filled), { replicas: 1 }) };
  },
  onCreate: (object) => ({ ...object, status: { replicas: 0 } }),
  validate,
  validateUpdate: selectorUnchanged,
};

/** Source: kubernetes `ValidateReplicaSetSpec` (pkg/apis/apps/validation). */
function validate(object: KubeObject): readonly Invalid[] {
  const given = spec(object);
  const broken = brokenSelector(given);
  return [
    ...atLeast('spec.replicas', given['replicas']),
    ...atLeast('spec.minReadySeconds', given['minReadySeconds']),
    ...selectorCauses(given),
    ...(broken.length > 0 ? broken : templateCauses(given)),
  ];
}
