/** One pseudo-terminal with a program in it. The only door to node-pty. */
import { write } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { spawn } from 'node-pty';
import type { Clock } from '../../kernel/clock.ts';
import { EnvironmentError } from '../../kernel/errors.ts';

export interface PtyCommand {
  readonly program: string;
  readonly args: readonly string[];
  /** The whole environment; nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  readonly directory: string;
  /** Opened read-only for the program as descriptors 3, 4, … */
  readonly files?: readonly string[];
  readonly cols: number;
  readonly rows: number;
}

export interface Pty {
  readonly exited: Promise<number>;
  onOutput(listener: (bytes: Uint8Array) => void): void;
  /** False when a megabyte is already waiting to be read by the program: the bytes were not taken. */
  write(bytes: Uint8Array): boolean;
  resize(cols: number, rows: number): void;
  pause(): void;
  resume(): void;
  /** Ends the program and everything in its process group. */
  kill(): void;
}

const LAUNCHER = fileURLToPath(new URL('launcher.sh', import.meta.url));
const MAX_PENDING_INPUT = 1024 * 1024;

/** Starts a program behind the closing launcher. Throws EnvironmentError when no pty can be had. */
export function startPty(command: PtyCommand, clock: Clock): Pty {
  const files = (command.files ?? []).flatMap((file) => ['-f', file]);
  let pty;
  try {
    pty = spawn('/bin/bash', [LAUNCHER, ...files, '--', command.program, ...command.args], {
      name: 'xterm-256color',
      cols: command.cols,
      rows: command.rows,
      cwd: command.directory,
      env: { ...command.env },
      encoding: null,
    });
  } catch (cause) {
    throw new EnvironmentError('no-pty', 'this machine has no pseudo-terminal left', {
      remedy: 'Close some terminals, or raise kernel.pty.max, and try again.',
      cause,
    });
  }
  const terminal = pty;
  const input = inputQueue(descriptorOf(terminal), clock);
  let over = false;
  const exited = new Promise<number>((resolve) => {
    terminal.onExit(({ exitCode, signal }) => {
      over = true;
      input.close();
      resolve(signal ? 128 + signal : exitCode);
    });
  });
  return {
    exited,
    onOutput(listener) {
      // With `encoding: null` node-pty hands out Buffers, whatever its types say.
      terminal.onData((chunk: unknown) => listener(typeof chunk === 'string' ? Buffer.from(chunk) : (chunk as Buffer)));
    },
    write: (bytes) => input.push(bytes),
    resize: (cols, rows) => {
      if (!over) terminal.resize(cols, rows);
    },
    pause: () => terminal.pause(),
    resume: () => terminal.resume(),
    kill() {
      if (over) return;
      try {
        process.kill(-terminal.pid, 'SIGKILL');
      } catch {
        terminal.kill('SIGKILL');
      }
    },
  };
}

/** node-pty keeps the descriptor to itself in its types, but every Unix terminal has one. */
function descriptorOf(terminal: object): number {
  const fd: unknown = Reflect.get(terminal, 'fd');
  if (typeof fd !== 'number')
    throw new EnvironmentError('no-pty', 'pseudo-terminals of this system have no descriptor');
  return fd;
}

/** node-pty's own queue has no bound, so we write ourselves and count what waits. */
function inputQueue(fd: number, clock: Clock): { push(bytes: Uint8Array): boolean; close(): void } {
  const queue: Uint8Array[] = [];
  let pending = 0;
  let busy = false;
  let closed = false;

  function next(): void {
    const chunk = queue[0];
    if (closed || chunk === undefined) {
      busy = false;
      return;
    }
    busy = true;
    write(fd, chunk, 0, Math.min(chunk.length, 4096), null, (error, written) => {
      if (error) {
        // The program reads slowly: the terminal's buffer is full for now.
        if (error.code === 'EAGAIN') clock.after(10, next);
        else busy = false;
        return;
      }
      pending -= written;
      if (written === chunk.length) queue.shift();
      else queue[0] = chunk.subarray(written);
      next();
    });
  }

  return {
    push(bytes) {
      if (closed || pending + bytes.length > MAX_PENDING_INPUT) return false;
      queue.push(bytes);
      pending += bytes.length;
      if (!busy) next();
      return true;
    },
    close() {
      closed = true;
      queue.length = 0;
    },
  };
}
