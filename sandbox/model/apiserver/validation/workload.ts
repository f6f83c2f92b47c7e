/** What Deployments and ReplicaSets share: a selector, and a template it must select. Source: kubernetes `ValidatePodTemplateSpecForReplicaSet`. */
import type { LabelSelector } from '../../../../kernel/kube/selector.ts';
import { fromLabelSelector } from '../../../../kernel/kube/selector.ts';
import type { Invalid } from '../kind.ts';
import type { Fields } from '../kinds/parts/reading.ts';
import { fields, items, text, textMap, texts } from '../kinds/parts/reading.ts';
import { forbidden, invalid, oneOf, required } from './causes.ts';
import { podSpecCauses } from './pod-spec.ts';
import { annotations, labels, labelSelector } from './selectors.ts';

/** `spec.selector`. */
export function selectorCauses(workloadSpec: Fields): readonly Invalid[] {
  const { selector } = workloadSpec;
  if (selector === undefined) return [required('spec.selector')];
  const causes = labelSelector('spec.selector', selector);
  if (isEmpty(fields(selector)))
    return [...causes, invalid('spec.selector', {}, 'empty selector is invalid for deployment')];
  return causes;
}

/** Says so when the selector cannot be used at all; then nothing is known of the template. */
export function brokenSelector(workloadSpec: Fields): readonly Invalid[] {
  const { selector } = workloadSpec;
  if (selector === undefined || labelSelector('spec.selector', selector).length === 0) return [];
  return [invalid('spec.selector', selector, 'invalid label selector')];
}

/** `spec.template`; asks only for templates of Pods that never end. */
export function templateCauses(workloadSpec: Fields): readonly Invalid[] {
  const template = fields(workloadSpec['template']);
  const metadata = fields(template['metadata']);
  const podSpec = fields(template['spec']);
  const causes: Invalid[] = [];
  if (!isEmpty(fields(workloadSpec['selector'])) || workloadSpec['selector'] === undefined) {
    const selector = fromLabelSelector(asSelector(workloadSpec['selector']));
    if (!selector.matches(textMap(metadata['labels']))) {
      causes.push(
        invalid('spec.template.metadata.labels', metadata['labels'], '`selector` does not match template `labels`'),
      );
    }
  }
  causes.push(
    ...labels('spec.template.labels', metadata['labels']),
    ...annotations('spec.template.annotations', metadata['annotations']),
  );
  causes.push(...podSpecCauses('spec.template.spec', podSpec));
  if (items(podSpec['ephemeralContainers']).length > 0)
    causes.push(
      forbidden('spec.template.spec.ephemeralContainers', 'ephemeral containers not allowed in pod template'),
    );
  const policy = text(podSpec['restartPolicy']);
  if (['OnFailure', 'Never'].includes(policy))
    causes.push(...oneOf('spec.template.spec.restartPolicy', policy, ['Always']));
  if (podSpec['activeDeadlineSeconds'] !== undefined) {
    causes.push(
      forbidden('spec.template.spec.activeDeadlineSeconds', 'activeDeadlineSeconds in ReplicaSet is not Supported'),
    );
  }
  return causes;
}

function isEmpty(selector: Fields): boolean {
  return Object.keys(fields(selector['matchLabels'])).length === 0 && items(selector['matchExpressions']).length === 0;
}

/** The selector with its types shown; one that names an unknown operator has been refused before. */
function asSelector(value: unknown): LabelSelector | undefined {
  if (value === undefined) return undefined;
  const { matchLabels, matchExpressions } = fields(value);
  return {
    matchLabels: textMap(matchLabels),
    matchExpressions: items(matchExpressions).map(({ key, operator, values }) => ({
      key: text(key),
      operator: text(operator),
      values: texts(values),
    })),
  };
}
