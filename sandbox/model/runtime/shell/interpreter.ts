/**
 * Runs syntax trees. Each pipeline part and subshell is a process of its own; builtins run inside the shell.
 */
import { FsError } from '../files.ts';
import { findProgram } from '../lookup.ts';
import { Pipe, concat, decode, emptySource } from '../pipe.ts';
import { ExitRequest } from '../process.ts';
import type { Process } from '../process.ts';
import type { Command } from './ast.ts';
import { ExpansionTrouble, expandPattern, expandText, expandWords } from './expand.ts';
import type { ExpansionContext } from './expand.ts';
import { LineInput } from './input.ts';
import { Interrupted, LoopJump, ReturnRequest } from './jumps.ts';
import { parse } from './parser.ts';
import { patternToRegExp } from './pattern.ts';
import { RedirectTrouble, redirect } from './redirect.ts';
import type { Io } from './redirect.ts';
import { shellBody } from './shell-body.ts';
import type { ShellState } from './state.ts';
import { Throttle } from './throttle.ts';

/** A command that runs inside the shell. */
export type Builtin = (shell: Interpreter, args: readonly string[], io: Io) => Promise<number>;

export class Interpreter implements ExpansionContext {
  readonly state: ShellState;
  readonly process: Process;
  interrupted = false;
  #pendingTraps: string[] = [];
  #wakeWait: () => void = () => {};
  readonly #builtins: ReadonlyMap<string, Builtin>;
  readonly #throttle: Throttle;

  constructor(process: Process, state: ShellState, builtins: ReadonlyMap<string, Builtin>) {
    this.process = process;
    this.state = state;
    this.#builtins = builtins;
    this.#throttle = new Throttle(process);
  }

  get files(): Process['world']['files'] {
    return this.process.world.files;
  }

  get pid(): number {
    return this.process.pid;
  }

  cwd(): string {
    return this.process.cwd;
  }

  ownIo(): Io {
    const stdin = LineInput.of(this.process.stdin);
    this.process.stdin = stdin;
    return { stdin, stdout: this.process.stdout, stderr: this.process.stderr };
  }

  /** Parses and runs text in this shell. */
  async runText(source: string, io: Io = this.ownIo()): Promise<number> {
    return this.run(parse(source), io);
  }

  async run(command: Command, io: Io): Promise<number> {
    const status = await this.#dispatch(command, io);
    this.state.status = status;
    await this.#afterCommand();
    return status;
  }

  /** A signal came for which a trap is set; it runs between commands. */
  trapped(action: string): void {
    this.#pendingTraps.push(action);
    this.#wakeWait();
  }

