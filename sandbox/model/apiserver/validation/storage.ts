/** Volumes, claims and their classes. Source: kubernetes `ValidatePersistentVolume`, `ValidatePersistentVolumeClaimSpec`, `ValidateStorageClass`. */
import { compareQuantities } from '../../../../kernel/kube/quantity.ts';
import type { KubeObject } from '../../../../kernel/kube/object.ts';
import { jsonEqual } from '../../../../kernel/kube/object.ts';
import type { Invalid } from '../kind.ts';
import type { Fields } from '../kinds/parts/reading.ts';
import { amount, fields, items, spec, status, text, texts } from '../kinds/parts/reading.ts';
import { duplicate, forbidden, invalid, invalids, notSupported, oneOf, required } from './causes.ts';
import { IMMUTABLE, unchanged } from './immutable.ts';
import { dnsSubdomain, qualifiedName } from './names.ts';
import { noBacksteps } from './paths.ts';
import { labelSelector, nodeSelector } from './selectors.ts';
import { csiDriver, hostPath, nfs } from './volumes.ts';

const MODES = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod'];
const VOLUME_MODES = ['Block', 'Filesystem'];
const GENERAL = new Set([
  'capacity',
  'accessModes',
  'claimRef',
  'persistentVolumeReclaimPolicy',
  'storageClassName',
  'mountOptions',
  'volumeMode',
  'nodeAffinity',
  'volumeAttributesClassName',
]);

function modes(field: string, value: unknown, whenEmpty: string): readonly Invalid[] {
  const given = texts(value);
  if (given.length === 0) return [required(field, whenEmpty)];
  const causes = given.flatMap((mode) => oneOf(field, mode, MODES));
  const alone = given.includes('ReadWriteOncePod') && given.some((mode) => mode !== 'ReadWriteOncePod');
  return alone ? [...causes, forbidden(field, 'may not use ReadWriteOncePod with other access modes')] : causes;
}

function positive(field: string, value: unknown): readonly Invalid[] {
  return compareQuantities(amount(value), 0) > 0 ? [] : [invalid(field, value, 'must be greater than zero')];
}

function className(value: unknown): readonly Invalid[] {
  return text(value) === '' ? [] : invalids('spec.storageClassName', value, dnsSubdomain(text(value)));
}

export function volumeCauses(object: KubeObject): readonly Invalid[] {
  const given = spec(object);
  const policy = text(given['persistentVolumeReclaimPolicy']);
  return [
    ...modes('spec.accessModes', given['accessModes'], ''),
    ...capacity(given['capacity']),
    ...sources(given),
    ...oneOf('spec.persistentVolumeReclaimPolicy', policy, ['Delete', 'Recycle', 'Retain']),
    ...nodeAffinity(given),
    ...(policy === 'Recycle' && fields(given['hostPath'])['path'] === '/'
      ? [forbidden('spec.persistentVolumeReclaimPolicy', "may not be 'recycle' for a hostPath mount of '/'")]
      : []),
    ...className(given['storageClassName']),
    ...(given['volumeMode'] === undefined ? [] : oneOf('spec.volumeMode', given['volumeMode'], VOLUME_MODES)),
  ];
}

function capacity(value: unknown): readonly Invalid[] {
  const given = fields(value);
  const names = Object.keys(given);
  const causes: Invalid[] = names.length === 0 ? [required('spec.capacity')] : [];
  if (given['storage'] === undefined || names.length > 1)
    causes.push(notSupported('spec.capacity', value, ['storage']));
  return [
    ...causes,
    ...names.flatMap((name) => (name === 'storage' ? positive(`spec.capacity[${name}]`, given[name]) : [])),
  ];
}

function sources(given: Fields): readonly Invalid[] {
  const kinds = Object.keys(given).filter((key) => !GENERAL.has(key) && given[key] !== undefined);
  // Upstream looks at hostPath first, so it is the other one that is too many.
  kinds.sort((a, b) => Number(b === 'hostPath') - Number(a === 'hostPath'));
  if (kinds.length === 0) return [required('spec', 'must specify a volume type')];
  return kinds.flatMap((kind, i) => {
    const at = `spec.${kind}`;
    return i > 0
      ? [forbidden(at, 'may not specify more than 1 volume type')]
      : sourceCauses(at, kind, fields(given[kind]));
  });
}

function sourceCauses(field: string, kind: string, source: Fields): readonly Invalid[] {
  if (kind === 'hostPath') return hostPath(field, source);
  if (kind === 'nfs') return nfs(field, source);
  if (kind === 'local') {
    const path = text(source['path']);
    return path === '' ? [required(`${field}.path`)] : noBacksteps(`${field}.path`, path);
  }
  if (kind !== 'csi') return [];
  const handle: readonly Invalid[] = text(source['volumeHandle']) === '' ? [required(`${field}.volumeHandle`)] : [];
  return [...csiDriver(`${field}.driver`, source['driver']), ...handle];
}

