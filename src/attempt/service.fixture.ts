/** An attempt service on make-believe sandboxes, labs and shells, with a real store; for the tests of attempts. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManualClock } from '../../kernel/clock.manual.ts';
import { disposable } from '../../kernel/disposable.ts';
import { InputError } from '../../kernel/errors.ts';
import type { KubeObject, WatchEvent } from '../../kernel/kube/object.ts';
import type { ClusterHandle, Sandbox, SandboxDriver, TerminalSession } from '../../sandbox/contract.ts';
import { openStore } from '../storage/sqlite.ts';
import type { Store } from '../storage/store.ts';
import type { PreparedLab, Sighting } from './prepared-lab.ts';
import { AttemptService } from './service.ts';

export class FakeCluster implements ClusterHandle {
  readonly objects: KubeObject[] = [];
  readonly watchers = new Map<(event: WatchEvent) => void, string>();

  add(object: KubeObject): void {
    this.objects.push(object);
    for (const [watcher, kind] of this.watchers) if (kind === object.kind) watcher({ type: 'ADDED', object });
  }

  watch({ kind }: { kind: string }, onEvent: (event: WatchEvent) => void): { dispose(): void } {
    this.watchers.set(onEvent, kind);
    for (const object of this.objects) if (object.kind === kind) onEvent({ type: 'ADDED', object });
    return disposable(() => this.watchers.delete(onEvent));
  }

  get = (): Promise<undefined> => Promise.resolve(undefined);
  list = (): Promise<never> => Promise.reject(new Error('not asked here'));
  logs = (): Promise<string> => Promise.resolve('');
  exec = (): Promise<never> => Promise.reject(new Error('not asked here'));
  kubeconfig = (): string => '';
  apply = (objects: readonly KubeObject[]): Promise<readonly KubeObject[]> => Promise.resolve(objects);
  patch = (): Promise<never> => Promise.reject(new Error('not asked here'));
  delete = (): Promise<boolean> => Promise.resolve(false);
}

/** Sandboxes outlive drivers, as real ones outlive the server. */
export class FakeDriver implements SandboxDriver {
  readonly name = 'fake';
  readonly capabilities = new Set(['exec'] as const);
  readonly existing = new Map<string, FakeCluster>();
  readonly closed: string[] = [];
  failure: Error | undefined;
  openFailure: Error | undefined;
  /** Creation waits for it. */
  gate: Promise<void> = Promise.resolve();

  probe = (): Promise<{ ok: true; detail: string }> => Promise.resolve({ ok: true, detail: '' });
  list = (): Promise<string[]> => Promise.resolve([...this.existing.keys()]);

  async create(...[spec, { id, onProgress, signal }]: Parameters<SandboxDriver['create']>): Promise<Sandbox> {
    onProgress({ step: 'Start the API server', state: 'started' });
    await this.gate;
    signal.throwIfAborted();
    if (this.failure) throw this.failure;
    onProgress({ step: 'Start the API server', state: 'done' });
    const cluster = new FakeCluster();
    this.existing.set(id, cluster);
    return this.#sandbox(id, cluster, spec);
  }

  async open(id: string): Promise<Sandbox | undefined> {
    if (this.openFailure) throw this.openFailure;
    const cluster = this.existing.get(id);
    return cluster && this.#sandbox(id, cluster, { topology: 'K3', needs: [] });
  }

  async destroy(id: string): Promise<void> {
    this.existing.delete(id);
  }

  #sandbox(id: string, cluster: FakeCluster, spec: Sandbox['spec']): Sandbox {
    return {
      id,
      driver: this.name,
      spec,
      version: 'v1.36.3',
      cluster,
      connect: () => {},
      close: async () => void this.closed.push(id),
    };
  }
}

/** A lab with two criteria, of which the second is told only by Check; the test says what the first look sees. */
export class FakeLab implements PreparedLab {
  readonly id = 'lab';
  readonly title = 'A lab';
  readonly view = 'pods';
  readonly contexts = [];
  readonly spec: PreparedLab['spec'];
  readonly html: string;
  readonly tasks = [
    {
      id: 'task',
      title: 'The task',
      criteria: [
        { id: 'first', title: 'First', points: 2, hints: ['look', 'look there'], onCheckOnly: false },
        { id: 'second', title: 'Second', points: 3, hints: [], onCheckOnly: true },
      ],
      questions: [{ id: 'q', prompt: 'Which?' }],
    },
  ];
  look: ((sightings: readonly Sighting[]) => void) | undefined;
  answers: Readonly<Record<string, string>> = {};
  passedBefore: readonly string[] = [];
  held = 0;
  /** Runs between the first result of a check and its report. */
  midway = async (): Promise<void> => {};
  outcome: 'pass' | 'fail' | 'ungraded' = 'pass';
  setUpFailure: Error | undefined;

