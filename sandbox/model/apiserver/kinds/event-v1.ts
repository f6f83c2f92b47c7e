/** `events.k8s.io/v1` Event: the newer names for the fields of an event. Source: kubernetes `pkg/apis/events/v1/conversion.go`. */
import type { KubeObject } from '../../../../kernel/kube/object.ts';
import type { Kind } from '../kind.ts';
import { eventCauses } from '../validation/cluster.ts';
import { event } from './event.ts';
import { fill } from './parts/reading.ts';

/** Field of events.k8s.io → field of v1; all others keep their name. */
const RENAMED: readonly (readonly [string, string])[] = [
  ['regarding', 'involvedObject'],
  ['note', 'message'],
  ['reportingController', 'reportingComponent'],
  ['deprecatedSource', 'source'],
  ['deprecatedFirstTimestamp', 'firstTimestamp'],
  ['deprecatedLastTimestamp', 'lastTimestamp'],
  ['deprecatedCount', 'count'],
];
const TO_STORED = new Map(RENAMED);
const FROM_STORED = new Map(RENAMED.map(([newer, older]) => [older, newer]));

export const eventV1: Kind = {
  ...event,
  group: 'events.k8s.io',
  schema: 'io.k8s.api.events.v1.Event',
  fieldLabels: Object.fromEntries(
    Object.entries({
      ...event.fieldLabels,
      ...Object.fromEntries(
        ['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath'].map((f) => [
          `regarding.${f}`,
          `involvedObject.${f}`,
        ]),
      ),
      reportingController: 'reportingComponent',
    }).map(([label, path]) => [label, newerPath(path)]),
  ),
  defaults: (object) =>
    fill(object, {
      eventTime: null,
      deprecatedSource: {},
      deprecatedFirstTimestamp: null,
      deprecatedLastTimestamp: null,
      regarding: {},
    }),
  validate: (object) => eventCauses(toStored(object)),
  row: (object, now) => event.row(toStored(object), now),
  storedAs: { group: event.group, resource: event.resource, toStored, fromStored },
};

function newerPath(path: string): string {
  const [head = '', ...rest] = path.split('.');
  return [FROM_STORED.get(head) ?? head, ...rest].join('.');
}

function toStored(object: KubeObject): KubeObject {
  return { ...rename(object, TO_STORED), apiVersion: 'v1' };
}

function fromStored(object: KubeObject): KubeObject {
  return { ...rename(object, FROM_STORED), apiVersion: 'events.k8s.io/v1' };
}

function rename(object: KubeObject, names: ReadonlyMap<string, string>): KubeObject {
  const { apiVersion, kind, metadata, ...rest } = object;
  return {
    apiVersion,
    kind,
    metadata,
    ...Object.fromEntries(Object.entries(rest).map(([key, value]) => [names.get(key) ?? key, value])),
  };
}
