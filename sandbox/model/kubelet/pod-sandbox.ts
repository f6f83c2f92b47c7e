/** What the containers of a Pod share: its network namespace, volumes, hosts file. Source: kubelet `makePodDataDirs`, `ensureHostsFile`. */
import type { Disposable } from '../../../kernel/disposable.ts';
import { uuid } from '../../../kernel/ids.ts';
import { isRecord } from '../../../kernel/kube/object.ts';
import { NetworkNamespace } from '../cni/namespace.ts';
import { Container } from '../runtime/container.ts';
import type { Mount } from '../runtime/files.ts';
import { normalise } from '../runtime/files.ts';
import type { Image } from '../runtime/images/image.ts';
import type { PodSocket } from '../runtime/socket.ts';
import { containerId } from './container-rules.ts';
import type { KubeletContext } from './context.ts';
import { commandOf, environmentOf, substitute } from './environment.ts';
import { ConfigTrouble } from './lookups.ts';
import type { ContainerSpec, Pod, Volume } from './pod.ts';
import type { MountedVolume, VolumeScope } from './volumes.ts';
import { mountVolume, volumeFiles } from './volumes.ts';

/** A volume that cannot be set up, in the words of the FailedMount Event. */
export class MountTrouble extends Error {}

export class PodSandbox implements Disposable {
  readonly #context: KubeletContext;
  readonly #volumes = new Map<string, MountedVolume>();
  #network: NetworkNamespace | undefined;
  #token: string | undefined;
  /** 64 digits. */
  readonly id: string;
  readonly netns: string;
  pod: Pod;
  podIP = '';

  constructor(context: KubeletContext, pod: Pod) {
    this.#context = context;
    this.pod = pod;
    this.id = containerId(context.random);
    this.netns = `/var/run/netns/cni-${uuid(context.random)}`;
  }

  /** Mounts all volumes; throws MountTrouble for the first that cannot be. */
  async mount(): Promise<void> {
    for (const volume of this.pod.spec.volumes ?? []) {
      if (this.#volumes.has(volume.name)) continue;
      try {
        if (needsToken(volume)) this.#token ??= await this.#fetchToken(volume);
        this.#volumes.set(volume.name, mountVolume(volume, this.#scope()));
      } catch (error) {
        if (error instanceof ConfigTrouble)
          throw new MountTrouble(`MountVolume.SetUp failed for volume "${volume.name}" : ${error.message}`);
        throw error;
      }
    }
  }

  /** Brings files made from API objects up to date; a source that is gone leaves what was there. */
  refresh(): void {
    for (const volume of this.pod.spec.volumes ?? []) {
      const mounted = this.#volumes.get(volume.name);
      if (!mounted) continue;
      try {
        const files = volumeFiles(volume, this.#scope());
        if (files) mounted.layer.replaceAll(files);
      } catch (error) {
        if (!(error instanceof ConfigTrouble)) throw error;
      }
    }
  }

  /** False when the node has no address left. */
  connect(): boolean {
    const { addresses, lookups, network, resolver } = this.#context;
    const before = this.pod.status?.podIP;
    if (this.pod.spec.hostNetwork) this.podIP = lookups.node.ip;
    else if (before !== undefined && addresses.reserve(before)) this.podIP = before;
    else {
      const taken = addresses.take();
      if (taken === undefined) return false;
      this.podIP = taken;
    }
    this.#network = new NetworkNamespace({
      network,
      resolver,
      address: this.podIP,
      hosts: this.#hosts(),
      dns: this.#dns(),
    });
    return true;
  }

  get connected(): boolean {
    return this.#network !== undefined;
  }

  get hostname(): string {
    return this.pod.spec.hostNetwork
      ? this.#context.lookups.node.name
      : (this.pod.spec.hostname ?? this.pod.metadata.name ?? '').slice(0, 63);
  }

