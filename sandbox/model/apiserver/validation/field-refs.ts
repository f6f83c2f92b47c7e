/** References from a Pod to its own fields and resources. Source: kubernetes `validateObjectFieldSelector`, `validateContainerResourceFieldSelector`. */
import type { Invalid } from '../kind.ts';
import type { Fields } from '../kinds/parts/reading.ts';
import { amount, text } from '../kinds/parts/reading.ts';
import { invalid, invalids, notSupported, required } from './causes.ts';
import { qualifiedName } from './names.ts';

const FOR_ENV = [
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'spec.nodeName',
  'spec.serviceAccountName',
  'status.hostIP',
  'status.hostIPs',
  'status.podIP',
  'status.podIPs',
];
const FOR_FILES = ['metadata.annotations', 'metadata.labels', 'metadata.name', 'metadata.namespace', 'metadata.uid'];
const RESOURCES = [
  'limits.cpu',
  'limits.ephemeral-storage',
  'limits.memory',
  'requests.cpu',
  'requests.ephemeral-storage',
  'requests.memory',
];
const CPU_DIVISORS = ['1m', '1'];
const BYTE_DIVISORS = ['1', '1k', '1M', '1G', '1T', '1P', '1E', '1Ki', '1Mi', '1Gi', '1Ti', '1Pi', '1Ei'];

/** `fieldRef` of an environment variable. */
export function envFieldRef(field: string, ref: Fields): readonly Invalid[] {
  return fieldRef(field, ref, FOR_ENV);
}

/** `fieldRef` of a downward API file. */
export function fileFieldRef(field: string, ref: Fields): readonly Invalid[] {
  return fieldRef(field, ref, FOR_FILES);
}

function fieldRef(field: string, ref: Fields, supported: readonly string[]): readonly Invalid[] {
  const path = text(ref['fieldPath']);
  if (text(ref['apiVersion']) === '') return [required(`${field}.apiVersion`)];
  if (path === '') return [required(`${field}.fieldPath`)];
  const [, map, key] = /^(metadata\.(?:labels|annotations))\['(.*)'\]$/.exec(path) ?? [];
  if (map !== undefined && key !== undefined)
    return invalids(field, key, qualifiedName(map === 'metadata.annotations' ? key.toLowerCase() : key));
  if (![...FOR_ENV, ...FOR_FILES].includes(path)) {
    return [invalid(`${field}.fieldPath`, path, `error converting fieldPath: field label not supported: ${path}`)];
  }
  return supported.includes(path) ? [] : [notSupported(`${field}.fieldPath`, path, supported)];
}

/** `resourceFieldRef`; in a file the container must be named too. */
export function resourceFieldRef(field: string, ref: Fields, inFile: boolean): readonly Invalid[] {
  const resource = text(ref['resource']);
  if (inFile && text(ref['containerName']) === '') return [required(`${field}.containerName`)];
  if (resource === '') return [required(`${field}.resource`)];
  if (!RESOURCES.includes(resource) && !/^(limits|requests)\.hugepages-/.test(resource))
    return [notSupported(`${field}.resource`, resource, RESOURCES)];
  const divisor = amount(ref['divisor']) || '0';
  const cpu = resource.endsWith('.cpu');
  const allowed = cpu ? CPU_DIVISORS : BYTE_DIVISORS;
  if (divisor === '0' || allowed.includes(divisor)) return [];
  const what = resource.slice(resource.indexOf('.') + 1);
  const list = cpu ? '1m and 1' : '1, 1k, 1M, 1G, 1T, 1P, 1E, 1Ki, 1Mi, 1Gi, 1Ti, 1Pi, 1Ei';
  return [
    invalid(`${field}.divisor`, resource, `only divisor's values ${list} are supported with the ${what} resource`),
  ];
}
