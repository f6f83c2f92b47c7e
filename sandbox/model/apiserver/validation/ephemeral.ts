/** Containers that join a running Pod for debugging. Source: kubernetes `validateEphemeralContainers`, `ValidatePodEphemeralContainersUpdate`. */
import type { KubeObject } from '../../../../kernel/kube/object.ts';
import { jsonEqual } from '../../../../kernel/kube/object.ts';
import type { Invalid } from '../kind.ts';
import type { Fields } from '../kinds/parts/reading.ts';
import { fields, items, spec, text } from '../kinds/parts/reading.ts';
import { forbidden, notFound } from './causes.ts';
import { common, uniqueName } from './containers.ts';
import { volumeNames } from './volumes.ts';

const FIELD = 'spec.ephemeralContainers';
const NOT_FOR_THEM = 'cannot be set for an Ephemeral Container';
/** In the order of upstream's struct, which is the order of the messages. */
const FORBIDDEN_FIELDS = [
  'ports',
  'resources',
  'resizePolicy',
  'restartPolicy',
  'livenessProbe',
  'readinessProbe',
  'startupProbe',
  'lifecycle',
];
const STATIC_POD = 'kubernetes.io/config.mirror';

/** The ephemeral containers of a Pod, beside its others. */
export function ephemeralContainerCauses(podSpec: Fields): readonly Invalid[] {
  const known = volumeNames(podSpec['volumes']);
  const others = [...items(podSpec['containers']), ...items(podSpec['initContainers'])].map(({ name }) => text(name));
  const names = new Set(others);
  return items(podSpec['ephemeralContainers']).flatMap((container, i) => {
    const at = `${FIELD}[${i}]`;
    const target = text(container['targetContainerName']);
    return [
      ...common(at, container, known),
      ...uniqueName(at, container, names),
      ...(target === '' || others.includes(target) ? [] : [notFound(`${at}.targetContainerName`, target)]),
      ...FORBIDDEN_FIELDS.filter((key) => isSet(container[key])).map((key) => forbidden(`${at}.${key}`, NOT_FOR_THEM)),
      ...items(container['volumeMounts']).flatMap((mount, j) =>
        ['subPath', 'subPathExpr']
          .filter((key) => text(mount[key]) !== '')
          .map((key) => forbidden(`${at}.volumeMounts[${j}].${key}`, NOT_FOR_THEM)),
      ),
    ];
  });
}

function isSet(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : typeof value === 'string' || Object.keys(fields(value)).length > 0;
}

/** Ephemeral containers can be added, never changed or taken away. Of the change we give the sentence, not the dump of Go structs. */
export function ephemeralUpdateCauses(next: KubeObject, previous: KubeObject): readonly Invalid[] {
  if (previous.metadata.annotations?.[STATIC_POD] !== undefined)
    return [forbidden('', 'static pods do not support ephemeral containers')];
  const given = new Map(
    items(spec(next)['ephemeralContainers']).map((container) => [text(container['name']), container]),
  );
  return items(spec(previous)['ephemeralContainers']).flatMap((old) => {
    const name = text(old['name']);
    const now = given.get(name);
    if (now === undefined) return [forbidden(FIELD, `existing ephemeral containers "${name}" may not be removed\n`)];
    if (jsonEqual(now, old)) return [];
    return [forbidden(FIELD, `existing ephemeral containers "${name}" may not be changed\n`)];
  });
}
