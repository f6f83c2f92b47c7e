/** ConfigMaps and Secrets. Source: kubernetes `ValidateConfigMap`, `ValidateSecret` and their updates. */
import type { KubeObject } from '../../../../kernel/kube/object.ts';
import { jsonEqual } from '../../../../kernel/kube/object.ts';
import type { Invalid } from '../kind.ts';
import { fields, text, textMap } from '../kinds/parts/reading.ts';
import { forbidden, invalid, invalids, required, tooLong } from './causes.ts';
import { unchanged } from './immutable.ts';
import { configKey } from './names.ts';

const MOST_BYTES = 1_048_576;
const FROZEN = 'field is immutable when `immutable` is set';
const ACCOUNT_NAME = 'kubernetes.io/service-account.name';

function keys(field: string, value: unknown): readonly Invalid[] {
  return Object.keys(fields(value)).flatMap((key) => invalids(`${field}[${key}]`, key, configKey(key)));
}

function decodedSize(base64: string): number {
  return Buffer.from(base64, 'base64').byteLength;
}

export function configMapCauses(object: KubeObject): readonly Invalid[] {
  const [plain, binary] = [textMap(object['data']), textMap(object['binaryData'])];
  const twice = Object.keys(plain).filter((key) => Object.hasOwn(binary, key));
  const size =
    Object.values(plain).reduce((sum, value) => sum + Buffer.byteLength(value), 0) +
    Object.values(binary).reduce((sum, value) => sum + decodedSize(value), 0);
  return [
    ...keys('data', plain),
    ...twice.map((key) => invalid(`data[${key}]`, key, 'duplicate of key present in binaryData')),
    ...keys('binaryData', binary),
    // Upstream names no field here, which Go prints as an empty path.
    ...(size > MOST_BYTES ? [tooLong('[]', MOST_BYTES)] : []),
  ];
}

export function secretCauses(object: KubeObject): readonly Invalid[] {
  const values = textMap(object['data']);
  const size = Object.values(values).reduce((sum, value) => sum + decodedSize(value), 0);
  return [
    ...keys('data', values),
    ...(size > MOST_BYTES ? [tooLong('data', MOST_BYTES)] : []),
    ...byType(object, values),
  ];
}

/** Keys that a Secret of a type must have, all of them or, for basic-auth, at least one. */
const NEEDED: Readonly<Record<string, readonly string[]>> = {
  'kubernetes.io/dockercfg': ['.dockercfg'],
  'kubernetes.io/dockerconfigjson': ['.dockerconfigjson'],
  'kubernetes.io/ssh-auth': ['ssh-privatekey'],
  'kubernetes.io/tls': ['tls.crt', 'tls.key'],
};

function byType(object: KubeObject, values: Readonly<Record<string, string>>): readonly Invalid[] {
  const type = text(object['type']);
  if (type === 'kubernetes.io/service-account-token') {
    return object.metadata.annotations?.[ACCOUNT_NAME] ? [] : [required(`metadata.annotations[${ACCOUNT_NAME}]`)];
  }
  if (type === 'kubernetes.io/basic-auth') {
    const pair = ['username', 'password'];
    return pair.some((key) => values[key] !== undefined) ? [] : pair.map((key) => required(`data[${key}]`));
  }
  const causes = (NEEDED[type] ?? []).filter((key) => values[key] === undefined).map((key) => required(`data[${key}]`));
  const [json] = type.startsWith('kubernetes.io/docker') ? (NEEDED[type] ?? []) : [];
  return json === undefined || values[json] === undefined ? causes : jsonCauses(`data[${json}]`, values[json]);
}

function jsonCauses(field: string, base64: string): readonly Invalid[] {
  try {
    JSON.parse(Buffer.from(base64, 'base64').toString('utf8'));
    return [];
  } catch {
    return [invalid(field, '<secret contents redacted>', 'unexpected end of JSON input')];
  }
}

/** Once immutable, always, and so is what it holds. */
export function frozenCauses(next: KubeObject, previous: KubeObject): readonly Invalid[] {
  if (previous['immutable'] !== true) return [];
  const causes: Invalid[] = next['immutable'] === true ? [] : [forbidden('immutable', FROZEN)];
  for (const key of ['data', 'binaryData']) {
    if (!jsonEqual(next[key] ?? {}, previous[key] ?? {})) causes.push(forbidden(key, FROZEN));
  }
  return causes;
}

export function secretUpdateCauses(next: KubeObject, previous: KubeObject): readonly Invalid[] {
  return [...unchanged('type', next['type'], previous['type']), ...frozenCauses(next, previous)];
}
