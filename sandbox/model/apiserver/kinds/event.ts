/** Event: what a component has to say about an object. `v1` stores; `events.k8s.io/v1` is a second face of the same objects. */
import type { KubeObject } from '../../../../kernel/kube/object.ts';
import type { Kind } from '../kind.ts';
import { eventCauses } from '../validation/cluster.ts';
import { since } from './parts/duration.ts';
import { ALL_VERBS, columns } from './parts/grid.ts';
import { fields, fill, text, whole } from './parts/reading.ts';

export const event: Kind = {
  group: '',
  version: 'v1',
  kind: 'Event',
  resource: 'events',
  singular: 'event',
  shortNames: ['ev'],
  namespaced: true,
  verbs: ALL_VERBS,
  schema: 'io.k8s.api.core.v1.Event',
  generation: false,
  status: false,
  nameRule: 'path',
  createOnUpdate: true,
  fieldLabels: {
    'involvedObject.kind': 'involvedObject.kind',
    'involvedObject.namespace': 'involvedObject.namespace',
    'involvedObject.name': 'involvedObject.name',
    'involvedObject.uid': 'involvedObject.uid',
    'involvedObject.apiVersion': 'involvedObject.apiVersion',
    'involvedObject.resourceVersion': 'involvedObject.resourceVersion',
    'involvedObject.fieldPath': 'involvedObject.fieldPath',
    reason: 'reason',
    reportingComponent: 'reportingComponent',
    source: 'source.component',
    type: 'type',
  },
  columns: columns(
    'Last Seen',
    'Type',
    'Reason',
    'Object',
    'Subobject*',
    'Source*',
    'Message',
    'First Seen*',
    'Count*',
    'Name*',
  ),
  row: eventRow,
  defaults: (object) =>
    fill(object, {
      involvedObject: {},
      source: {},
      firstTimestamp: null,
      lastTimestamp: null,
      eventTime: null,
      reportingComponent: '',
      reportingInstance: '',
    }),
  validate: eventCauses,
};

/** Source: kubernetes `printEvent`. */
function eventRow(object: KubeObject, now: number): readonly (string | number)[] {
  const involved = fields(object['involvedObject']);
  const series = fields(object['series']);
  const first = since(object['firstTimestamp'] ?? object['eventTime'], now);
  const last = object['series']
    ? since(series['lastObservedTime'], now)
    : object['lastTimestamp']
      ? since(object['lastTimestamp'], now)
      : first;
  const kind = text(involved['kind']).toLowerCase();
  return [
    last,
    text(object['type']),
    text(object['reason']),
    text(involved['name']) === '' ? kind : `${kind}/${text(involved['name'])}`,
    text(involved['fieldPath']),
    sourceText(object),
    text(object['message']).trim(),
    first,
    object['series'] ? whole(series['count']) : whole(object['count']) || 1,
    object.metadata.name ?? '',
  ];
}

function sourceText(object: KubeObject): string {
  const source = fields(object['source']);
  const component = text(source['component']) || text(object['reportingComponent']);
  const instance = text(source['host']) || text(object['reportingInstance']);
  return instance === '' ? component : `${component}, ${instance}`;
}
