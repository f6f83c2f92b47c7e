/** Starts the scheduler of the model cluster (upstream: kube-scheduler with its default profile). */
import type { Clock } from '../../../kernel/clock.ts';
import type { Disposable } from '../../../kernel/disposable.ts';
import { DisposableStore } from '../../../kernel/disposable.ts';
import type { Random } from '../../../kernel/random.ts';
import { ApiClient } from '../../client/client.ts';
import type { Transport } from '../../client/transport.ts';
import { Informers } from '../controllers/informers.ts';
import { Scheduler } from './scheduler.ts';

export interface SchedulerOptions {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly random: Random;
}

export function startScheduler({ transport, clock, random }: SchedulerOptions): Disposable {
  const owned = new DisposableStore();
  const client = new ApiClient({ transport, clock });
  const informers = owned.add(new Informers(client));
  owned.add(new Scheduler({ client, clock, random, informers }));
  return owned;
}
