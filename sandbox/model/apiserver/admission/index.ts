/** The admission plugins in upstream's order (wire-spec §12). Each looks at an object before it is validated and stored. */
import type { Admission } from '../kind.ts';
import { defaultStorageClass } from './default-storage-class.ts';
import { defaultTolerationSeconds } from './default-toleration-seconds.ts';
import { namespaceLifecycle } from './namespace-lifecycle.ts';
import { priority } from './priority.ts';
import { serviceAccountAdmission } from './service-account.ts';
import { storageObjectInUse } from './storage-object-in-use.ts';
import { taintNodesByCondition } from './taint-nodes-by-condition.ts';

export const admissionChain: readonly Admission[] = [
  namespaceLifecycle,
  serviceAccountAdmission,
  taintNodesByCondition,
  priority,
  defaultTolerationSeconds,
  defaultStorageClass,
  storageObjectInUse,
];
