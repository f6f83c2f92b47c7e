/** A Pod's READY, STATUS and RESTARTS in tables. Source: kubernetes `printPod` (pkg/printers/internalversion), rule R-PRINT-POD. */
import type { KubeObject } from '../../../../../kernel/kube/object.ts';
import { since } from './duration.ts';
import type { Fields } from './reading.ts';
import { fields, items, spec, status, text, whole } from './reading.ts';

export interface PodText {
  /** As `1/2`. */
  readonly ready: string;
  readonly status: string;
  /** As `3 (5s ago)`. */
  readonly restarts: string;
}

/** Restarts counted so far and the end of the latest run that was restarted. */
interface Restarts {
  count: number;
  last: string;
}

interface Tally {
  reason: string;
  ready: number;
  restarts: Restarts;
}

export function podText(pod: KubeObject, now: number): PodText {
  const { containers, initContainers } = spec(pod);
  const sidecars = new Set(
    items(initContainers)
      .filter(isSidecar)
      .map(({ name }) => text(name)),
  );
  const initial = initTally(pod, sidecars);
  const tally =
    initial.initializing && !conditionTrue(pod, 'Initialized') ? initial.tally : mainTally(pod, initial.sidecars);
  const { count, last } = tally.restarts;
  return {
    ready: `${tally.ready}/${items(containers).length + sidecars.size}`,
    status: finalReason(pod, tally.reason),
    restarts: count > 0 && last !== '' ? `${count} (${since(last, now)} ago)` : String(count),
  };
}

/** Init containers with restartPolicy Always run beside the others: native sidecars. */
export function isSidecar(container: Fields): boolean {
  return container['restartPolicy'] === 'Always';
}

export function conditionTrue(pod: KubeObject, type: string): boolean {
  return items(status(pod)['conditions']).some(
    (condition) => condition['type'] === type && condition['status'] === 'True',
  );
}

function startReason(pod: KubeObject): string {
  const gated = items(status(pod)['conditions']).some(
    ({ type, reason }) => type === 'PodScheduled' && reason === 'SchedulingGated',
  );
  return gated ? 'SchedulingGated' : text(status(pod)['reason']) || text(status(pod)['phase']);
}

interface InitTally {
  readonly tally: Tally;
  /** What counts when the Pod is past its init containers: the sidecars alone. */
  readonly sidecars: Tally;
  readonly initializing: boolean;
}

function initTally(pod: KubeObject, names: ReadonlySet<string>): InitTally {
  const reason = startReason(pod);
  const all: Tally = { reason, ready: 0, restarts: { count: 0, last: '' } };
  const sidecars: Tally = { reason, ready: 0, restarts: { count: 0, last: '' } };
  const total = items(spec(pod)['initContainers']).length;
  for (const [index, container] of items(status(pod)['initContainerStatuses']).entries()) {
    const sidecar = names.has(text(container['name']));
    addRestarts(all.restarts, container);
    if (sidecar) addRestarts(sidecars.restarts, container);
    const stopped = initReason(container, sidecar);
    if (stopped === undefined) {
      if (sidecar && container['ready'] === true) {
        all.ready++;
        sidecars.ready++;
      }
      continue;
    }
    all.reason = `Init:${stopped || `${index}/${total}`}`;
    return { tally: all, sidecars, initializing: true };
  }
  return { tally: all, sidecars, initializing: false };
}

/** Undefined when this init container is done; empty when it is simply not yet. */
function initReason(container: Fields, sidecar: boolean): string | undefined {
  const { terminated, waiting } = fields(container['state']);
  if (terminated !== undefined && whole(fields(terminated)['exitCode']) === 0) return undefined;
  if (sidecar && container['started'] === true) return undefined;
  if (terminated !== undefined) return endReason(fields(terminated));
  const reason = text(fields(waiting)['reason']);
  return reason === 'PodInitializing' ? '' : reason;
}

function endReason(terminated: Fields): string {
  const signal = whole(terminated['signal']);
  return (
    text(terminated['reason']) || (signal === 0 ? `ExitCode:${whole(terminated['exitCode'])}` : `Signal:${signal}`)
  );
}

function mainTally(pod: KubeObject, sidecars: Tally): Tally {
  const tally: Tally = { reason: startReason(pod), ready: sidecars.ready, restarts: { ...sidecars.restarts } };
  let running = false;
  let failure = '';
  for (const container of [...items(status(pod)['containerStatuses'])].reverse()) {
    const { waiting, terminated, running: runs } = fields(container['state']);
    addRestarts(tally.restarts, container);
    const waits = text(fields(waiting)['reason']);
    if (waits !== '') {
      tally.reason = waits;
    } else if (terminated !== undefined) {
      tally.reason = endReason(fields(terminated));
      if (whole(fields(terminated)['exitCode']) !== 0) failure = tally.reason;
    } else if (container['ready'] === true && runs !== undefined) {
      running = true;
      tally.ready++;
    }
  }
  if (tally.reason === 'Completed') {
    if (running && conditionTrue(pod, 'Ready')) tally.reason = 'Running';
    else if (failure !== '') tally.reason = failure;
    else if (running) tally.reason = 'NotReady';
  }
  return tally;
}

function addRestarts(restarts: Restarts, container: Fields): void {
  const finished = text(fields(fields(container['lastState'])['terminated'])['finishedAt']);
  restarts.count += whole(container['restartCount']);
  if (finished > restarts.last) restarts.last = finished;
}

function finalReason(pod: KubeObject, reason: string): string {
  if (pod.metadata.deletionTimestamp === undefined) return reason;
  const { reason: why, phase } = status(pod);
  if (why === 'NodeLost') return 'Unknown';
  return phase === 'Succeeded' || phase === 'Failed' ? reason : 'Terminating';
}
