/**
 * The life of one container of a Pod: image, configuration, start, probes, end, back-off, again. Source: kubelet
 * `kuberuntime.SyncPod`, `startContainer`, `doBackOff`.
 * R-KUBELET-9: a container that ended is shown as terminated, and as CrashLoopBackOff while its back-off lasts.
 */
import { rfc3339, sleep } from '../../../kernel/clock.ts';
import { messageOf } from '../../../kernel/errors.ts';
import { findImage } from '../runtime/images/catalogue.ts';
import type { Image } from '../runtime/images/image.ts';
import type { Container } from '../runtime/container.ts';
import { StartError } from '../runtime/container.ts';
import { runAction } from './actions.ts';
import { BackOff, goSeconds } from './back-off.ts';
import type { KubeletContext } from './context.ts';
import { recordFor } from './context.ts';
import { ConfigTrouble } from './lookups.ts';
import type { ContainerSpec, ContainerState, ContainerStatus, Pod } from './pod.ts';
import { podLabel } from './pod.ts';
import { Probes } from './probes.ts';
import { containerId, mountStatus, restarts } from './container-rules.ts';
import { ensureImage } from './pull.ts';

/** What the runner needs of its Pod. */
export interface PodHost {
  pod(): Pod;
  podIP(): string;
  /** Throws ConfigTrouble. */
  makeContainer(spec: ContainerSpec, image: Image, id: string): Container;
  /** The container's state changed. */
  changed(): void;
}

export interface RunnerOptions {
  readonly context: KubeletContext;
  readonly host: PodHost;
  readonly spec: ContainerSpec;
  /** Always, OnFailure or Never, as it holds for this container. */
  readonly restartPolicy: string;
  readonly initial: ContainerState;
  /** What the API knew of it before this kubelet started. */
  readonly before: ContainerStatus | undefined;
}

const START_MS = 5;
/** The kubelet notices an end a moment later. */
const NOTICE_MS = 300;
const CONFIG_RETRY_MS = 2_000;

export class ContainerRunner {
  readonly #options: RunnerOptions;
  readonly #ended = new AbortController();
  readonly #restarts = new BackOff();
  readonly #pulls = new BackOff();
  #spec: ContainerSpec;
  #state: ContainerState;
  #last: ContainerState = {};
  /** How it ended last. */
  #end: ContainerState = {};
  #restartCount = 0;
  #id = '';
  #imageName = '';
  #imageID = '';
  #ready = false;
  #started = false;
  #container: Container | undefined;
  #previous: Container | undefined;
  #probes: Probes | undefined;
  #becameStarted: () => void = () => {};
  /** Resolves when the container has been started and its startup probe passed; sidecars hold the next container back so long. */
  readonly whenStarted: Promise<void>;
  readonly name: string;