  constructor(seed: string, needs: PreparedLab['spec']['needs'] = []) {
    this.html = `<p>${seed}</p>`;
    this.spec = { topology: 'K3', needs };
  }

  async setUp(): Promise<unknown> {
    if (this.setUpFailure) throw this.setUpFailure;
    return { base: 1 };
  }

  watch({ answers, passedBefore, onChange }: Parameters<PreparedLab['watch']>[0]): ReturnType<PreparedLab['watch']> {
    this.answers = answers;
    this.passedBefore = passedBefore;
    this.look = onChange;
    return {
      answersChanged: (changed) => void (this.answers = changed),
      unchangedFor: () => 0,
      hold: () => (this.held++, disposable(() => void this.held--)),
      dispose: () => void (this.look = undefined),
    };
  }

  async grade({ task, onResult }: Parameters<PreparedLab['grade']>[0]): ReturnType<PreparedLab['grade']> {
    const criteria = this.tasks[0]?.criteria.map(({ id, title, points: of }) => {
      const pass = this.outcome === 'pass';
      return {
        id,
        title,
        verdict: this.outcome === 'ungraded' ? ('error' as const) : this.outcome,
        points: pass ? of : 0,
        of,
        observation: { saw: 'this', wanted: 'that' },
      };
    });
    const [first] = criteria ?? [];
    if (first) onResult({ ...first, ...first.observation });
    await this.midway();
    const points = this.outcome === 'pass' ? 5 : 0;
    const judged = { id: 'task', title: 'The task', points, of: 5, criteria: criteria ?? [] };
    return {
      version: 1,
      lab: 'lab',
      at: '2026-01-01T00:00:05Z',
      outcome: this.outcome,
      points,
      of: 5,
      score: points / 5,
      tasks: task === undefined || task === 'task' ? [judged] : [],
    };
  }
}

export interface World {
  readonly clock: ManualClock;
  readonly driver: FakeDriver;
  readonly labs: FakeLab[];
  readonly troubles: string[];
  readonly removed: string[];
  shells: number;
  store: Store;
  service: AttemptService;
  needs: PreparedLab['spec']['needs'];
  setUpFailure: Error | undefined;
  /** A new server on the same disk. */
  restart(): Promise<void>;
  end(): Promise<void>;
}

export function world(): World {
  const directory = mkdtempSync(join(tmpdir(), 'drydock-attempt-'));
  const store = openStore(directory);
  const made: Omit<World, 'service'> & { service?: AttemptService } = {
    clock: new ManualClock(),
    driver: new FakeDriver(),
    labs: [],
    troubles: [],
    removed: [],
    shells: 0,
    store,
    needs: [],
    setUpFailure: undefined,
    async restart() {
      whole.store.close();
      whole.store = openStore(directory);
      whole.service = serviceOf(whole);
      await whole.service.restore();
    },
    async end() {
      await whole.service.close();
      whole.store.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
  const whole: World = Object.assign(made, { service: serviceOf(made) });
  return whole;
}

function serviceOf(w: Omit<World, 'service'>): AttemptService {
  return new AttemptService({
    store: w.store,
    driver: w.driver,
    clock: w.clock,
    explain: () => undefined,
    onTrouble: (_, error) => void w.troubles.push(String(error)),
    labs: {
      prepare(id, seed) {
        if (id !== 'lab') throw new InputError('unknown-lab', 'there is no such lab');
        const lab = new FakeLab(seed, w.needs);
        lab.setUpFailure = w.setUpFailure;
        w.labs.push(lab);
        return lab;
      },
    },
    workstations: {
      shell: { kind: 'isolated' },
      async open() {
        return { openTerminal: (id) => (w.shells++, shell(id)), dispose: () => {} };
      },
      remove: async (sandbox) => void w.removed.push(sandbox),
    },
  });
}

function shell(id: string): TerminalSession {
  return {
    id,
    exited: new Promise(() => {}),
    write: () => true,
    resize: () => {},
    attach: () => ({ acknowledge: () => {}, dispose: () => {} }),
    dispose: () => {},
  };
}
