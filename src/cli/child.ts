/** Runs another program to its end. The caller owns its words; a signal to us ends it too. */
import { spawn } from 'node:child_process';
import type { SpawnOptions } from 'node:child_process';
import { EnvironmentError, messageOf } from '../../kernel/errors.ts';

export interface ChildOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** `show`: its output goes to ours (stderr and stdout). `keep`: the last of it is returned. */
  readonly output: 'show' | 'keep';
  readonly onLine?: (line: string) => void;
  readonly signal?: AbortSignal;
}

export interface Ended {
  readonly code: number;
  /** The last 20,000 characters of both outputs; empty with `show`. */
  readonly said: string;
}

/** Throws EnvironmentError when the program cannot be started. */
export function runChild(program: string, args: readonly string[], options: ChildOptions): Promise<Ended> {
  const spawned: SpawnOptions = {
    stdio: options.output === 'show' ? ['ignore', 'inherit', 'inherit'] : ['ignore', 'pipe', 'pipe'],
    ...(options.cwd ? { cwd: options.cwd } : {}),
    ...(options.env ? { env: options.env } : {}),
    ...(options.signal ? { signal: options.signal } : {}),
  };
  const child = spawn(program, [...args], spawned);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      said = (said + chunk).slice(-20_000);
      for (const line of chunk.split('\n')) if (line.trim() !== '') options.onLine?.(line);
    });
  }
  return new Promise((resolve, reject) => {
    child.once('error', (cause) =>
      reject(new EnvironmentError('no-program', `${program} cannot be run: ${messageOf(cause)}`, { cause })),
    );
    child.once('close', (code, signal) => resolve({ code: code ?? (signal ? 130 : 1), said }));
  });
}
