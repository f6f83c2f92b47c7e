/**
 * log, exec, attach, port-forward: finds the Pod's node and asks its kubelet. Source: kubernetes
 * `pkg/registry/core/pod/strategy.go` (LogLocation, streamLocation).
 */
import type { KubeObject } from '../../../kernel/kube/object.ts';
import { isRecord } from '../../../kernel/kube/object.ts';
import { StatusError } from '../../client/status.ts';
import type { ContainerTarget, KubeletApi } from '../kubelet/kubelet-api.ts';
import type { Core } from './core.ts';
import { badRequest, methodNotAllowed, notFound } from './errors.ts';
import { readLogQuery } from './log-query.ts';
import type { Answer, Call } from './request.ts';
import { need } from './resource.ts';

/** `GET …/pods/x/log`; 204 for a Pod without a node. */
export async function podLog(core: Core, call: Call): Promise<Answer> {
  if (call.request.method !== 'GET') throw methodNotAllowed();
  const { query, signal } = call.request;
  const pod = need(core, call);
  const options = readLogQuery(call, core.clock.now());
  const target = targetOf(call, pod);
  const node = nodeOf(pod);
  if (node === '') return { kind: 'bytes', chunks: undefined };
  const where = `containerLogs/${target.namespace}/${target.pod}/${target.container}${logSuffix(query)}`;
  return { kind: 'bytes', chunks: await kubeletOf(core, node, where).logs(target, options, signal) };
}

function logSuffix(query: URLSearchParams): string {
  const passed = new URLSearchParams([...query].filter(([key]) => key !== 'container'));
  const text = passed.toString();
  return text === '' ? '' : `?${text}`;
}

/** `…/pods/x/exec` by GET (WebSocket) or POST (SPDY). */
export function execPod(core: Core, call: Call): Answer {
  const { target, kubelet } = resolve(core, call, 'exec');
  const command = call.request.query.getAll('command');
  if (command.length === 0) throw badRequest('you must specify at least 1 command');
  return {
    kind: 'stream',
    target: { kind: 'process', ...streams(call), run: (io) => kubelet.exec(target, command, io) },
  };
}

/** `…/pods/x/attach`. */
export function attachPod(core: Core, call: Call): Answer {
  const { target, kubelet } = resolve(core, call, 'attach');
  return { kind: 'stream', target: { kind: 'process', ...streams(call), run: (io) => kubelet.attach(target, io) } };
}

/** `…/pods/x/portforward`. */
export function forwardPort(core: Core, call: Call): Answer {
  const { namespace = '', name = '' } = call;
  const node = hostOf(call, need(core, call));
  const kubelet = kubeletOf(core, node, `portForward/${namespace}/${name}`);
  return {
    kind: 'stream',
    target: { kind: 'portforward', connect: (port) => kubelet.portForward(namespace, name, port) },
  };
}

function resolve(core: Core, call: Call, what: string): { target: ContainerTarget; kubelet: KubeletApi } {
  const { method } = call.request;
  if (method !== 'GET' && method !== 'POST') throw methodNotAllowed();
  const pod = need(core, call);
  const target = targetOf(call, pod);
  const node = hostOf(call, pod);
  return { target, kubelet: kubeletOf(core, node, `${what}/${target.namespace}/${target.pod}/${target.container}`) };
}

function streams({ request: { query } }: Call): { tty: boolean; stdin: boolean; stdout: boolean; stderr: boolean } {
  const on = (name: string): boolean => query.get(name) === 'true' || query.get(name) === '1';
  return { tty: on('tty'), stdin: on('stdin'), stdout: on('stdout'), stderr: on('stderr') };
}

function hostOf({ name = '' }: Call, pod: KubeObject): string {
  const node = nodeOf(pod);
  if (node === '') throw badRequest(`pod ${name} does not have a host assigned`);
  return node;
}

function nodeOf({ spec }: KubeObject): string {
  const node = isRecord(spec) ? spec['nodeName'] : undefined;
  return typeof node === 'string' ? node : '';
}

/** The container asked for, or the only one. Throws 400 in upstream's words. */
function targetOf({ request, name = '', namespace = '' }: Call, pod: KubeObject): ContainerTarget {
  const named = containerNames(pod);
  const asked = request.query.get('container') ?? '';
  if (asked !== '') {
    if (![...named.main, ...named.init, ...named.ephemeral].includes(asked))
      throw badRequest(`container ${asked} is not valid for pod ${name}`);
    return { namespace, pod: name, container: asked };
  }
  const [only] = named.main;
  if (named.main.length === 1 && only !== undefined) return { namespace, pod: name, container: only };
  const list = (names: readonly string[]): string => `[${names.join(' ')}]`;
  const init = named.init.length > 0 ? ` or one of the init containers: ${list(named.init)}` : '';
  throw badRequest(`a container name must be specified for pod ${name}, choose one of: ${list(named.main)}${init}`);
}

function containerNames({ spec }: KubeObject): { main: string[]; init: string[]; ephemeral: string[] } {
  const names = (field: string): string[] => {
    const containers = isRecord(spec) ? spec[field] : undefined;
    return (Array.isArray(containers) ? containers : []).filter(isRecord).map((container) => String(container['name']));
  };
  return { main: names('containers'), init: names('initContainers'), ephemeral: names('ephemeralContainers') };
}

/** Throws the words of a connection that nobody took when the node's kubelet does not run. */
function kubeletOf(core: Core, node: string, path: string): KubeletApi {
  const kubelet = core.kubelet(node);
  if (kubelet) return kubelet;
  const object = core.lookup.get('nodes', node);
  // Upstream says `pods` here, for it asks about the node while it serves a Pod.
  if (!object) throw notFound({ group: '', resource: 'pods' }, node);
  const host = addressOf(object) ?? node;
  throw new StatusError(
    500,
    '',
    `Get "https://${host}:10250/${path}": dial tcp ${host}:10250: connect: connection refused`,
  );
}

function addressOf({ status }: KubeObject): string | undefined {
  const addresses = isRecord(status) && Array.isArray(status['addresses']) ? status['addresses'].filter(isRecord) : [];
  const internal = addresses.find(({ type }) => type === 'InternalIP');
  return internal === undefined ? undefined : String(internal['address']);
}
