/** The grid: every kind that the model cluster serves, in discovery's order of groups. */
import type { Kind } from '../kind.ts';
import { configMap } from './configmap.ts';
import { deployment } from './deployment.ts';
import { endpoints } from './endpoints.ts';
import { endpointSlice } from './endpointslice.ts';
import { event } from './event.ts';
import { eventV1 } from './event-v1.ts';
import { lease } from './lease.ts';
import { namespace } from './namespace.ts';
import { node } from './node.ts';
import { persistentVolume } from './persistentvolume.ts';
import { persistentVolumeClaim } from './persistentvolumeclaim.ts';
import { pod } from './pod.ts';
import { replicaSet } from './replicaset.ts';
import { secret } from './secret.ts';
import { service } from './service.ts';
import { serviceAccount } from './serviceaccount.ts';
import { storageClass } from './storageclass.ts';

export const kinds: readonly Kind[] = [
  configMap,
  endpoints,
  event,
  namespace,
  node,
  persistentVolumeClaim,
  persistentVolume,
  pod,
  secret,
  serviceAccount,
  service,
  deployment,
  replicaSet,
  eventV1,
  storageClass,
  lease,
  endpointSlice,
];