  /** Waits for a process, or for a trapped signal. */
  async waitFor(process: Process): Promise<number> {
    if (this.#pendingTraps.length > 0) return 143;
    return Promise.race([process.exited, new Promise<number>((resolve) => (this.#wakeWait = () => resolve(143)))]);
  }

  async runTraps(): Promise<void> {
    for (const action of this.#pendingTraps.splice(0)) {
      const { status } = this.state;
      await this.run(parse(action), this.ownIo());
      this.state.status = status;
    }
  }

  async #afterCommand(): Promise<void> {
    if (this.process.ended) await new Promise<never>(() => {});
    if (this.interrupted) throw new Interrupted('interrupted');
    if (this.#pendingTraps.length > 0) await this.runTraps();
    await this.#throttle.pause();
  }

  async #dispatch(command: Command, io: Io): Promise<number> {
    switch (command.kind) {
      case 'simple':
        return this.#guarded(() => this.#simple(command, io), io);
      case 'pipeline': {
        const status =
          command.commands.length === 1 && command.commands[0]
            ? await this.#test(command.commands[0], io)
            : await this.#pipeline(command.commands, io);
        return command.negated ? (status === 0 ? 1 : 0) : status;
      }
      case 'and':
      case 'or': {
        const left = await this.#test(command.left, io);
        return (left === 0) === (command.kind === 'and') ? this.run(command.right, io) : left;
      }
      case 'list':
        return this.#list(command, io);
      case 'function':
        this.state.functions.set(command.name, command.body);
        return 0;
      default:
        return this.#guarded(async () => this.#compound(command, await redirect(io, command.redirections, this)), io);
    }
  }

  async #list(command: Command & { kind: 'list' }, io: Io): Promise<number> {
    let status = 0;
    for (const item of command.items) {
      if (item.background) {
        this.#background(item.command, item.source, io);
        status = 0;
        continue;
      }
      status = await this.run(item.command, io);
      const tested =
        item.command.kind === 'and' ||
        item.command.kind === 'or' ||
        (item.command.kind === 'pipeline' && item.command.negated);
      if (status !== 0 && this.state.options.has('e') && !tested && !this.#testing) throw new ExitRequest(status);
    }
    return status;
  }

  #testing = false;

  /** Runs a condition: `set -e` does not look at it. */
  async #test(command: Command, io: Io): Promise<number> {
    const before = this.#testing;
    this.#testing = true;
    try {
      return await this.run(command, io);
    } finally {
      this.#testing = before;
    }
  }

  async #compound(command: Command, io: Io): Promise<number> {
    switch (command.kind) {
      case 'group':
        return this.run(command.body, io);
      case 'subshell':
        return this.fork(io, command.body).exited;
      case 'if':
        for (const { test, body } of command.arms) if ((await this.#test(test, io)) === 0) return this.run(body, io);
        return command.otherwise ? this.run(command.otherwise, io) : 0;
      case 'loop': {
        let status = 0;
        while (((await this.#test(command.test, io)) === 0) !== command.until) {
          const round = await this.#round(command.body, io);
          if (round === 'break') break;
          status = round;
        }
        return status;
      }
      case 'for': {
        let status = 0;
        const words = command.words ? await expandWords(command.words, this) : this.state.parameters;
        for (const word of words) {
          this.state.set(command.name, word);
          const round = await this.#round(command.body, io);
          if (round === 'break') break;
          status = round;
        }
        return status;
      }
      case 'case': {
        const subject = await expandText(command.word, this);
        for (const { patterns, body } of command.arms) {
          for (const pattern of patterns) {
            if (patternToRegExp(await expandPattern(pattern, this)).test(subject)) return this.run(body, io);
          }
        }
        return 0;
      }
      default:
        return this.run(command, io);
    }
  }

  async #round(body: Command, io: Io): Promise<number | 'break'> {
    try {
      return await this.run(body, io);
    } catch (error) {
      if (!(error instanceof LoopJump)) throw error;
      if (--error.levels > 0) throw error;
      return error.kind === 'break' ? 'break' : 0;
    }
  }

  async #pipeline(commands: readonly Command[], io: Io): Promise<number> {
    const running: Process[] = [];
    let stdin = io.stdin;
    let before: Pipe | undefined;
    for (const [i, command] of commands.entries()) {
      const after = i < commands.length - 1 ? new Pipe() : undefined;
      const part = this.fork({ stdin, stdout: after ?? io.stdout, stderr: io.stderr }, command);
      const input = before;
      void part.exited.then(() => {
        after?.end();
        input?.close();
      });
      running.push(part);
      before = after;
      if (after) stdin = LineInput.of(after);
    }
    const statuses = await Promise.all(running.map((part) => part.exited));
    return statuses.at(-1) ?? 0;
  }

  /** A subshell that runs a command. */
  fork(io: Io, command: Command): Process {
    const state = this.state.copy();
    return this.process.table.start(
      (process) => shellBody(new Interpreter(process, state, this.#builtins), (shell) => shell.run(command, io)),
      { args: this.process.args, env: this.process.env, cwd: this.process.cwd, ...io, ...this.#lineage() },
    );
  }

  #lineage(): { parent: Process; tty?: NonNullable<Process['tty']> } {
    return { parent: this.process, ...(this.process.tty ? { tty: this.process.tty } : {}) };
  }

  #background(command: Command, source: string, io: Io): void {
    const process = this.fork({ ...io, stdin: LineInput.of(emptySource) }, command);
    const number = (this.state.jobs.at(-1)?.number ?? 0) + 1;
    this.state.jobs.push({ number, process, source });
    this.state.lastBackground = String(process.pid);
    if (this.state.options.has('i')) void io.stderr.write(new TextEncoder().encode(`[${number}] ${process.pid}\n`));
  }

  async #simple(command: Command & { kind: 'simple' }, outer: Io): Promise<number> {
    const words = await expandWords(command.words, this);
    const io = await redirect(outer, command.redirections, this);
    const values = new Map<string, string>();
    for (const { name, value } of command.assignments) values.set(name, await expandText(value, this));
    const [name, ...args] = words;
    if (this.state.options.has('x') && name !== undefined) await this.#say(io, `+ ${words.join(' ')}\n`);
    if (name === undefined) {
      for (const [key, value] of values) this.state.set(key, value);
      return command.words.length > 0 ||
        command.assignments.some(({ value }) => value.some((p) => p.kind === 'command'))
        ? this.state.status
        : 0;
    }
    const body = this.state.functions.get(name);
    if (body) return this.#call(body, args, io);
    const builtin = this.#builtins.get(name);
    if (builtin) {
      const before = [...values].map(([key]) => [key, this.state.get(key)] as const);
      for (const [key, value] of values) this.state.set(key, value);
      try {
        return await builtin(this, args, io);
      } finally {
        // An assignment before a builtin holds for that command only.
        for (const [key, value] of before) {
          if (value === undefined) this.state.variables.delete(key);
          else this.state.set(key, value);
        }
      }
    }
    return this.external(words, io, values);
  }

  async #call(body: Command, args: readonly string[], io: Io): Promise<number> {
    const before = this.state.parameters;
    this.state.parameters = [...args];
    try {
      return await this.run(body, io);
    } catch (error) {
      if (error instanceof ReturnRequest) return error.code;
      throw error;
    } finally {
      this.state.parameters = before;
    }
  }

  /** Runs a program as a child and waits for it. */
  async external(words: readonly string[], io: Io, extra: ReadonlyMap<string, string> = new Map()): Promise<number> {
    const env = this.state.environment();
    for (const [key, value] of extra) env.set(key, value);
    const found = findProgram(words[0] ?? '', {
      world: this.process.world,
      path: this.state.get('PATH') ?? '',
      cwd: this.process.cwd,
    });
    if (!found.ok) {
      const denied = found.reason === 'permission';
      await this.#say(
        io,
        denied ? this.state.complaint(`${words[0]}: Permission denied`) : this.state.notFound(words[0] ?? ''),
      );
      return denied ? 126 : 127;
    }
    const args = found.prefix ? [...found.prefix, found.path, ...words.slice(1)] : words;
    const child = this.process.table.start(found.program, {
      args,
      env,
      cwd: this.process.cwd,
      ...io,
      ...this.#lineage(),
    });
    return child.exited;
  }

  /** Becomes another program, as `exec` does. */
  async become(words: readonly string[], io: Io): Promise<number> {
    const { process } = this;
    const found = findProgram(words[0] ?? '', {
      world: process.world,
      path: this.state.get('PATH') ?? '',
      cwd: process.cwd,
    });
    if (!found.ok) {
      await this.#say(
        io,
        this.state.complaint(`${this.state.flavour === 'dash' ? 'exec: ' : 'exec: line 0: '}${words[0]}: not found`),
      );
      throw new ExitRequest(127);
    }
    process.args = found.prefix ? [...found.prefix, found.path, ...words.slice(1)] : words;
    process.env = this.state.environment();
    process.stdin = io.stdin;
    process.stdout = io.stdout;
    process.stderr = io.stderr;
    process.handlers.clear();
    throw new ExitRequest(await found.program(process));
  }

  async substitute(source: string): Promise<string> {
    const pipe = new Pipe();
    const child = this.fork({ stdin: this.ownIo().stdin, stdout: pipe, stderr: this.process.stderr }, parse(source));
    const chunks: Uint8Array[] = [];
    void child.exited.then(() => pipe.end());
    for (let chunk = await pipe.read(); chunk; chunk = await pipe.read()) chunks.push(chunk);
    this.state.status = await child.exited;
    return decode(concat(chunks));
  }

  async #guarded(action: () => Promise<number>, io: Io): Promise<number> {
    try {
      return await action();
    } catch (error) {
      if (error instanceof RedirectTrouble || error instanceof FsError) {
        await this.#say(io, this.state.complaint(error.message));
        return 1;
      }
      if (!(error instanceof ExpansionTrouble)) throw error;
      await this.#say(io, this.state.complaint(error.message));
      if (this.state.options.has('i')) return 1;
      throw new ExitRequest(2);
    }
  }

  async #say(io: Io, text: string): Promise<void> {
    await io.stderr.write(new TextEncoder().encode(text)).catch(() => {});
  }
}