  constructor(options: RunnerOptions) {
    this.#options = options;
    this.#spec = options.spec;
    this.name = options.spec.name;
    this.#imageName = options.spec.image;
    this.#state = options.initial;
    this.whenStarted = new Promise((resolve) => (this.#becameStarted = resolve));
    const { before } = options;
    if (!before) return;
    this.#restartCount = before.restartCount;
    this.#last = before.lastState ?? {};
    this.#imageID = before.imageID;
    this.#imageName = before.image;
    this.#id = before.containerID?.replace('containerd://', '') ?? '';
    // What was known holds until this kubelet knows better.
    this.#ready = before.ready;
    this.#started = before.started ?? false;
    if (before.state) this.#state = before.state;
    if (before.state?.terminated) this.#end = before.state;
  }

  get status(): ContainerStatus {
    const { resources } = this.#spec;
    const ran = this.#id !== '';
    return {
      name: this.name,
      state: this.#state,
      lastState: this.#last,
      ready: this.#ready,
      restartCount: this.#restartCount,
      image: this.#imageName,
      imageID: this.#imageID,
      started: this.#started,
      ...(ran ? { containerID: `containerd://${this.#id}` } : {}),
      ...(ran ? { resources: resources ?? {} } : {}),
      ...(resources?.requests && ran ? { allocatedResources: resources.requests } : {}),
      ...(ran
        ? { user: { linux: { gid: 0, supplementalGroups: [0], uid: this.#spec.securityContext?.runAsUser ?? 0 } } }
        : {}),
      ...(this.#spec.volumeMounts ? { volumeMounts: this.#spec.volumeMounts.map(mountStatus) } : {}),
    };
  }

  get state(): ContainerState {
    return this.#state;
  }

  /** The living container, or the one that ended last. */
  get container(): Container | undefined {
    return this.#container;
  }

  get previous(): Container | undefined {
    return this.#previous;
  }

  set waiting(waiting: { reason: string; message?: string }) {
    this.#state = { waiting };
  }

  /** Runs until the container has ended for good or the Pod is stopped. Never rejects. */
  async run(): Promise<void> {
    try {
      await this.#life();
    } catch (error) {
      if (this.#ended.signal.aborted) return;
      // One broken container must not end the cluster: it is told where a person looks.
      this.#event('Warning', 'Failed', `Error: ${messageOf(error)}`);
      this.waiting = { reason: 'CreateContainerError', message: messageOf(error) };
      this.#options.host.changed();
    }
  }

  /** The image of the Pod's spec was changed: the running container is replaced. */
  update(spec: ContainerSpec): void {
    const changed = spec.image !== this.#spec.image;
    this.#spec = spec;
    if (changed && this.#container?.running)
      void this.#kill(`Container ${this.name} definition changed, will be restarted`);
  }

  /** Ends it for good within the grace; a container that was not started only stops trying. */
  async stop(graceMs: number): Promise<void> {
    this.#ended.abort();
    this.#probes?.dispose();
    const container = this.#container;
    if (!container?.running) return;
    this.#event('Normal', 'Killing', `Stopping container ${this.name}`);
    await this.#shutDown(container, graceMs);
    this.#record(await container.exited);
  }

  /** Ends it now, without a word. */
  abandon(): void {
    this.#ended.abort();
    this.#probes?.dispose();
    this.#container?.kill();
  }

  async #life(): Promise<void> {
    const { before, restartPolicy } = this.#options;
    let resumed = before?.state?.running;
    if (this.#state.terminated && !restarts(restartPolicy, this.#state.terminated.exitCode)) return;
    for (;;) {
      const started = await this.#start(resumed?.startedAt);
      resumed = undefined;
      const code = started ? await this.#outcome() : 128;
      if (this.#ended.signal.aborted) return;
      this.#record(code);
      this.#options.host.changed();
      if (!restarts(restartPolicy, code)) return;
      await this.#backOff();
      this.#restartCount++;
    }
  }

  async #outcome(): Promise<number> {
    const container = this.#container;
    if (!container) return 128;
    const code = await container.exited;
    this.#probes?.dispose();
    return code;
  }

  /** False when the command could not be started; the state then says so. */
  async #start(resumedAt: string | undefined): Promise<boolean> {
    const { context, host } = this.#options;
    const image = await this.#image(resumedAt !== undefined);
    const id = resumedAt === undefined || this.#id === '' ? containerId(context.random) : this.#id;
    const container = await this.#configured(image, id);
    if (this.#container) this.#previous = this.#container;
    this.#container = container;
    if (resumedAt === undefined) await sleep(context.clock, START_MS, this.#ended.signal);
    this.#id = id;
    this.#imageName = image.name;
    this.#imageID = image.id;
    if (resumedAt === undefined) this.#event('Normal', 'Created', 'Container created');
    try {
      container.start();
    } catch (error) {
      if (!(error instanceof StartError)) throw error;
      this.#startFailed(id, error.message);
      return false;
    }
    if (resumedAt === undefined) this.#event('Normal', 'Started', 'Container started');
    this.#state = { running: { startedAt: resumedAt ?? rfc3339(context.clock.now()) } };
    if (this.#spec.lifecycle?.postStart) await this.#postStart(container);
    this.#watch(container);
    host.changed();
    return true;
  }

  async #image(present: boolean): Promise<Image> {
    const { context, host } = this.#options;
    for (;;) {
      if (present) {
        const known = findImage(this.#spec.image);
        if (known) {
          context.pulled.add(known.name);
          return known;
        }
      }
      const result = await ensureImage(context, { pod: host.pod(), container: this.#spec }, this.#ended.signal);
      if (result.ok) return result.image;
      this.waiting = { reason: result.reason, message: result.message };
      host.changed();
      const wait = this.#pulls.next(context.clock.now()) || this.#pulls.next(context.clock.now());
      await sleep(context.clock, NOTICE_MS, this.#ended.signal);
      if (result.reason === 'ErrImagePull') {
        this.#event('Normal', 'BackOff', `Back-off pulling image "${this.#spec.image}"`);
        this.#event('Warning', 'Failed', 'Error: ImagePullBackOff');
        this.waiting = {
          reason: 'ImagePullBackOff',
          message: `Back-off pulling image "${this.#spec.image}": ErrImagePull: ${result.message}`,
        };
        host.changed();
      }
      await this.#waitOrChange(wait);
    }
  }

  /** Waits; a changed image cuts it short. */
  async #waitOrChange(ms: number): Promise<void> {
    const { image } = this.#spec;
    const { clock } = this.#options.context;
    for (const end = clock.now() + ms; clock.now() < end && this.#spec.image === image;) {
      await sleep(clock, Math.min(1000, end - clock.now()), this.#ended.signal);
    }
  }

  async #configured(image: Image, id: string): Promise<Container> {
    const { context, host } = this.#options;
    for (;;) {
      try {
        return host.makeContainer(this.#spec, image, id);
      } catch (error) {
        if (!(error instanceof ConfigTrouble)) throw error;
        this.#event('Warning', 'Failed', `Error: ${error.message}`);
        this.waiting = { reason: 'CreateContainerConfigError', message: error.message };
        host.changed();
        await sleep(context.clock, CONFIG_RETRY_MS, this.#ended.signal);
      }
    }
  }

  #startFailed(id: string, words: string): void {
    const message = `failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: ${words}`;
    this.#event('Warning', 'Failed', `Error: ${message}`);
    const finishedAt = rfc3339(this.#options.context.clock.now());
    const terminated = {
      containerID: `containerd://${id}`,
      exitCode: 128,
      finishedAt,
      message,
      reason: 'StartError',
      startedAt: '1970-01-01T00:00:00Z',
    };
    this.#end = { terminated };
    if (!restarts(this.#options.restartPolicy, 128)) this.#state = this.#end;
    else {
      this.#last = this.#end;
      this.waiting = { reason: 'RunContainerError', message };
    }
  }

  async #postStart(container: Container): Promise<void> {
    const hook = this.#spec.lifecycle?.postStart;
    if (!hook) return;
    const result = await runAction(hook, this.#actionTarget(container), 30_000);
    if (result.ok) return;
    this.#event('Warning', 'FailedPostStartHook', 'PostStartHook failed');
    await this.#kill('FailedPostStartHook');
  }

  #watch(container: Container): void {
    const { host } = this.#options;
    this.#probes = new Probes(this.#actionTarget(container), {
      started: () => {
        this.#started = true;
        this.#becameStarted();
        host.changed();
      },
      ready: (ready) => {
        if (this.#ready === ready) return;
        this.#ready = ready;
        host.changed();
      },
      failed: (kind) => void this.#kill(`Container ${this.name} failed ${kind} probe, will be restarted`),
      unhealthy: (message) => this.#event('Warning', 'Unhealthy', message),
    });
    this.#probes.start();
  }

  #actionTarget(container: Container): ConstructorParameters<typeof Probes>[0] {
    const { context, host } = this.#options;
    return { container, spec: this.#spec, podIP: host.podIP(), network: context.network, clock: context.clock };
  }

  async #kill(message: string): Promise<void> {
    const container = this.#container;
    if (!container) return;
    this.#event('Normal', 'Killing', message);
    this.#probes?.dispose();
    await this.#shutDown(container, (this.#options.host.pod().spec.terminationGracePeriodSeconds ?? 30) * 1000);
  }

  async #shutDown(container: Container, graceMs: number): Promise<void> {
    const hook = this.#spec.lifecycle?.preStop;
    const { clock } = this.#options.context;
    const began = clock.monotonic();
    if (hook && graceMs > 0) {
      const result = await runAction(hook, this.#actionTarget(container), graceMs);
      if (!result.ok) this.#event('Warning', 'FailedPreStopHook', 'PreStopHook failed');
    }
    // R-KUBELET-10: the hook's time counts; TERM comes at least two seconds before KILL.
    await container.stop(graceMs === 0 ? 0 : Math.max(2_000, graceMs - (clock.monotonic() - began)));
  }

  #record(exitCode: number): void {
    const { clock } = this.#options.context;
    this.#ready = false;
    this.#started = false;
    if (!this.#state.running) return;
    const startedAt = this.#state.running?.startedAt ?? rfc3339(clock.now());
    const reason = exitCode === 0 ? 'Completed' : 'Error';
    this.#end = {
      terminated: {
        containerID: `containerd://${this.#id}`,
        exitCode,
        finishedAt: rfc3339(clock.now()),
        reason,
        startedAt,
      },
    };
    this.#state = this.#end;
  }

  async #backOff(): Promise<void> {
    const { context, host } = this.#options;
    const { signal } = this.#ended;
    await sleep(context.clock, NOTICE_MS, signal);
    const wait = this.#restarts.next(context.clock.now());
    if (wait > 0) {
      const label = podLabel(host.pod());
      this.#event('Warning', 'BackOff', `Back-off restarting failed container ${this.name} in pod ${label}`);
      this.waiting = {
        reason: 'CrashLoopBackOff',
        message: `back-off ${goSeconds(wait)} restarting failed container=${this.name} pod=${label}`,
      };
      this.#last = this.#end;
      host.changed();
      await sleep(context.clock, wait, signal);
    }
    this.#last = this.#end;
  }

  #event(type: 'Normal' | 'Warning', reason: string, message: string): void {
    recordFor(
      this.#options.context,
      { pod: this.#options.host.pod(), container: this.name },
      { type, reason, message },
    );
  }
}
