/**
 * One container: an image's files with its own changes above, a process table whose process 1 is the container's life, a log,
 * and whoever is attached. Knows nothing of Pods or Kubernetes.
 */
import type { Clock } from '../../../kernel/clock.ts';
import { sleep } from '../../../kernel/clock.ts';
import type { Random } from '../../../kernel/random.ts';
import type { ProcessIo } from '../../client/transport.ts';
import type { Mount } from './files.ts';
import { FileView, Layer } from './files.ts';
import type { Image } from './images/image.ts';
import { LogRing } from './log.ts';
import { execFailure, findProgram } from './lookup.ts';
import { Pipe, emptySource, encode, sinkOf } from './pipe.ts';
import type { Source } from './pipe.ts';
import type { Process, World } from './process.ts';
import { ProcessTable } from './process.ts';
import { programs } from './programs/index.ts';
import type { PodSocket } from './socket.ts';
import { Tty } from './tty.ts';

export interface ContainerConfig {
  /** 64 hexadecimal digits. */
  readonly id: string;
  readonly image: Image;
  readonly command: readonly string[];
  readonly env: ReadonlyMap<string, string>;
  readonly workingDir?: string;
  readonly mounts: readonly Mount[];
  /** Files that the kubelet writes, such as /etc/hosts. */
  readonly files: ReadonlyMap<string, string>;
  readonly hostname: string;
  readonly network: PodSocket;
  readonly stdin: boolean;
  readonly stdinOnce: boolean;
  readonly tty: boolean;
  readonly readOnlyRoot: boolean;
  readonly clock: Clock;
  readonly random: Random;
}

/** The command could not be started; the message is the low-level runtime's. */
export class StartError extends Error {}

const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

interface Viewer {
  stdout(chunk: Uint8Array): void;
  stderr(chunk: Uint8Array): void;
}

export class Container {
  readonly config: ContainerConfig;
  readonly log: LogRing;
  readonly #table: ProcessTable;
  readonly #viewers = new Set<Viewer>();
  readonly #stdin: Pipe | undefined;
  readonly #tty: Tty | undefined;
  #main: Process | undefined;

  constructor(config: ContainerConfig) {
    this.config = config;
    const now = (): number => config.clock.now();
    this.log = new LogRing(now);
    const root = new Layer({ lower: config.image.files(), readOnly: config.readOnlyRoot, mtime: now() });
    for (const [path, text] of config.files)
      root.set(path.slice(1), { kind: 'file', bytes: encode(text), mode: 0o644, mtime: now() });
    const files = new FileView([{ path: '/', layer: root, subPath: '', readOnly: false }, ...config.mounts], now);
    const world: World = {
      files,
      network: config.network,
      hostname: config.hostname,
      clock: config.clock,
      random: config.random,
      program: (name) => programs.get(name),
    };
    this.#table = new ProcessTable(world);
    if (config.tty) this.#tty = this.#terminal((chunk) => this.#emit('stdout', chunk));
    else if (config.stdin) this.#stdin = new Pipe();
  }

  /** Process 1's end; 137 when killed. */
  get exited(): Promise<number> {
    return this.#main?.exited ?? Promise.resolve(128);
  }

  get running(): boolean {
    return this.#main !== undefined && !this.#main.ended;
  }

