/** Runs what probes and lifecycle hooks ask of a container: commands, HTTP, TCP. */
import type { Clock } from '../../../kernel/clock.ts';
import { StartError } from '../runtime/container.ts';
import type { Container } from '../runtime/container.ts';
import { askHttp } from '../runtime/http.ts';
import { decode } from '../runtime/pipe.ts';
import { NetError } from '../runtime/socket.ts';
import type { ClusterNetwork } from '../cni/network.ts';
import type { Action, ContainerSpec, HttpGet } from './pod.ts';
import { portOf } from './pod.ts';

export interface ActionTarget {
  readonly container: Container;
  readonly spec: ContainerSpec;
  readonly podIP: string;
  readonly network: ClusterNetwork;
  readonly clock: Clock;
}

export type ActionResult = { readonly ok: true } | { readonly ok: false; readonly message: string };

/** Never throws; gives up after `timeoutMs` with the kubelet's words. */
export async function runAction(action: Action, target: ActionTarget, timeoutMs: number): Promise<ActionResult> {
  const limit = new AbortController();
  let expire: (result: ActionResult) => void = () => {};
  const expired = new Promise<ActionResult>((resolve) => (expire = resolve));
  const timer = target.clock.after(timeoutMs, () => {
    expire({ ok: false, message: timeoutWords(action, target, timeoutMs) });
    limit.abort();
  });
  try {
    return await Promise.race([attempt(action, target, limit.signal), expired]);
  } finally {
    timer.dispose();
  }
}

async function attempt(action: Action, target: ActionTarget, signal: AbortSignal): Promise<ActionResult> {
  if (action.exec) return runCommand(action.exec.command ?? [], target.container, signal);
  if (action.httpGet) return fetchOnce(action.httpGet, target, signal);
  if (action.tcpSocket)
    return connectOnce(
      portOf(target.spec, action.tcpSocket.port) ?? 0,
      action.tcpSocket.host ?? target.podIP,
      target,
      signal,
    );
  if (action.grpc) {
    const result = await connectOnce(action.grpc.port, target.podIP, target, signal);
    return result.ok
      ? result
      : {
          ok: false,
          message: `timeout: failed to connect service "${target.podIP}:${action.grpc.port}" within 1s: context deadline exceeded`,
        };
  }
  if (action.sleep) {
    const { seconds } = action.sleep;
    return new Promise((resolve) => target.clock.after(seconds * 1000, () => resolve({ ok: true })));
  }
  return { ok: true };
}

async function runCommand(
  command: readonly string[],
  container: Container,
  signal: AbortSignal,
): Promise<ActionResult> {
  let output = '';
  const take = (chunk: Uint8Array): void => void (output = (output + decode(chunk)).slice(0, 10 * 1024));
  try {
    const code = await container.exec(command, { tty: false, stdin: undefined, stdout: take, stderr: take, signal });
    return code === 0 ? { ok: true } : { ok: false, message: output };
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    return {
      ok: false,
      message: `rpc error: code = Unknown desc = failed to exec in container: OCI runtime exec failed: exec failed: ${error.message}`,
    };
  }
}

async function fetchOnce(get: HttpGet, target: ActionTarget, signal: AbortSignal): Promise<ActionResult> {
  const port = portOf(target.spec, get.port) ?? 0;
  const { url, host } = urlOf(get, port, target.podIP);
  try {
    const connection = await target.network.dial(
      { address: host === 'localhost' || host === '127.0.0.1' ? target.podIP : host, port },
      gatewayOf(target.podIP),
      signal,
    );
    const own = Object.fromEntries((get.httpHeaders ?? []).map(({ name, value }) => [name, value]));
    const headers = {
      Host: `${host}:${port}`,
      'User-Agent': 'kube-probe/1.36',
      Accept: '*/*',
      Connection: 'close',
      ...own,
    };
    const response = await askHttp(
      connection,
      { method: 'GET', target: new URL(url).pathname + new URL(url).search, headers },
      signal,
    );
    connection.close();
    return response.status >= 200 && response.status < 400
      ? { ok: true }
      : { ok: false, message: `HTTP probe failed with statuscode: ${response.status}` };
  } catch (error) {
    if (error instanceof NetError)
      return { ok: false, message: `Get "${url}": dial tcp ${host}:${port}: ${dialWords(error)}` };
    return { ok: false, message: `Get "${url}": EOF` };
  }
}

async function connectOnce(
  port: number,
  host: string,
  target: ActionTarget,
  signal: AbortSignal,
): Promise<ActionResult> {
  try {
    const connection = await target.network.dial({ address: host, port }, gatewayOf(target.podIP), signal);
    connection.close();
    return { ok: true };
  } catch (error) {
    if (error instanceof NetError) return { ok: false, message: `dial tcp ${host}:${port}: ${dialWords(error)}` };
    throw error;
  }
}

function dialWords(error: NetError): string {
  const words = {
    ECONNREFUSED: 'connection refused',
    EHOSTUNREACH: 'no route to host',
    ETIMEDOUT: 'connection timed out',
    EADDRINUSE: 'address already in use',
  } as const;
  return `connect: ${words[error.code]}`;
}

function urlOf(get: HttpGet, port: number, podIP: string): { url: string; host: string } {
  const host = get.host ?? podIP;
  const path = get.path ?? '/';
  return {
    url: `${(get.scheme ?? 'HTTP').toLowerCase()}://${host}:${port}${path.startsWith('/') ? path : `/${path}`}`,
    host,
  };
}

/** Probes come from the node: the bridge address of its Pods. */
function gatewayOf(podIP: string): string {
  return podIP.replace(/\.\d+$/, '.1');
}

function timeoutWords(action: Action, target: ActionTarget, ms: number): string {
  if (action.exec) return `command timed out: "${(action.exec.command ?? []).join(' ')}" timed out after ${ms / 1000}s`;
  if (action.httpGet)
    return `Get "${urlOf(action.httpGet, portOf(target.spec, action.httpGet.port) ?? 0, target.podIP).url}": context deadline exceeded (Client.Timeout exceeded while awaiting headers)`;
  return `dial tcp ${target.podIP}:${action.tcpSocket?.port ?? 0}: i/o timeout`;
}
