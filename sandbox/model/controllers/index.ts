/** Starts all controllers of the model cluster (upstream: kube-controller-manager). Each is independent of the others. */
import type { Clock } from '../../../kernel/clock.ts';
import type { Disposable } from '../../../kernel/disposable.ts';
import { DisposableStore } from '../../../kernel/disposable.ts';
import type { Random } from '../../../kernel/random.ts';
import { ApiClient } from '../../client/client.ts';
import type { Transport } from '../../client/transport.ts';
import type { ControllerContext } from './controller.ts';
import { startEndpointsController } from './endpoints/endpoints-controller.ts';
import { startEndpointSliceController } from './endpoints/endpointslice-controller.ts';
import { startNamespaceContents } from './namespace/namespace-contents.ts';
import { startDeploymentController } from './deployment/deployment-controller.ts';
import { startGarbageCollector } from './garbage-collector/garbage-collector.ts';
import { startNamespaceController } from './namespace/namespace-controller.ts';
import { Informers } from './informers.ts';
import { startReplicaSetController } from './replicaset/replicaset-controller.ts';
import { startNodeTaints } from './node/node-taints.ts';
import { startPodGc } from './node/pod-gc.ts';
import { startTaintEviction } from './node/taint-eviction.ts';
import { startClaimController } from './volume/claim-controller.ts';
import { startLocalPathProvisioner } from './volume/local-path-provisioner.ts';
import { startProtectionController } from './volume/protection-controller.ts';
import { startVolumeController } from './volume/volume-controller.ts';

export interface ControllersOptions {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly random: Random;
  /** The cluster's CA certificate as PEM; published as the ConfigMap `kube-root-ca.crt` in every namespace. */
  readonly ca?: string;
}

export function startControllers(options: ControllersOptions): Disposable {
  const owned = new DisposableStore();
  const client = new ApiClient(options);
  const informers = owned.add(new Informers(client));
  const context: ControllerContext = { client, clock: options.clock, random: options.random, informers };
  owned.add(startDeploymentController(context));
  owned.add(startReplicaSetController(context));
  owned.add(startGarbageCollector(context));
  owned.add(startNamespaceController(context));
  owned.add(startNamespaceContents(context, options.ca));
  owned.add(startEndpointSliceController(context));
  owned.add(startEndpointsController(context));
  owned.add(startNodeTaints(context));
  owned.add(startTaintEviction(context));
  owned.add(startPodGc(context));
  owned.add(startClaimController(context));
  owned.add(startVolumeController(context));
  owned.add(startProtectionController(context));
  owned.add(startLocalPathProvisioner(context));
  return owned;
}