  /** Starts process 1. Throws StartError. */
  start(): void {
    const { command } = this.config;
    const stdin = this.#tty ?? this.#stdin ?? emptySource;
    const stdout = this.#tty ?? sinkOf((chunk) => this.#emit('stdout', chunk));
    const stderr = this.#tty ?? sinkOf((chunk) => this.#emit('stderr', chunk));
    this.#main = this.#spawn(command, { stdin, stdout, stderr, ...(this.#tty ? { tty: this.#tty } : {}) });
    void this.#main.exited.then(() => {
      this.log.end();
      this.#tty?.hangUp();
    });
  }

  /** TERM, then KILL after the grace; resolves when process 1 has ended. */
  async stop(graceMs: number): Promise<void> {
    const main = this.#main;
    if (!main || main.ended) return;
    const done = new AbortController();
    void main.exited.then(() => done.abort());
    if (graceMs > 0) {
      main.deliver('TERM');
      await sleep(this.config.clock, graceMs, done.signal).catch(() => {});
    }
    main.end(137);
  }

  /** Ends everything at once, as when the node is switched off. */
  kill(): void {
    this.#main?.end(137);
    this.#table.killAll();
  }

  /** Runs a command beside process 1. Throws StartError. */
  async exec(command: readonly string[], io: ProcessIo): Promise<number> {
    const out = (to: (chunk: Uint8Array) => void) => sinkOf((chunk) => (io.signal.aborted ? undefined : to(chunk)));
    const tty = io.tty ? this.#terminal((chunk) => (io.signal.aborted ? undefined : io.stdout(chunk))) : undefined;
    const input = tty ? undefined : io.stdin && new Pipe();
    const process = this.#spawn(command, {
      stdin: tty ?? input ?? emptySource,
      stdout: tty ?? out((chunk) => io.stdout(chunk)),
      stderr: tty ?? out((chunk) => io.stderr(chunk)),
      ...(tty ? { tty } : {}),
    });
    void feed(io, tty, input);
    const gone = (): void => {
      tty?.hangUp();
      input?.end();
      // A terminal that hangs up ends its shell; other commands run on, as they do in a real container.
      if (tty) process.end(129);
    };
    io.signal.addEventListener('abort', gone, { once: true });
    const code = await process.exited;
    io.signal.removeEventListener('abort', gone);
    return code;
  }

  /** Shows process 1's output from now on and feeds its input. */
  async attach(io: ProcessIo): Promise<number> {
    const main = this.#main;
    if (!main) return 128;
    const viewer: Viewer = { stdout: (chunk) => io.stdout(chunk), stderr: (chunk) => io.stderr(chunk) };
    this.#viewers.add(viewer);
    const { stdinOnce } = this.config;
    void feed(io, this.#tty, this.#stdin, stdinOnce);
    const gone = new Promise<number>((resolve) =>
      io.signal.addEventListener('abort', () => resolve(0), { once: true }),
    );
    const code = await Promise.race([main.exited, gone]);
    this.#viewers.delete(viewer);
    return code;
  }

  #terminal(draw: (chunk: Uint8Array) => void): Tty {
    const tty = new Tty(draw);
    tty.onInterrupt = () => {
      for (const process of this.#table.living) if (process.tty === tty) process.deliver('INT');
    };
    return tty;
  }

  #spawn(
    command: readonly string[],
    streams: { stdin: Source; stdout: Process['stdout']; stderr: Process['stderr']; tty?: Tty },
  ): Process {
    const { image, workingDir, hostname } = this.config;
    const env = new Map([['PATH', DEFAULT_PATH], ['HOSTNAME', hostname], ...image.env, ...this.config.env]);
    if (streams.tty) env.set('TERM', 'xterm');
    if (!env.has('HOME')) env.set('HOME', image.home ?? '/root');
    const cwd = workingDir ?? image.workingDir ?? '/';
    const name = command[0] ?? '';
    const found = findProgram(name, { world: this.#table.world, path: env.get('PATH') ?? DEFAULT_PATH, cwd });
    if (!found.ok) throw new StartError(`unable to start container process: ${execFailure(name, found.reason)}`);
    const args = found.prefix ? [...found.prefix, found.path, ...command.slice(1)] : command;
    return this.#table.start(found.program, { args, env, cwd, ...streams });
  }

  #emit(stream: 'stdout' | 'stderr', chunk: Uint8Array): void {
    this.log.append(chunk);
    for (const viewer of this.#viewers) viewer[stream](chunk);
  }
}

/** Carries the caller's input to a terminal or a pipe. */
async function feed(io: ProcessIo, tty: Tty | undefined, pipe: Pipe | undefined, closeAtEnd = true): Promise<void> {
  if (!io.stdin) return;
  try {
    for await (const chunk of io.stdin) {
      if (tty) tty.type(chunk);
      else await pipe?.write(chunk);
    }
  } catch {
    // The caller's connection broke: the same as its end.
  }
  if (closeAtEnd) {
    if (tty) tty.hangUp();
    else pipe?.end();
  }
}
