/** Deployment: the rollout of a Pod template over ReplicaSets. */
import type { KubeObject } from '../../../../kernel/kube/object.ts';
import type { Invalid, Kind } from '../kind.ts';
import { atLeast, forbidden, invalid, invalids, notSupported } from '../validation/causes.ts';
import { selectorUnchanged } from '../validation/immutable.ts';
import { percent } from '../validation/names.ts';
import { brokenSelector, selectorCauses, templateCauses } from '../validation/workload.ts';
import { since } from './parts/duration.ts';
import { ALL_VERBS, columns } from './parts/grid.ts';
import { withTemplateDefaults } from './parts/pod-defaults.ts';
import { nameWarnings, podWarnings } from './parts/pod-warnings.ts';
import type { Fields } from './parts/reading.ts';
import { fields, fill, spec, status, text, whole } from './parts/reading.ts';
import { formatLabelSelector } from './parts/selector-text.ts';
import { containerCells } from './parts/workload.ts';

export const deployment: Kind = {
  group: 'apps',
  version: 'v1',
  kind: 'Deployment',
  resource: 'deployments',
  singular: 'deployment',
  shortNames: ['deploy'],
  categories: ['all'],
  namespaced: true,
  verbs: ALL_VERBS,
  schema: 'io.k8s.api.apps.v1.Deployment',
  generation: true,
  generationSeesAnnotations: true,
  status: true,
  scale: { replicas: 'spec.replicas', statusReplicas: 'status.replicas', selector: 'spec.selector' },
  columns: columns('Name', 'Ready', 'Up-to-date', 'Available', 'Age', 'Containers*', 'Images*', 'Selector*'),
  row(object, now) {
    const { readyReplicas, updatedReplicas, availableReplicas } = status(object);
    return [
      object.metadata.name ?? '',
      `${whole(readyReplicas)}/${whole(spec(object)['replicas'])}`,
      whole(updatedReplicas),
      whole(availableReplicas),
      since(object.metadata.creationTimestamp, now),
      ...containerCells(object),
      formatLabelSelector(spec(object)['selector']),
    ];
  },
  defaults(object) {
    const filled = withTemplateDefaults(object);
    const defaults = { replicas: 1, revisionHistoryLimit: 10, progressDeadlineSeconds: 600 };
    return {
      ...filled,
      spec: { ...fill(spec(filled), defaults), strategy: withStrategyDefaults(fields(spec(filled)['strategy'])) },
    };
  },
  onCreate(object, { warn }) {
    for (const words of nameWarnings(object.metadata.name ?? '', 'Pod names and hostnames')) warn(words);
    for (const words of podWarnings('spec.template.spec', fields(fields(spec(object)['template'])['spec'])))
      warn(words);
    return { ...object, status: {} };
  },
  validate,
  validateUpdate: selectorUnchanged,
};

/** Source: kubernetes `ValidateDeploymentSpec` (pkg/apis/apps/validation). */
function validate(object: KubeObject): readonly Invalid[] {
  const given = spec(object);
  const { replicas, minReadySeconds, revisionHistoryLimit, progressDeadlineSeconds } = given;
  const broken = brokenSelector(given);
  const causes = [
    ...atLeast('spec.replicas', replicas),
    ...selectorCauses(given),
    ...(broken.length > 0 ? broken : templateCauses(given)),
    ...strategyCauses(fields(given['strategy'])),
    ...atLeast('spec.minReadySeconds', minReadySeconds),
    ...atLeast('spec.revisionHistoryLimit', revisionHistoryLimit),
    ...atLeast('spec.progressDeadlineSeconds', progressDeadlineSeconds),
  ];
  if (whole(progressDeadlineSeconds) > Math.max(whole(minReadySeconds), 0)) return causes;
  return [
    ...causes,
    invalid('spec.progressDeadlineSeconds', progressDeadlineSeconds, 'must be greater than minReadySeconds'),
  ];
}

function strategyCauses(strategy: Fields): readonly Invalid[] {
  const { type, rollingUpdate } = strategy;
  if (type === 'Recreate') {
    return rollingUpdate === undefined
      ? []
      : [forbidden('spec.strategy.rollingUpdate', "may not be specified when strategy `type` is 'Recreate'")];
  }
  if (type === 'RollingUpdate') return rollingUpdateCauses('spec.strategy.rollingUpdate', fields(rollingUpdate));
  return [
    notSupported('spec.strategy', { Type: type, RollingUpdate: rollingUpdate ?? null }, ['Recreate', 'RollingUpdate']),
  ];
}

/** Source: kubernetes `ValidateRollingUpdateDeployment`. */
function rollingUpdateCauses(field: string, { maxUnavailable, maxSurge }: Fields): readonly Invalid[] {
  const causes = [
    ...intOrPercent(`${field}.maxUnavailable`, maxUnavailable),
    ...intOrPercent(`${field}.maxSurge`, maxSurge),
  ];
  if (isZero(maxUnavailable) && isZero(maxSurge))
    causes.push(invalid(`${field}.maxUnavailable`, maxUnavailable, 'may not be 0 when `maxSurge` is 0'));
  if (
    typeof maxUnavailable === 'string' &&
    percent(maxUnavailable).length === 0 &&
    parseInt(maxUnavailable, 10) > 100
  ) {
    causes.push(invalid(`${field}.maxUnavailable`, maxUnavailable, 'must not be greater than 100%'));
  }
  return causes;
}

function intOrPercent(field: string, value: unknown): readonly Invalid[] {
  return typeof value === 'string' ? invalids(field, value, percent(value)) : atLeast(field, value);
}

function isZero(value: unknown): boolean {
  return value === 0 || (typeof value === 'string' && percent(value).length === 0 && parseInt(value, 10) === 0);
}

/** Source: kubernetes `SetDefaults_Deployment`. */
function withStrategyDefaults(strategy: Fields): Fields {
  const type = text(strategy['type']) || 'RollingUpdate';
  if (type !== 'RollingUpdate') return strategy;
  return {
    ...strategy,
    type,
    rollingUpdate: fill(fields(strategy['rollingUpdate']), { maxSurge: '25%', maxUnavailable: '25%' }),
  };
}