function nodeAffinity(given: Fields): readonly Invalid[] {
  const { nodeAffinity: rules, local } = given;
  if (rules === undefined)
    return local === undefined ? [] : [required('spec.nodeAffinity', 'Local volume requires node affinity')];
  const needed = fields(rules)['required'];
  return needed === undefined
    ? [required('spec.nodeAffinity.required', 'must specify required node constraints')]
    : nodeSelector('spec.nodeAffinity.required', needed);
}

export function volumeUpdateCauses(next: KubeObject, previous: KubeObject): readonly Invalid[] {
  const source = (given: Fields): Fields =>
    Object.fromEntries(Object.entries(given).filter(([key]) => !GENERAL.has(key)));
  const field = 'spec.persistentvolumesource';
  const [now, before] = [spec(next), spec(previous)];
  return [
    ...(jsonEqual(source(now), source(before)) ? [] : [forbidden(field, `${field} is immutable after creation`)]),
    ...unchanged('volumeMode', now['volumeMode'], before['volumeMode']),
    ...(before['nodeAffinity'] === undefined
      ? []
      : unchanged('nodeAffinity', now['nodeAffinity'], before['nodeAffinity'])),
  ];
}

export function claimCauses(object: KubeObject): readonly Invalid[] {
  const given = spec(object);
  const storage = fields(fields(given['resources'])['requests'])['storage'];
  return [
    ...modes('spec.accessModes', given['accessModes'], 'at least 1 access mode is required'),
    ...labelSelector('spec.selector', given['selector']),
    ...(storage === undefined ? [required('spec.resources[storage]')] : positive('spec.resources[storage]', storage)),
    ...className(given['storageClassName']),
    ...(given['volumeMode'] === undefined ? [] : oneOf('spec.volumeMode', given['volumeMode'], VOLUME_MODES)),
  ];
}

/** A claim's spec stays, but for the volume it is bound to, once, and the size of a bound claim, which may grow. */
export function claimUpdateCauses(next: KubeObject, previous: KubeObject): readonly Invalid[] {
  const [now, before] = [spec(next), spec(previous)];
  const bound = status(previous)['phase'] === 'Bound';
  const frozen = (given: Fields): Fields => ({
    ...given,
    volumeName: text(before['volumeName']) === '' ? '' : given['volumeName'],
    storageClassName: before['storageClassName'] === undefined ? '' : given['storageClassName'],
    volumeAttributesClassName: bound ? '' : given['volumeAttributesClassName'],
    resources: bound ? {} : given['resources'],
  });
  if (!jsonEqual(frozen(now), frozen(before))) {
    return [
      forbidden(
        'spec',
        'spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims',
      ),
    ];
  }
  const [wanted, had] = [now, before].map(
    (given) => amount(fields(fields(given['resources'])['requests'])['storage']) || '0',
  );
  const smaller = compareQuantities(wanted ?? '0', had ?? '0') < 0;
  return smaller ? [forbidden('spec.resources.requests.storage', 'field can not be less than status.capacity')] : [];
}

export function classCauses(object: KubeObject): readonly Invalid[] {
  const provisioner = text(object['provisioner']);
  return [
    ...(provisioner === ''
      ? [required('provisioner')]
      : invalids('provisioner', provisioner, qualifiedName(provisioner.toLowerCase()))),
    ...(Object.hasOwn(fields(object['parameters']), '') ? [invalid('parameters', '', 'field can not be empty.')] : []),
    ...oneOf('reclaimPolicy', object['reclaimPolicy'], ['Delete', 'Retain']),
    ...oneOf('volumeBindingMode', object['volumeBindingMode'], ['Immediate', 'WaitForFirstConsumer']),
    ...items(object['allowedTopologies']).flatMap((term, i) =>
      topology(`allowedTopologies[${i}].matchLabelExpressions`, term),
    ),
  ];
}

function topology(field: string, term: Fields): readonly Invalid[] {
  const keys = new Set<string>();
  return items(term['matchLabelExpressions']).flatMap(({ key, values }, i) => {
    const given = texts(values);
    const causes: Invalid[] = given.length === 0 ? [required(`${field}[${i}].values`)] : [];
    for (const [j, value] of given.entries())
      if (given.indexOf(value) < j) causes.push(duplicate(`${field}[${i}].values[${j}]`, value));
    causes.push(...invalids(`${field}[${i}].key`, text(key), qualifiedName(text(key))));
    if (keys.has(text(key))) causes.push(duplicate(`${field}[${i}].key`, key));
    keys.add(text(key));
    return causes;
  });
}

export function classUpdateCauses(next: KubeObject, previous: KubeObject): readonly Invalid[] {
  const parameters = jsonEqual(next['parameters'] ?? {}, previous['parameters'] ?? {})
    ? []
    : [invalid('parameters', next['parameters'], IMMUTABLE)];
  return [
    ...parameters,
    ...['provisioner', 'reclaimPolicy', 'volumeBindingMode'].flatMap((key) => unchanged(key, next[key], previous[key])),
  ];
}
