/** What the parts of one node's kubelet share. */
import type { Clock } from '../../../kernel/clock.ts';
import type { Random } from '../../../kernel/random.ts';
import type { ApiClient } from '../../client/client.ts';
import type { Transport } from '../../client/transport.ts';
import type { AddressPool } from '../cni/addresses.ts';
import type { ClusterNetwork } from '../cni/network.ts';
import type { EventRecorder, EventText } from '../controllers/event-recorder.ts';
import type { Resolver } from '../dns/resolver.ts';
import type { Lookups } from './lookups.ts';
import type { Pod } from './pod.ts';
import { fieldPathOf } from './pod.ts';
import type { NodeStorage } from './volumes.ts';

export interface KubeletContext {
  readonly client: ApiClient;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly random: Random;
  readonly events: EventRecorder;
  readonly network: ClusterNetwork;
  readonly resolver: Resolver;
  readonly addresses: AddressPool;
  readonly lookups: Lookups;
  readonly storage: NodeStorage;
  /** Full names of the images that this node has. */
  readonly pulled: Set<string>;
  readonly nameserver: string;
}

/** Records an Event about a Pod, or about one of its containers. */
export function recordFor(context: KubeletContext, about: { pod: Pod; container?: string }, text: EventText): void {
  const { pod, container } = about;
  const { name = '', namespace, uid, resourceVersion } = pod.metadata;
  const target = { apiVersion: 'v1', kind: 'Pod', name, namespace, uid, resourceVersion };
  context.events.recordFor(
    container === undefined ? target : { ...target, fieldPath: fieldPathOf(pod, container) },
    text,
  );
}