  /** Throws ConfigTrouble. */
  makeContainer(spec: ContainerSpec, image: Image, id: string): Container {
    const { lookups, clock, random } = this.#context;
    const network = this.#network;
    if (!network) throw new ConfigTrouble('the sandbox is not ready');
    const env = environmentOf({ pod: this.pod, container: spec, lookups, podIP: this.podIP });
    const command = commandOf(spec, image, env);
    if (command.length === 0) throw new ConfigTrouble('no command specified');
    const { stdin = false, stdinOnce = false, tty = false, workingDir } = spec;
    return new Container({
      id,
      image,
      command,
      env,
      stdin,
      stdinOnce,
      tty,
      clock,
      random,
      network,
      ...(workingDir === undefined ? {} : { workingDir }),
      mounts: this.#mounts(spec, env),
      files: new Map([
        ['/etc/hosts', this.#hostsFile()],
        ['/etc/resolv.conf', resolvConf(network.dns)],
        ['/etc/hostname', `${this.hostname}\n`],
      ]),
      hostname: this.hostname,
      readOnlyRoot: spec.securityContext?.readOnlyRootFilesystem ?? false,
    });
  }

  dispose(): void {
    this.#network?.dispose();
    this.#network = undefined;
    if (this.podIP !== '' && !this.pod.spec.hostNetwork) this.#context.addresses.release(this.podIP);
  }

  #mounts(spec: ContainerSpec, env: ReadonlyMap<string, string>): Mount[] {
    return (spec.volumeMounts ?? []).map(({ name, mountPath, subPath = '', readOnly = false }) => {
      const volume = this.#volumes.get(name);
      if (!volume) throw new ConfigTrouble(`volume "${name}" is not mounted`);
      const below = normalise(substitute(subPath, env)).slice(1);
      const inner = [volume.at, below].filter((part) => part !== '').join('/');
      if (!volume.layer.get(inner))
        volume.layer.set(inner, { kind: 'dir', mode: 0o755, mtime: this.#context.clock.now() });
      return { path: normalise(mountPath), layer: volume.layer, subPath: inner, readOnly: readOnly || volume.readOnly };
    });
  }

  #scope(): VolumeScope {
    const { lookups, storage, clock } = this.#context;
    return { pod: this.pod, lookups, storage, podIP: this.podIP || undefined, token: this.#token, now: clock.now() };
  }

  async #fetchToken(volume: Volume): Promise<string> {
    const { metadata, spec } = this.pod;
    const name = spec.serviceAccountName ?? 'default';
    const source = volume.projected?.sources?.find(
      ({ serviceAccountToken }) => serviceAccountToken,
    )?.serviceAccountToken;
    const bound = { apiVersion: 'v1', kind: 'Pod', name: metadata.name, uid: metadata.uid };
    const body = {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
      metadata: { name, namespace: metadata.namespace },
      spec: {
        audiences: source?.audience ? [source.audience] : [],
        expirationSeconds: source?.expirationSeconds ?? 3607,
        boundObjectRef: bound,
      },
    };
    try {
      const path = `/api/v1/namespaces/${metadata.namespace}/serviceaccounts/${name}/token`;
      const answer = await this.#context.transport.request({ method: 'POST', path, body });
      const status = isRecord(answer) ? answer['status'] : undefined;
      return isRecord(status) && typeof status['token'] === 'string' ? status['token'] : '';
    } catch (error) {
      throw new ConfigTrouble(`failed to fetch token: ${error instanceof Error ? error.message : String(error)}`, {
        cause: error,
      });
    }
  }

  #hosts(): ReadonlyMap<string, string> {
    const hosts = new Map([
      ['localhost', '127.0.0.1'],
      [this.hostname, this.podIP],
    ]);
    for (const { ip, hostnames } of this.pod.spec.hostAliases ?? [])
      for (const name of hostnames ?? []) hosts.set(name, ip);
    return hosts;
  }

  #hostsFile(): string {
    const fixed = [
      '127.0.0.1\tlocalhost',
      '::1\tlocalhost ip6-localhost ip6-loopback',
      'fe00::0\tip6-localnet',
      'fe00::0\tip6-mcastprefix',
      'fe00::1\tip6-allnodes',
      'fe00::2\tip6-allrouters',
    ];
    const { spec, metadata } = this.pod;
    const full = spec.subdomain
      ? `${this.hostname}.${spec.subdomain}.${metadata.namespace}.svc.cluster.local\t${this.hostname}`
      : this.hostname;
    const aliases = (spec.hostAliases ?? []).map(({ ip, hostnames }) => `${ip}\t${(hostnames ?? []).join('\t')}`);
    const added = aliases.length > 0 ? ['', '# Entries added by HostAliases.', ...aliases] : [];
    return ['# Kubernetes-managed hosts file.', ...fixed, `${this.podIP}\t${full}`, ...added, ''].join('\n');
  }

  #dns(): PodSocket['dns'] {
    const { dnsPolicy = 'ClusterFirst', dnsConfig, hostNetwork } = this.pod.spec;
    const cluster = dnsPolicy === 'ClusterFirstWithHostNet' || (dnsPolicy === 'ClusterFirst' && !hostNetwork);
    const option = dnsConfig?.options?.find(({ name }) => name === 'ndots')?.value;
    const search = cluster
      ? [`${this.pod.metadata.namespace}.svc.cluster.local`, 'svc.cluster.local', 'cluster.local']
      : [];
    return {
      nameserver: cluster ? this.#context.nameserver : (dnsConfig?.nameservers?.[0] ?? this.#context.lookups.node.ip),
      search: [...search, ...(dnsConfig?.searches ?? [])],
      ndots: option === undefined ? (cluster ? 5 : 1) : Number(option),
    };
  }
}

function needsToken(volume: Volume): boolean {
  return volume.projected?.sources?.some(({ serviceAccountToken }) => serviceAccountToken !== undefined) ?? false;
}

function resolvConf({ nameserver, search, ndots }: PodSocket['dns']): string {
  return `${search.length > 0 ? `search ${search.join(' ')}\n` : ''}nameserver ${nameserver}\noptions ndots:${ndots}\n`;
}
