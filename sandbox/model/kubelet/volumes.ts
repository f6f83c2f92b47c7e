/**
 * Volumes as file layers. Source: kubelet volume plugins.
 * R-KUBELET-6: a missing ConfigMap or Secret keeps the Pod from starting with FailedMount; emptyDir lives with the Pod, hostPath
 * with the node, a claim's files with its volume; ConfigMap, Secret and projected volumes follow their sources.
 */
import type { FileNode } from '../runtime/files.ts';
import { Layer, normalise } from '../runtime/files.ts';
import { encode } from '../runtime/pipe.ts';
import { isRecord } from '../../../kernel/kube/object.ts';
import { resourceField } from './environment.ts';
import type { Lookups } from './lookups.ts';
import { ConfigTrouble, podField, valuesOf } from './lookups.ts';
import type { DownwardFile, KeyToPath, Pod, Projection, Volume } from './pod.ts';

/** Layers that outlive Pods. */
export class NodeStorage {
  readonly #host = new Layer();
  readonly #claims: Map<string, Layer>;

  /** `claims`: by PersistentVolume name, shared by all nodes. */
  constructor(claims: Map<string, Layer>) {
    this.#claims = claims;
  }

  /** The node's own tree; made where it is missing. */
  get host(): Layer {
    return this.#host;
  }

  claim(volume: string): Layer {
    const known = this.#claims.get(volume) ?? new Layer();
    this.#claims.set(volume, known);
    return known;
  }
}

export interface MountedVolume {
  readonly layer: Layer;
  /** Path inside the layer. */
  readonly at: string;
  readonly readOnly: boolean;
}

export interface VolumeScope {
  readonly pod: Pod;
  readonly lookups: Lookups;
  readonly storage: NodeStorage;
  readonly podIP: string | undefined;
  readonly token: string | undefined;
  readonly now: number;
}

/** Throws ConfigTrouble with the reason that follows `MountVolume.SetUp failed for volume "v" : `. */
export function mountVolume(volume: Volume, scope: VolumeScope): MountedVolume {
  if (volume.hostPath) return mountHostPath(volume.hostPath, scope);
  if (volume.persistentVolumeClaim) return mountClaim(volume.persistentVolumeClaim, scope);
  const files = volumeFiles(volume, scope);
  const layer = new Layer({ mtime: scope.now, readOnly: false });
  if (!files) return { layer, at: '', readOnly: false };
  layer.replaceAll(files);
  return { layer, at: '', readOnly: true };
}

/** The files of a volume made from API objects; undefined for other volumes. */
export function volumeFiles(volume: Volume, scope: VolumeScope): Map<string, FileNode> | undefined {
  const sources = sourcesOf(volume);
  if (!sources) return undefined;
  const files = new Map<string, FileNode>();
  for (const source of sources) {
    for (const [path, bytes] of projected(source, scope))
      files.set(path, { kind: 'file', bytes, mode: 0o644, mtime: scope.now });
  }
  return files;
}

function sourcesOf(volume: Volume): readonly Projection[] | undefined {
  if (volume.configMap) return [{ configMap: volume.configMap }];
  if (volume.secret) return [{ secret: { ...volume.secret, name: volume.secret.secretName ?? '' } }];
  if (volume.downwardAPI) return [{ downwardAPI: volume.downwardAPI }];
  return volume.projected ? (volume.projected.sources ?? []) : undefined;
}

function projected(source: Projection, scope: VolumeScope): ReadonlyMap<string, Uint8Array> {
  if (source.configMap) return keyed('configmap', source.configMap, scope);
  if (source.secret) return keyed('secret', source.secret, scope);
  if (source.downwardAPI) return downward(source.downwardAPI.items ?? [], scope);
  if (source.serviceAccountToken) return new Map([[source.serviceAccountToken.path, encode(scope.token ?? '')]]);
  return new Map();
}

function keyed(
  kind: 'configmap' | 'secret',
  ref: { name?: string; items?: readonly KeyToPath[]; optional?: boolean },
  { pod, lookups }: VolumeScope,
): ReadonlyMap<string, Uint8Array> {
  const namespace = pod.metadata.namespace ?? 'default';
  const name = ref.name ?? '';
  const object = kind === 'configmap' ? lookups.configMap(namespace, name) : lookups.secret(namespace, name);
  if (!object) {
    if (ref.optional === true) return new Map();
    throw new ConfigTrouble(`${kind} "${name}" not found`);
  }
  const values = valuesOf(object);
  if (!ref.items) return values;
  const chosen = new Map<string, Uint8Array>();
  for (const { key, path } of ref.items) {
    const value = values.get(key);
    if (value) chosen.set(path, value);
    else if (ref.optional !== true) throw new ConfigTrouble(`${kind} references non-existent config key: ${key}`);
  }
  return chosen;
}

function downward(
  items: readonly DownwardFile[],
  { pod, lookups, podIP }: VolumeScope,
): ReadonlyMap<string, Uint8Array> {
  return new Map(
    items.map(({ path, fieldRef, resourceFieldRef }) => {
      const text = fieldRef
        ? (podField(pod, fieldRef.fieldPath, lookups, podIP) ?? '')
        : resourceFieldRef
          ? resourceField(pod, resourceFieldRef, lookups)
          : '';
      return [path, encode(text)];
    }),
  );
}

const MUST_EXIST: Readonly<Record<string, string>> = { Directory: 'directory', File: 'file' };

function mountHostPath(
  { path, type = '' }: { path: string; type?: string },
  { storage, now }: VolumeScope,
): MountedVolume {
  const at = normalise(path).slice(1);
  const node = storage.host.get(at);
  const wanted = MUST_EXIST[type];
  if (!node && wanted !== undefined && !SYSTEM_PATHS.some((known) => `/${at}`.startsWith(known))) {
    throw new ConfigTrouble(`hostPath type check failed: ${path} is not a ${wanted}`);
  }
  if (!node) {
    const parts = at.split('/');
    for (let i = 1; i <= parts.length; i++) {
      const dir = parts.slice(0, i).join('/');
      if (storage.host.get(dir)) continue;
      const last = i === parts.length && type.startsWith('File');
      storage.host.set(
        dir,
        last
          ? { kind: 'file', bytes: new Uint8Array(), mode: 0o644, mtime: now }
          : { kind: 'dir', mode: 0o755, mtime: now },
      );
    }
  }
  return { layer: storage.host, at, readOnly: false };
}

/** Directories that every node has. */
const SYSTEM_PATHS = ['/etc', '/var', '/usr', '/lib', '/proc', '/sys', '/dev', '/run', '/tmp'];

function mountClaim(
  { claimName, readOnly = false }: { claimName: string; readOnly?: boolean },
  { pod, lookups, storage }: VolumeScope,
): MountedVolume {
  const claim = lookups.claim(pod.metadata.namespace ?? 'default', claimName);
  if (!claim) throw new ConfigTrouble(`persistentvolumeclaim "${claimName}" not found`);
  const spec = claim['spec'];
  const status = claim['status'];
  const volume = isRecord(spec) && typeof spec['volumeName'] === 'string' ? spec['volumeName'] : '';
  if (volume === '' || !isRecord(status) || status['phase'] !== 'Bound')
    throw new ConfigTrouble(`persistentvolumeclaim "${claimName}" is not bound`);
  return { layer: storage.claim(volume), at: '', readOnly };
}
