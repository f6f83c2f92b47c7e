/**
 * A Pod's status from the states of its containers: phase and conditions, as a pure function. Source: kubelet
 * `getPhase`, `status.Generate…Condition`.
 * R-KUBELET-1: Pending until every regular container has been started once; then Running until all ended and none is restarted;
 * Failed when one of them failed, otherwise Succeeded.
 * R-KUBELET-2: conditions in the order PodReadyToStartContainers, Initialized, Ready, ContainersReady, PodScheduled, then
 * others' own.
 */
import { resourceStatus } from './resource-status.ts';
import type { Condition, ContainerStatus, Pod, PodStatus } from './pod.ts';
import { isSidecar } from './pod.ts';

export interface PodObservation {
  readonly now: string;
  readonly startTime: string;
  readonly hostIP: string;
  readonly podIP: string | undefined;
  /** Whether the sandbox (network) is up. */
  readonly sandboxReady: boolean;
  readonly init: readonly ContainerStatus[];
  readonly containers: readonly ContainerStatus[];
  readonly ephemeral: readonly ContainerStatus[];
  /** Ended by the kubelet, such as DeadlineExceeded. */
  readonly failure?: { readonly reason: string; readonly message: string };
  /** Being deleted: no container will be restarted. */
  readonly terminating: boolean;
}

export function podStatus(pod: Pod, seen: PodObservation): PodStatus {
  const phase = phaseOf(pod, seen);
  const conditions = conditionsOf(pod, seen, phase);
  return {
    ...pod.status,
    phase,
    conditions: withTimes(pod, conditions, seen.now),
    observedGeneration: pod.metadata.generation ?? 1,
    hostIP: seen.hostIP,
    hostIPs: [{ ip: seen.hostIP }],
    startTime: seen.startTime,
    ...(seen.podIP === undefined ? {} : { podIP: seen.podIP, podIPs: [{ ip: seen.podIP }] }),
    ...(seen.init.length > 0 ? { initContainerStatuses: seen.init.map((status) => initStatus(pod, status)) } : {}),
    containerStatuses: seen.containers,
    ...resourceStatus(pod),
    ...(seen.ephemeral.length > 0 ? { ephemeralContainerStatuses: seen.ephemeral.map(ephemeralStatus) } : {}),
    ...seen.failure,
  };
}

/** An init container is ready once it has done its work. Source: kubelet `prober_manager.UpdatePodStatus`. */
function initStatus({ spec }: Pod, status: ContainerStatus): ContainerStatus {
  const own = spec.initContainers?.find(({ name }) => name === status.name);
  if (!own || isSidecar(own)) return status;
  return { ...status, ready: status.state?.terminated?.exitCode === 0 };
}

/** Nobody waits for an ephemeral container: it is never ready and has no start-up to tell of. Seen on 1.36.3. */
function ephemeralStatus({ started: _started, ...status }: ContainerStatus): ContainerStatus {
  return { ...status, ready: false };
}

export function phaseOf(pod: Pod, seen: PodObservation): string {
  if (seen.failure) return 'Failed';
  const policy = pod.spec.restartPolicy ?? 'Always';
  const failedInit = seen.init.some((status, i) => {
    const spec = pod.spec.initContainers?.[i];
    return (
      spec !== undefined && !isSidecar(spec) && policy === 'Never' && (status.state?.terminated?.exitCode ?? 0) !== 0
    );
  });
  if (failedInit) return 'Failed';
  const states = seen.containers.map(({ state, lastState }) => ({ state, lastState }));
  const started = states.every(({ state, lastState }) => state?.running ?? state?.terminated ?? lastState?.terminated);
  if (!started) return 'Pending';
  const ended = states.every(({ state }) => state?.terminated);
  if (!ended) return 'Running';
  const failed = states.some(({ state }) => state?.terminated?.exitCode !== 0);
  if (!seen.terminating && (policy === 'Always' || (policy === 'OnFailure' && failed))) return 'Running';
  return failed ? 'Failed' : 'Succeeded';
}

