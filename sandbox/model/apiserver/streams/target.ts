/** What an upgraded connection leads to: a process or a port of a Pod. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ProcessIo } from '../../../client/transport.ts';
import type { ByteStream } from '../../kubelet/kubelet-api.ts';

export interface Upgrade {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
}

export interface ProcessTarget {
  readonly kind: 'process';
  readonly tty: boolean;
  readonly stdin: boolean;
  readonly stdout: boolean;
  readonly stderr: boolean;
  /** Runs until the process ends; resolves with its exit code. A StatusError is sent as such; any other error as InternalError. */
  run(io: ProcessIo): Promise<number>;
}

export interface PortForwardTarget {
  readonly kind: 'portforward';
  /** Connects to a port inside the Pod; the message of a rejection is what kubectl prints. */
  connect(port: number): Promise<ByteStream>;
}

export type StreamTarget = ProcessTarget | PortForwardTarget;
