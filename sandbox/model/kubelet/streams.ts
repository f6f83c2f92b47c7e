/** The KubeletApi of one node: logs, exec, attach and port-forward of the Pods it runs, with upstream's refusals. */
import type { ProcessIo } from '../../client/transport.ts';
import { StatusError } from '../../client/status.ts';
import type { ClusterNetwork } from '../cni/network.ts';
import { StartError } from '../runtime/container.ts';
import type { Container } from '../runtime/container.ts';
import { NetError } from '../runtime/socket.ts';
import type { ContainerRunner } from './container-runner.ts';
import type { ByteStream, ContainerLogQuery, ContainerTarget, KubeletApi } from './kubelet-api.ts';
import type { PodWorker } from './pod-worker.ts';

export interface StreamsOptions {
  readonly worker: (namespace: string, pod: string) => PodWorker | undefined;
  readonly network: ClusterNetwork;
  /** 64 digits that name one exec. */
  readonly execId: () => string;
}

export function kubeletStreams(options: StreamsOptions): KubeletApi {
  const runnerOf = ({ namespace, pod, container }: ContainerTarget): ContainerRunner => {
    const worker = options.worker(namespace, pod);
    if (!worker) throw new StatusError(404, 'NotFound', `pods "${pod}" not found`, { name: pod, kind: 'pods' });
    const runner = worker.runner(container);
    if (!runner) throw badRequest(`container ${container} is not valid for pod ${pod}`);
    return runner;
  };
  const running = (target: ContainerTarget, otherwise: string): Container => {
    const worker = options.worker(target.namespace, target.pod);
    const container = worker?.runner(target.container)?.container;
    if (container?.running) return container;
    throw new StatusError(500, 'InternalError', `unable to upgrade connection: ${otherwise}`);
  };
  return {
    logs: (target, query, signal) =>
      Promise.resolve().then(() => readLogs(runnerOf(target), target, { ...query, signal })),
    async exec(target, command, io) {
      try {
        return await running(target, `container not found ("${target.container}")`).exec(command, io);
      } catch (error) {
        throw error instanceof StartError ? execRefusal(error, options.execId()) : error;
      }
    },
    async attach(target, io: ProcessIo) {
      const { namespace, pod, container } = target;
      await running(target, `container ${container} not found in pod ${pod}_${namespace}`).attach(io);
      return 0;
    },
    async portForward(namespace, pod, port): Promise<ByteStream> {
      const worker = options.worker(namespace, pod);
      if (!worker) throw new StatusError(404, 'NotFound', `pods "${pod}" not found`, { name: pod, kind: 'pods' });
      return forward(worker, port, options.network);
    },
  };
}

function badRequest(message: string): StatusError {
  return new StatusError(400, 'BadRequest', message);
}

function execRefusal(error: StartError, id: string): StatusError {
  const words = `error executing command in container: failed to exec in container: failed to start exec "${id}": OCI runtime exec failed: exec failed: ${error.message}`;
  return new StatusError(500, 'InternalError', `Internal error occurred: ${words}`, { causes: [{ message: words }] });
}

function readLogs(
  runner: ContainerRunner,
  target: ContainerTarget,
  query: ContainerLogQuery & { signal: AbortSignal },
): AsyncIterable<Uint8Array> {
  const named = `container "${target.container}" in pod "${target.pod}"`;
  const { waiting } = runner.state;
  const container = query.previous ? previousOf(runner) : runner.container;
  if (query.previous && !container) throw badRequest(`previous terminated ${named} not found`);
  if (!container) {
    const reason = WAITING[waiting?.reason ?? ''] ?? waiting?.reason ?? 'ContainerCreating';
    throw badRequest(waiting ? `${named} is waiting to start: ${reason}` : `${named} is terminated`);
  }
  if (query.follow && !query.previous) return container.log.follow(query, query.signal);
  return once(container.log.read(query));
}

/** While a crashed container waits to be restarted, the one that crashed is both the current and the previous. */
function previousOf(runner: ContainerRunner): Container | undefined {
  return runner.container &&
    !runner.container.running &&
    runner.status.restartCount === 0 &&
    runner.status.lastState?.terminated
    ? runner.container
    : runner.previous;
}

const WAITING: Readonly<Record<string, string>> = {
  ErrImagePull: "image can't be pulled",
  ImagePullBackOff: 'trying and failing to pull image',
  ErrImageNeverPull: 'image not found with pull policy of Never',
};

async function* once(chunk: Uint8Array): AsyncIterable<Uint8Array> {
  if (chunk.length > 0) yield chunk;
}

async function forward(worker: PodWorker, port: number, network: ClusterNetwork): Promise<ByteStream> {
  try {
    const connection = await network.dial({ address: worker.podIP, port }, '127.0.0.1');
    return {
      incoming: {
        [Symbol.asyncIterator]: () => ({
          next: async () => {
            const value = await connection.read();
            return value ? { done: false, value } : { done: true, value: undefined };
          },
        }),
      },
      write: (chunk) => connection.write(chunk),
      end: () => connection.end(),
    };
  } catch (error) {
    if (!(error instanceof NetError)) throw error;
    const { id, netns } = worker.sandbox;
    const words = `failed to execute portforward in network namespace "${netns}": failed to connect to localhost:${port} inside namespace "${id}", IPv4: dial tcp4 127.0.0.1:${port}: connect: connection refused IPv6 dial tcp6 [::1]:${port}: connect: connection refused `;
    throw new StatusError(500, 'InternalError', `error forwarding port ${port} to pod ${id}, uid : ${words}`);
  }
}
