/** Probes and lifecycle hooks. Source: kubernetes `validateHandler`, `validateProbe`, `validateLifecycle`. */
import type { Invalid } from '../kind.ts';
import type { Fields } from '../kinds/parts/reading.ts';
import { fields, items, text, texts, whole } from '../kinds/parts/reading.ts';
import { atLeast, forbidden, invalid, invalids, oneOf, required } from './causes.ts';
import { httpHeader, portName, portNumber } from './names.ts';

const PROBE_ACTIONS = ['exec', 'httpGet', 'tcpSocket', 'grpc'];
const HOOK_ACTIONS = ['exec', 'httpGet', 'tcpSocket', 'sleep'];

/** The three probes of a container, in upstream's order. */
export function probes(field: string, container: Fields): readonly Invalid[] {
  const { livenessProbe, readinessProbe, startupProbe } = container;
  return [
    ...(livenessProbe === undefined ? [] : livenessLike(`${field}.livenessProbe`, fields(livenessProbe))),
    ...(readinessProbe === undefined ? [] : readiness(`${field}.readinessProbe`, fields(readinessProbe))),
    ...(startupProbe === undefined ? [] : livenessLike(`${field}.startupProbe`, fields(startupProbe))),
  ];
}

function livenessLike(field: string, probe: Fields): readonly Invalid[] {
  const threshold = whole(probe['successThreshold']);
  return [
    ...probeCauses(field, probe),
    ...(threshold === 1 ? [] : [invalid(`${field}.successThreshold`, threshold, 'must be 1')]),
  ];
}

function readiness(field: string, probe: Fields): readonly Invalid[] {
  const grace = probe['terminationGracePeriodSeconds'];
  const causes = probeCauses(field, { ...probe, terminationGracePeriodSeconds: undefined });
  return grace === undefined
    ? causes
    : [...causes, invalid(`${field}.terminationGracePeriodSeconds`, grace, 'must not be set for readinessProbes')];
}

function probeCauses(field: string, probe: Fields): readonly Invalid[] {
  const grace = probe['terminationGracePeriodSeconds'];
  return [
    ...action(field, probe, PROBE_ACTIONS),
    ...['initialDelaySeconds', 'timeoutSeconds', 'periodSeconds', 'successThreshold', 'failureThreshold'].flatMap(
      (key) => atLeast(`${field}.${key}`, probe[key]),
    ),
    ...(typeof grace === 'number' && grace <= 0
      ? [invalid(`${field}.terminationGracePeriodSeconds`, grace, 'must be greater than 0')]
      : []),
  ];
}

/** `lifecycle` of a container; `grace` is the Pod's terminationGracePeriodSeconds. */
export function lifecycle(field: string, value: unknown, grace: number): readonly Invalid[] {
  const hooks = fields(value);
  return ['postStart', 'preStop'].flatMap((key) => {
    if (hooks[key] === undefined) return [];
    const hook = fields(hooks[key]);
    const seconds = whole(fields(hook['sleep'])['seconds']);
    if (hook['sleep'] !== undefined && (seconds < 0 || seconds > grace)) {
      return [
        invalid(
          `${field}.${key}.sleep`,
          seconds,
          `must be non-negative and less than terminationGracePeriodSeconds (${grace})`,
        ),
      ];
    }
    return action(`${field}.${key}`, hook, HOOK_ACTIONS);
  });
}

/** Exactly one of the actions, and that one right. */
function action(field: string, given: Fields, kinds: readonly string[]): readonly Invalid[] {
  const present = kinds.filter((kind) => given[kind] !== undefined);
  if (present.length === 0) return [required(field, 'must specify a handler type')];
  return present.flatMap((kind, i) => {
    const at = `${field}.${kind}`;
    return i > 0
      ? [forbidden(at, 'may not specify more than 1 handler type')]
      : actionCauses(at, kind, fields(given[kind]));
  });
}

function actionCauses(field: string, kind: string, given: Fields): readonly Invalid[] {
  switch (kind) {
    case 'exec':
      return texts(given['command']).length === 0 ? [required(`${field}.command`)] : [];
    case 'httpGet':
      return [
        ...(text(given['path']) === '' ? [required(`${field}.path`)] : []),
        ...port(`${field}.port`, given['port']),
        ...oneOf(`${field}.scheme`, given['scheme'], ['HTTP', 'HTTPS']),
        ...items(given['httpHeaders']).flatMap(({ name }) =>
          invalids(`${field}.httpHeaders`, name, httpHeader(text(name))),
        ),
      ];
    case 'sleep':
      return [];
    default:
      return port(`${field}.port`, given['port']);
  }
}

/** A port by number or by name. */
export function port(field: string, value: unknown): readonly Invalid[] {
  return typeof value === 'string'
    ? invalids(field, value, portName(value))
    : invalids(field, whole(value), portNumber(whole(value)));
}
