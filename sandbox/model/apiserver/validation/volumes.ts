/** Volumes of a Pod. Source: kubernetes `ValidateVolumes`, `validateVolumeSource`. */
import { compareQuantities } from '../../../../kernel/kube/quantity.ts';
import type { Invalid } from '../kind.ts';
import type { Fields } from '../kinds/parts/reading.ts';
import { amount, fields, items, text } from '../kinds/parts/reading.ts';
import { duplicate, forbidden, invalid, invalids, notFound, oneOf, required, tooLong } from './causes.ts';
import { dnsLabel, dnsSubdomain } from './names.ts';
import { absolutePath, noBacksteps } from './paths.ts';
import { downwardItems, fileMode, keyItems, projected } from './projections.ts';

const HOST_PATH_TYPES = [
  '',
  'BlockDevice',
  'CharDevice',
  'Directory',
  'DirectoryOrCreate',
  'File',
  'FileOrCreate',
  'Socket',
];

export function volumes(field: string, value: unknown): readonly Invalid[] {
  const seen = new Set<string>();
  return items(value).flatMap((volume, i) => {
    const name = text(volume['name']);
    const causes = [...volumeSource(`${field}[${i}]`, volume)];
    const shape =
      name === '' ? [required(`${field}[${i}].name`)] : invalids(`${field}[${i}].name`, name, dnsLabel(name));
    if (shape.length === 0 && seen.has(name)) causes.push(duplicate(`${field}[${i}].name`, name));
    else causes.push(...shape);
    seen.add(name);
    return causes;
  });
}

function volumeSource(field: string, volume: Fields): readonly Invalid[] {
  const kinds = Object.keys(volume)
    .filter((key) => key !== 'name' && volume[key] !== undefined)
    .toSorted(bySourceOrder);
  return kinds.flatMap((kind, i) => {
    const at = `${field}.${kind}`;
    return i > 0
      ? [forbidden(at, 'may not specify more than 1 volume type')]
      : sourceCauses(at, kind, fields(volume[kind]));
  });
}

/** Upstream looks at the sources in this order; the first one counts. */
const ORDER = [
  'emptyDir',
  'hostPath',
  'gitRepo',
  'awsElasticBlockStore',
  'secret',
  'nfs',
  'iscsi',
  'persistentVolumeClaim',
  'configMap',
  'downwardAPI',
  'projected',
];

function bySourceOrder(a: string, b: string): number {
  const place = (kind: string): number => (ORDER.includes(kind) ? ORDER.indexOf(kind) : ORDER.length);
  return place(a) - place(b);
}

function sourceCauses(field: string, kind: string, source: Fields): readonly Invalid[] {
  switch (kind) {
    case 'emptyDir': {
      const limit = amount(source['sizeLimit']);
      return limit !== '' && compareQuantities(limit, 0) < 0
        ? [forbidden(`${field}.sizeLimit`, 'SizeLimit field must be a valid resource quantity')]
        : [];
    }
    case 'hostPath':
      return hostPath(field, source);
    case 'configMap':
      return [...named(`${field}.name`, source['name']), ...files(field, source)];
    case 'secret':
      return [...named(`${field}.secretName`, source['secretName']), ...files(field, source)];
    case 'persistentVolumeClaim':
      return named(`${field}.claimName`, source['claimName']);
    case 'downwardAPI':
      return [
        ...fileMode(`${field}.defaultMode`, source['defaultMode']),
        ...items(source['items']).flatMap((item) => downwardItems(field, item)),
      ];
    case 'projected':
      return [...fileMode(`${field}.defaultMode`, source['defaultMode']), ...projected(field, source)];
    case 'nfs':
      return nfs(field, source);
    case 'csi':
      return csiDriver(`${field}.driver`, source['driver']);
    default:
      return [];
  }
}

function named(field: string, name: unknown): readonly Invalid[] {
  return text(name) === '' ? [required(field)] : [];
}

function files(field: string, source: Fields): readonly Invalid[] {
  return [
    ...fileMode(`${field}.defaultMode`, source['defaultMode']),
    ...items(source['items']).flatMap((item, i) => keyItems(`${field}.items[${i}]`, item)),
  ];
}

/** `hostPath` of a Pod's volume and of a PersistentVolume. */
export function hostPath(field: string, source: Fields): readonly Invalid[] {
  const path = text(source['path']);
  if (path === '') return [required(`${field}.path`)];
  return [...noBacksteps(`${field}.path`, path), ...oneOf(`${field}.type`, text(source['type']), HOST_PATH_TYPES)];
}

/** `nfs` of a Pod's volume and of a PersistentVolume. */
export function nfs(field: string, source: Fields): readonly Invalid[] {
  return [
    ...named(`${field}.server`, source['server']),
    ...named(`${field}.path`, source['path']),
    ...absolutePath(`${field}.path`, text(source['path'])),
  ];
}

/** The driver of a CSI volume. */
export function csiDriver(field: string, driver: unknown): readonly Invalid[] {
  const name = text(driver);
  if (name === '') return [required(field)];
  const long = name.length > 63 ? [tooLong(field, 63)] : [];
  return [...long, ...invalids(field, name, dnsSubdomain(name.toLowerCase()))];
}

/** Volumes by name, with what their mounts need to know. */
export function volumeNames(value: unknown): ReadonlySet<string> {
  return new Set(items(value).map(({ name }) => text(name)));
}

const PROPAGATIONS = ['Bidirectional', 'HostToContainer', 'None'];

/** Mounts of one container; `known` are the Pod's volumes. */
export function volumeMounts(field: string, container: Fields, known: ReadonlySet<string>): readonly Invalid[] {
  const seen = new Set<string>();
  const privileged = fields(container['securityContext'])['privileged'] === true;
  return items(container['volumeMounts']).flatMap((mount, i) => {
    const at = `${field}[${i}]`;
    const name = text(mount['name']);
    const path = text(mount['mountPath']);
    const causes: Invalid[] = [];
    if (name === '') causes.push(required(`${at}.name`));
    if (!known.has(name)) causes.push(notFound(`${at}.name`, name));
    if (path === '') causes.push(required(`${at}.mountPath`));
    if (seen.has(path)) causes.push(invalid(`${at}.mountPath`, path, 'must be unique'));
    seen.add(path);
    // Upstream leaves the index out of these two paths.
    causes.push(...subPath(`${field}.subPath`, text(mount['subPath'])));
    if (text(mount['subPathExpr']) !== '') {
      if (text(mount['subPath']) !== '')
        causes.push(
          invalid(`${at}.subPathExpr`, mount['subPathExpr'], 'subPathExpr and subPath are mutually exclusive'),
        );
      causes.push(...subPath(`${field}.subPathExpr`, text(mount['subPathExpr'])));
    }
    if (mount['mountPropagation'] !== undefined)
      causes.push(...propagation(`${field}.mountPropagation`, mount, privileged));
    return causes;
  });
}

function subPath(field: string, path: string): readonly Invalid[] {
  if (path.startsWith('/')) return [invalid(field, path, 'must be a relative path')];
  return noBacksteps(field, path);
}

function propagation(field: string, { mountPropagation }: Fields, privileged: boolean): readonly Invalid[] {
  const causes = [...oneOf(field, mountPropagation, PROPAGATIONS)];
  if (mountPropagation === 'Bidirectional' && !privileged) {
    causes.push(forbidden(field, 'Bidirectional mount propagation is available only to privileged containers'));
  }
  return causes;
}