interface Draft {
  readonly type: string;
  readonly status: 'True' | 'False';
  readonly reason?: string;
  readonly message?: string;
}

function conditionsOf(pod: Pod, seen: PodObservation, phase: string): Draft[] {
  const completed = phase === 'Succeeded' || phase === 'Failed';
  const unready = seen.containers.filter(({ ready }) => !ready).map(({ name }) => name);
  const sidecars = seen.init.filter((status) =>
    pod.spec.initContainers?.some((spec) => spec.name === status.name && isSidecar(spec)),
  );
  unready.unshift(...sidecars.filter(({ ready }) => !ready).map(({ name }) => name));
  const words = { reason: 'ContainersNotReady', message: `containers with unready status: [${unready.join(' ')}]` };
  const done = phase === 'Succeeded' ? { reason: 'PodCompleted' } : { reason: 'PodFailed' };
  const containersReady: Draft = completed
    ? { type: 'ContainersReady', status: 'False', ...done }
    : unready.length > 0
      ? { type: 'ContainersReady', status: 'False', ...words }
      : { type: 'ContainersReady', status: 'True' };
  return [
    { type: 'PodReadyToStartContainers', status: seen.sandboxReady && !completed ? 'True' : 'False' },
    initialized(pod, seen, phase),
    readyCondition(pod, containersReady),
    containersReady,
    { type: 'PodScheduled', status: 'True' },
  ];
}

function initialized(pod: Pod, seen: PodObservation, phase: string): Draft {
  if (phase === 'Succeeded') return { type: 'Initialized', status: 'True', reason: 'PodCompleted' };
  const incomplete = seen.init.filter((status, i) => {
    const spec = pod.spec.initContainers?.[i];
    return spec && isSidecar(spec) ? status.started !== true : status.state?.terminated?.exitCode !== 0;
  });
  const running = seen.containers.some(
    ({ state, lastState }) => state?.running ?? state?.terminated ?? lastState?.terminated,
  );
  if (incomplete.length === 0 || running) return { type: 'Initialized', status: 'True' };
  const names = incomplete.map(({ name }) => name).join(' ');
  return {
    type: 'Initialized',
    status: 'False',
    reason: 'ContainersNotInitialized',
    message: `containers with incomplete status: [${names}]`,
  };
}

function readyCondition(pod: Pod, containersReady: Draft): Draft {
  if (containersReady.status === 'False') return { ...containersReady, type: 'Ready' };
  const missing: string[] = [];
  for (const { conditionType } of pod.spec.readinessGates ?? []) {
    const gate = pod.status?.conditions?.find(({ type }) => type === conditionType);
    if (!gate) missing.push(`corresponding condition of pod readiness gate "${conditionType}" does not exist.`);
    else if (gate.status !== 'True')
      missing.push(`the status of pod readiness gate "${conditionType}" is not "True", but ${gate.status}`);
  }
  if (missing.length === 0) return { type: 'Ready', status: 'True' };
  return { type: 'Ready', status: 'False', reason: 'ReadinessGatesNotReady', message: missing.join(', ') };
}

/** Keeps the time of a condition whose status did not change, and the conditions of others. */
function withTimes(pod: Pod, drafts: readonly Draft[], now: string): readonly Condition[] {
  const before = pod.status?.conditions ?? [];
  const own = drafts.map((draft): Condition => {
    const old = before.find(({ type }) => type === draft.type);
    const lastTransitionTime = old?.status === draft.status ? (old.lastTransitionTime ?? now) : now;
    return { ...draft, lastProbeTime: null, lastTransitionTime, observedGeneration: pod.metadata.generation ?? 1 };
  });
  return [...own, ...before.filter(({ type }) => !drafts.some((draft) => draft.type === type))];
}
