/**
 * The life of one Pod on a node: volumes, sandbox, init containers and sidecars in order, containers, end, deletion; it keeps the
 * status current in the API. Source: kubelet `pod_workers`, `SyncPod`, `SyncTerminatingPod`.
 * R-KUBELET-11: after a restart of the kubelet a Pod that was running goes on with the same container ids, restart counts and
 * start times; its programs start anew.
 */
import { rfc3339, sleep } from '../../../kernel/clock.ts';
import type { Disposable } from '../../../kernel/disposable.ts';
import { messageOf } from '../../../kernel/errors.ts';
import { isConflict, isNotFound } from '../../client/status.ts';
import { jsonEqual } from '../../../kernel/kube/object.ts';
import type { ContainerRunner as Runner } from './container-runner.ts';
import { ContainerRunner } from './container-runner.ts';
import type { KubeletContext } from './context.ts';
import { recordFor } from './context.ts';
import type { ContainerSpec, ContainerStatus, Pod } from './pod.ts';
import { isSidecar, isTerminal, restartPolicyOf } from './pod.ts';
import { MountTrouble, PodSandbox } from './pod-sandbox.ts';
import { podStatus } from './status.ts';

const SANDBOX_MS = 5;
const MOUNT_RETRY_MS = [500, 1_000, 2_000, 4_000, 8_000, 16_000];
const RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 30_000;
/** Starts that fall together are told in one write. */
const GATHER_MS = 2;

export class PodWorker implements Disposable {
  readonly #context: KubeletContext;
  /** The Pod is over, or the kubelet is. */
  readonly #ended = new AbortController();
  /** The kubelet is over: nothing more is written. */
  readonly #disposed = new AbortController();
  readonly #sandbox: PodSandbox;
  readonly #init: Runner[] = [];
  readonly #containers: Runner[] = [];
  readonly #ephemeral: Runner[] = [];
  readonly #startTime: string;
  readonly #resumed: boolean;
  #pod: Pod;
  #dirty = false;
  #writing: Promise<void> | undefined;
  #failure: { reason: string; message: string } | undefined;
  #terminating = false;
  #finished: boolean;

