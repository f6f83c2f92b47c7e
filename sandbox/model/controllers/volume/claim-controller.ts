/** Carries out what `decide-claim.ts` says: binds claims and volumes to each other and writes the phase of claims. */
import type { Disposable } from '../../../../kernel/disposable.ts';
import type { KubeObject } from '../../../../kernel/kube/object.ts';
import { jsonEqual, keyOf } from '../../../../kernel/kube/object.ts';
import type { PersistentVolume, PersistentVolumeClaim } from '../../../client/kinds.ts';
import type { ControllerContext } from '../controller.ts';
import { ownKey, refOf, source, startLoop } from '../controller.ts';
import { EventRecorder } from '../event-recorder.ts';
import type { ClaimAction } from './decide-claim.ts';
import { decideClaim, PROVISIONER, PROVISIONER_BETA } from './decide-claim.ts';
import { BIND_COMPLETED, BOUND_BY_CONTROLLER } from './match.ts';

export function startClaimController(context: ControllerContext): Disposable {
  const { informers, clock } = context;
  const recorder = new EventRecorder({ ...context, component: 'persistentvolume-controller' });
  const unbound = (): readonly string[] =>
    informers
      .claims()
      .list()
      .filter((claim) => claim.status?.phase !== 'Bound')
      .map(keyOf);
  return startLoop({
    clock,
    workers: 1,
    sources: [
      source(informers.claims(), ownKey),
      source(informers.volumes(), ({ before, now }) => [...claimKeys(before), ...claimKeys(now), ...unbound()]),
      source(informers.storageClasses(), unbound),
    ],
    reconcile: async (key) => {
      const claim = informers.claims().get(key);
      if (!claim) return undefined;
      const action = decideClaim({
        claim,
        volumes: informers.volumes().list(),
        classes: informers.storageClasses().list(),
      });
      await carryOut({ context, recorder, claim }, action);
      return undefined;
    },
  });
}

function claimKeys(volume: PersistentVolume | undefined): readonly string[] {
  const claim = volume?.spec.claimRef;
  return claim ? [`${claim.namespace ?? ''}/${claim.name ?? ''}`] : [];
}

interface Work {
  readonly context: ControllerContext;
  readonly recorder: EventRecorder;
  readonly claim: PersistentVolumeClaim;
}

async function carryOut(work: Work, action: ClaimAction): Promise<void> {
  const { context, recorder, claim } = work;
  if (action.kind === 'none') return;
  if (action.kind === 'bind') return bind(work, action.volume);
  if (action.event) recorder.record(claim, action.event);
  if (action.kind === 'lost') return setStatus(context, claim, { ...claim.status, phase: 'Lost' });
  if (action.kind === 'ask') {
    const annotations = { [PROVISIONER]: action.provisioner, [PROVISIONER_BETA]: action.provisioner };
    if (Object.keys(annotations).some((key) => claim.metadata.annotations?.[key] === undefined)) {
      await context.informers.claims().shows(await context.client.patch(refOf(claim), { metadata: { annotations } }));
    }
  }
  if (claim.status?.phase === undefined) await setStatus(context, claim, { ...claim.status, phase: 'Pending' });
}

async function bind({ context, claim }: Work, volume: PersistentVolume): Promise<void> {
  const { client, informers } = context;
  const { name = '', namespace, uid, resourceVersion } = claim.metadata;
  if (volume.spec.claimRef?.uid !== uid) {
    const claimRef = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', name, namespace, uid, resourceVersion };
    const annotations = volume.spec.claimRef ? {} : { [BOUND_BY_CONTROLLER]: 'yes' };
    await informers
      .volumes()
      .shows(await client.patch(refOf(volume), { metadata: { annotations }, spec: { claimRef } }));
  }
  const byUs = claim.spec.volumeName ? {} : { [BOUND_BY_CONTROLLER]: 'yes' };
  const annotations = { ...byUs, [BIND_COMPLETED]: 'yes' };
  const bound = await client.patch(refOf(claim), {
    metadata: { annotations },
    spec: { volumeName: volume.metadata.name },
  });
  await setStatus(context, bound, {
    phase: 'Bound',
    accessModes: volume.spec.accessModes,
    capacity: volume.spec.capacity,
  });
}

async function setStatus({ client, informers }: ControllerContext, claim: KubeObject, status: object): Promise<void> {
  if (jsonEqual(claim['status'], status)) return;
  await informers.claims().shows(await client.patchStatus(refOf(claim), { status }));
}
