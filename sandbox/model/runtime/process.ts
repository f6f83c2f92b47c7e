/**
 * Processes of a container: they run a Program, own what they open, and end by returning, by a signal or with their container.
 * R-RUNTIME-1: a signal without a handler ends a process with 128+n, but process 1 ignores it unless it is KILL (Linux: init is
 * protected from default actions), so a plain `sleep` takes its whole grace period to be deleted.
 */
import type { Clock } from '../../../kernel/clock.ts';
import { sleep } from '../../../kernel/clock.ts';
import { DisposableStore } from '../../../kernel/disposable.ts';
import type { Random } from '../../../kernel/random.ts';
import type { FileView } from './files.ts';
import { normalise } from './files.ts';
import type { PodSocket } from './socket.ts';
import { BrokenPipe, encode } from './pipe.ts';
import type { Sink, Source } from './pipe.ts';
import type { Tty } from './tty.ts';

export const SIGNALS = {
  HUP: 1,
  INT: 2,
  QUIT: 3,
  KILL: 9,
  USR1: 10,
  USR2: 12,
  PIPE: 13,
  ALRM: 14,
  TERM: 15,
  CHLD: 17,
  CONT: 18,
  STOP: 19,
} as const;
export type SignalName = keyof typeof SIGNALS;

export function signalName(text: string): SignalName | undefined {
  const bare = text.replace(/^SIG/, '').toUpperCase();
  for (const name of Object.keys(SIGNALS)) {
    if (isSignal(name) && (name === bare || String(SIGNALS[name]) === bare)) return name;
  }
  return undefined;
}

function isSignal(name: string): name is SignalName {
  return name in SIGNALS;
}

/** What an executable does. Returns the exit code; a thrown BrokenPipe is SIGPIPE. */
export type Program = (process: Process) => Promise<number>;

/** What a process sees of its container. */
export interface World {
  readonly files: FileView;
  readonly network: PodSocket;
  readonly hostname: string;
  readonly clock: Clock;
  readonly random: Random;
  /** The program of a name from the image's table. */
  program(name: string): Program | undefined;
}

export interface ProcessOptions {
  readonly args: readonly string[];
  readonly env: ReadonlyMap<string, string>;
  readonly cwd: string;
  readonly stdin: Source;
  readonly stdout: Sink;
  readonly stderr: Sink;
  readonly tty?: Tty;
  readonly parent?: Process;
}

const never = new Promise<never>(() => {});

export class Process {
  readonly pid: number;
  /** Changed by `exec`, as are the environment and the streams. */
  args: readonly string[];
  env: Map<string, string>;
  cwd: string;
  stdin: Source;
  stdout: Sink;
  stderr: Sink;
  readonly tty: Tty | undefined;
  readonly parent: Process | undefined;
  readonly table: ProcessTable;
  readonly startedAt: number;
  /** Closed when the process ends. */
  readonly owned = new DisposableStore();
  readonly handlers = new Map<SignalName, () => void>();
  readonly exited: Promise<number>;
  readonly #controller = new AbortController();
  #resolve: (code: number) => void = () => {};

  constructor(table: ProcessTable, pid: number, options: ProcessOptions) {
    this.table = table;
    this.pid = pid;
    this.args = options.args;
    this.env = new Map(options.env);
    this.cwd = options.cwd;
    this.stdin = options.stdin;
    this.stdout = options.stdout;
    this.stderr = options.stderr;
    this.tty = options.tty;
    this.parent = options.parent;
    this.startedAt = table.world.clock.now();
    this.exited = new Promise((resolve) => (this.#resolve = resolve));
  }

  get world(): World {
    return this.table.world;
  }

  /** Aborts when the process ends. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get ended(): boolean {
    return this.#controller.signal.aborted;
  }

  path(path: string): string {
    return normalise(path, this.cwd);
  }

  /** Standard input; a process that has ended is never resumed. */
  async read(): Promise<Uint8Array | undefined> {
    const chunk = await this.stdin.read(this.signal);
    return this.ended ? never : chunk;
  }

  async out(content: string | Uint8Array): Promise<void> {
    if (this.ended) return never;
    await this.stdout.write(typeof content === 'string' ? encode(content) : content);
  }

  /** Writes to standard error; a gone reader is not this process's trouble. */
  async err(text: string): Promise<void> {
    if (this.ended) return never;
    await this.stderr.write(encode(text)).catch(() => {});
  }

  /** Waits; ends with the process. */
  async sleep(ms: number): Promise<void> {
    await sleep(this.world.clock, ms, this.signal).catch(() => never);
  }

  /** Runs until a signal ends it: the life of a daemon. `code` is its answer to TERM, INT and QUIT. */
  untilTerminated(code = 0): Promise<number> {
    return new Promise((resolve) => {
      for (const name of ['TERM', 'INT', 'QUIT'] as const) this.handlers.set(name, () => resolve(code));
    });
  }

  deliver(name: SignalName): void {
    if (this.ended) return;
    const handler = this.handlers.get(name);
    if (name === 'KILL') this.end(137);
    else if (handler) handler();
    else if (this.pid !== 1 && name !== 'CHLD' && name !== 'CONT') this.end(128 + SIGNALS[name]);
  }

  /** Ends it now with this exit code. */
  end(code: number): void {
    if (this.ended) return;
    this.#controller.abort();
    this.owned.dispose();
    this.table.remove(this);
    this.#resolve(code);
  }
}

export class ProcessTable {
  readonly world: World;
  readonly #living = new Map<number, Process>();
  #next = 1;

  constructor(world: World) {
    this.world = world;
  }

  get living(): readonly Process[] {
    return [...this.#living.values()];
  }

  find(pid: number): Process | undefined {
    return this.#living.get(pid);
  }

  /** Starts a program as a new process. */
  start(program: Program, options: ProcessOptions): Process {
    const process = new Process(this, this.#next++, options);
    this.#living.set(process.pid, process);
    void run(program, process).then((code) => process.end(code));
    return process;
  }

  remove(process: Process): void {
    this.#living.delete(process.pid);
    if (process.pid === 1) this.killAll();
  }

  killAll(): void {
    for (const process of this.living) process.end(137);
  }
}

async function run(program: Program, process: Process): Promise<number> {
  try {
    return await program(process);
  } catch (error) {
    if (error instanceof BrokenPipe) return 128 + SIGNALS.PIPE;
    if (error instanceof ExitRequest) return error.code;
    await process.err(`${process.args[0] ?? ''}: ${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}

/** Thrown by a program to end with a code from deep inside. */
export class ExitRequest extends Error {
  readonly code: number;
  constructor(code: number) {
    super(`exit ${code}`);
    this.code = code;
  }
}