  constructor(context: KubeletContext, pod: Pod) {
    this.#context = context;
    this.#pod = pod;
    this.#sandbox = new PodSandbox(context, pod);
    this.#startTime = pod.status?.startTime ?? rfc3339(context.clock.now());
    this.#resumed = pod.status?.podIP !== undefined;
    this.#finished = isTerminal(pod);
    const waiting = pod.spec.initContainers?.length ? 'PodInitializing' : 'ContainerCreating';
    for (const spec of pod.spec.initContainers ?? [])
      this.#init.push(this.#runner(spec, 'PodInitializing', pod.status?.initContainerStatuses));
    for (const spec of pod.spec.containers)
      this.#containers.push(this.#runner(spec, waiting, pod.status?.containerStatuses));
    if (pod.metadata.deletionTimestamp !== undefined) void this.#terminate();
    else if (!this.#finished) void this.#run();
  }

  get pod(): Pod {
    return this.#pod;
  }

  get podIP(): string {
    return this.#sandbox.podIP;
  }

  /** How the runtime calls the Pod's sandbox and its network namespace. */
  get sandbox(): Pick<PodSandbox, 'id' | 'netns'> {
    return this.#sandbox;
  }

  runner(container: string): Runner | undefined {
    return [...this.#containers, ...this.#init, ...this.#ephemeral].find(({ name }) => name === container);
  }

  /** News of the Pod from the API. */
  update(pod: Pod): void {
    const specChanged = pod.spec !== this.#pod.spec && !jsonEqual(pod.spec, this.#pod.spec);
    this.#pod = pod;
    this.#sandbox.pod = pod;
    if (pod.metadata.deletionTimestamp !== undefined) void this.#terminate();
    else if (specChanged) {
      for (const spec of [...pod.spec.containers, ...(pod.spec.initContainers ?? [])])
        this.runner(spec.name)?.update(spec);
      this.#startEphemeral();
    }
    if (!isTerminal(pod) && this.#pod.spec.readinessGates) this.#changed();
  }

  /** A ConfigMap or Secret changed. */
  refresh(): void {
    if (!this.#finished && this.#sandbox.connected) this.#sandbox.refresh();
  }

  /** The Pod is gone from the API, or the node ends: everything stops now. */
  dispose(): void {
    this.#disposed.abort();
    this.#ended.abort();
    for (const runner of [...this.#containers, ...this.#init, ...this.#ephemeral]) runner.abandon();
    this.#sandbox.dispose();
  }

  #runner(spec: ContainerSpec, waiting: string, before: readonly ContainerStatus[] | undefined): Runner {
    return new ContainerRunner({
      context: this.#context,
      spec,
      restartPolicy: restartPolicyOf(this.#pod, spec),
      initial: { waiting: { reason: waiting } },
      before: before?.find(({ name }) => name === spec.name),
      host: {
        pod: () => this.#pod,
        podIP: () => this.podIP,
        makeContainer: (container, image, id) => this.#sandbox.makeContainer(container, image, id),
        changed: () => this.#changed(),
      },
    });
  }

  async #run(): Promise<void> {
    try {
      if (!this.#resumed) this.#changed();
      await this.#prepare();
      this.#limitTime();
      if (!(await this.#runInit())) return await this.#finish();
      for (const runner of this.#containers) {
        if (runner.status.state?.waiting?.reason === 'PodInitializing') runner.waiting = { reason: 'PodInitializing' };
      }
      this.#startEphemeral();
      this.#changed();
      await Promise.all(this.#containers.map((runner) => runner.run()));
      if (!this.#terminating && !this.#ended.signal.aborted) await this.#finish();
    } catch (error) {
      if (!this.#ended.signal.aborted && !this.#terminating) this.#event('Warning', 'FailedSync', messageOf(error));
    }
  }

  async #prepare(): Promise<void> {
    const { clock } = this.#context;
    const { signal } = this.#ended;
    for (let tries = 0; ; tries++) {
      try {
        await this.#sandbox.mount();
        break;
      } catch (error) {
        if (!(error instanceof MountTrouble)) throw error;
        this.#event('Warning', 'FailedMount', error.message);
        await sleep(clock, MOUNT_RETRY_MS[Math.min(tries, MOUNT_RETRY_MS.length - 1)] ?? 0, signal);
        if (this.#terminating) throw error;
      }
    }
    if (!this.#resumed) await sleep(clock, SANDBOX_MS, signal);
    while (!this.#sandbox.connect()) {
      this.#event(
        'Warning',
        'FailedCreatePodSandBox',
        'Failed to create pod sandbox: plugin type="ptp" failed (add): failed to allocate for range 0: no IP addresses available in range set',
      );
      await sleep(clock, 10_000, signal);
    }
    // Files such as the downward API's pod address are only known now.
    this.#sandbox.refresh();
    if (!this.#resumed) this.#changed();
  }

  /** R-KUBELET-12: init containers one after the other; a sidecar lets the next begin once it has started. False: one failed for good. */
  async #runInit(): Promise<boolean> {
    for (const [i, spec] of (this.#pod.spec.initContainers ?? []).entries()) {
      const runner = this.#init[i];
      if (!runner || this.#terminating) return false;
      if (isSidecar(spec)) {
        void runner.run();
        await runner.whenStarted;
        continue;
      }
      await runner.run();
      if (runner.state.terminated?.exitCode !== 0) return false;
      this.#changed();
    }
    return !this.#terminating;
  }

  #startEphemeral(): void {
    for (const spec of this.#pod.spec.ephemeralContainers ?? []) {
      if (this.runner(spec.name) || !this.#sandbox.connected) continue;
      const runner = this.#runner(spec, 'ContainerCreating', this.#pod.status?.ephemeralContainerStatuses);
      this.#ephemeral.push(runner);
      void runner.run();
    }
  }

  /** All containers ended by themselves: sidecars go last, then the Pod is over. */
  async #finish(): Promise<void> {
    if (this.#terminating || this.#ended.signal.aborted) return;
    for (const runner of [...this.#ephemeral, ...this.#sidecars()]) await runner.stop(this.#grace());
    this.#finished = true;
    this.#sandbox.dispose();
    this.#changed();
    await this.#writing;
  }

  #sidecars(): Runner[] {
    return this.#init
      .filter((_, i) => isSidecar(this.#pod.spec.initContainers?.[i] ?? { name: '', image: '' }))
      .reverse();
  }

  #grace(): number {
    const { metadata, spec } = this.#pod;
    return (metadata.deletionGracePeriodSeconds ?? spec.terminationGracePeriodSeconds ?? 30) * 1000;
  }

  /** R-KUBELET-13: deletion stops the containers within the grace, sidecars after the others, tells the last states and removes the Pod. */
  async #terminate(): Promise<void> {
    if (this.#terminating) return;
    this.#terminating = true;
    const { clock } = this.#context;
    const began = clock.monotonic();
    const left = (): number => (this.#grace() === 0 ? 0 : Math.max(0, this.#grace() - (clock.monotonic() - began)));
    const sidecars = this.#sidecars();
    const others = [
      ...this.#containers,
      ...this.#ephemeral,
      ...this.#init.filter((runner) => !sidecars.includes(runner)),
    ];
    await Promise.all(others.map((runner) => runner.stop(left())));
    for (const runner of sidecars) await runner.stop(left());
    this.#ended.abort();
    this.#finished = true;
    this.#sandbox.dispose();
    await this.#untilAnswered(() => this.#write());
    await this.#untilAnswered(() => this.#remove());
  }

  #limitTime(): void {
    const { activeDeadlineSeconds } = this.#pod.spec;
    if (activeDeadlineSeconds === undefined) return;
    const { clock } = this.#context;
    const due = Date.parse(this.#startTime) + activeDeadlineSeconds * 1000 - clock.now();
    void sleep(clock, Math.max(0, due), this.#ended.signal).then(
      async () => {
        this.#failure = {
          reason: 'DeadlineExceeded',
          message: 'Pod was active on the node longer than the specified deadline',
        };
        this.#event('Normal', 'DeadlineExceeded', this.#failure.message);
        await Promise.all(this.#containers.map((runner) => runner.stop(this.#grace())));
        await this.#finish();
      },
      () => {},
    );
  }

  #changed(): void {
    this.#dirty = true;
    this.#writing ??= this.#writeSoon().finally(() => (this.#writing = undefined));
  }

  async #writeSoon(): Promise<void> {
    while (this.#dirty && !this.#ended.signal.aborted) {
      await sleep(this.#context.clock, GATHER_MS, this.#ended.signal).catch(() => {});
      this.#dirty = false;
      if (!this.#ended.signal.aborted) await this.#untilAnswered(() => this.#write());
    }
  }

  /** Tries until it works or the kubelet ends: an API server that refuses, or whose disk is full, will be well again. */
  async #untilAnswered(action: () => Promise<void>): Promise<void> {
    for (let wait = RETRY_MS; !this.#disposed.signal.aborted; wait = Math.min(2 * wait, LONGEST_RETRY_MS)) {
      try {
        return await action();
      } catch {
        await sleep(this.#context.clock, wait, this.#disposed.signal).catch(() => {});
      }
    }
  }

  /** Writes the status when it differs from the one known. A Pod that is gone is not this worker's trouble. */
  async #write(): Promise<void> {
    const { client, clock, lookups } = this.#context;
    for (let tries = 0; tries < 5; tries++) {
      const pod = this.#pod;
      const status = podStatus(pod, {
        now: rfc3339(clock.now()),
        startTime: this.#startTime,
        hostIP: lookups.node.ip,
        podIP: this.#sandbox.podIP || undefined,
        sandboxReady: this.#sandbox.connected,
        init: this.#init.map((runner) => runner.status),
        containers: this.#containers.map((runner) => runner.status),
        ephemeral: this.#ephemeral.map((runner) => runner.status),
        terminating: this.#terminating,
        ...(this.#failure ? { failure: this.#failure } : {}),
      });
      if (jsonEqual(status, pod.status)) return;
      try {
        const stored = await client.updateStatus({ ...pod, status });
        if (this.#pod === pod) this.#adopt(stored as Pod);
        return;
      } catch (error) {
        if (isNotFound(error)) return;
        if (!isConflict(error)) throw error;
        const { name = '', namespace } = pod.metadata;
        const now = await client.get({
          apiVersion: 'v1',
          kind: 'Pod',
          name,
          ...(namespace === undefined ? {} : { namespace }),
        });
        if (!now || now.metadata.uid !== pod.metadata.uid) return;
        this.#adopt(now as Pod);
      }
    }
  }

  /** The API server validated it as a Pod. */
  #adopt(pod: Pod): void {
    this.#pod = pod;
    this.#sandbox.pod = pod;
  }

  async #remove(): Promise<void> {
    const { name = '', namespace, uid } = this.#pod.metadata;
    try {
      const ref = { apiVersion: 'v1', kind: 'Pod', name, ...(namespace === undefined ? {} : { namespace }) };
      await this.#context.client.deleteWith(ref, {
        gracePeriodSeconds: 0,
        ...(uid === undefined ? {} : { preconditions: { uid } }),
      });
    } catch (error) {
      if (!isNotFound(error) && !isConflict(error)) throw error;
    }
  }

  #event(type: 'Normal' | 'Warning', reason: string, message: string): void {
    recordFor(this.#context, { pod: this.#pod }, { type, reason, message });
  }
}
