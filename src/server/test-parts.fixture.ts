/** A server with an attempt and a terminal that exist in memory only; for the tests of routes and sockets. */
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../kernel/clock.ts';
import { disposable } from '../../kernel/disposable.ts';
import { InputError } from '../../kernel/errors.ts';
import type { TerminalSession, TerminalViewer } from '../../sandbox/contract.ts';
import type { Attempts, OwnedAttempt } from '../attempt/attempts.ts';
import type { AttemptEvent, AttemptView } from '../protocol/http.ts';
import { openStore } from '../storage/sqlite.ts';
import type { Log } from './log.ts';
import { serve } from './serve.ts';
import type { Serving } from './serve.ts';
import { Site } from './site.ts';

export const VIEW: AttemptView = {
  id: 'mine',
  lab: 'why-pending',
  title: 'Why pending',
  state: 'ready',
  steps: [],
  html: '<p>Do it.</p>',
  tasks: [],
  points: 0,
  of: 0,
  terminals: [],
  shell: { kind: 'isolated' },
};

/** Echoes what is typed; notes what was asked of it. */
export class EchoTerminal implements TerminalSession {
  readonly id = 'terminal-1';
  readonly exited = new Promise<number>(() => {});
  readonly viewers = new Set<TerminalViewer>();
  readonly sizes: string[] = [];
  received = 0;
  #end = 0;

  write(input: Uint8Array): boolean {
    this.received += input.length;
    if (new TextDecoder().decode(input.subarray(0, 4)) === 'full') return false;
    this.#end += input.length;
    for (const viewer of this.viewers) viewer.output(input, this.#end);
    return true;
  }

  resize(cols: number, rows: number): void {
    this.sizes.push(`${cols}x${rows}`);
  }

  attach(viewer: TerminalViewer): { acknowledge: () => void; dispose: () => void } {
    this.viewers.add(viewer);
    viewer.replay(new TextEncoder().encode('$ '), 0, 80, 24);
    return { acknowledge: () => {}, ...disposable(() => this.viewers.delete(viewer)) };
  }

  dispose(): void {}
}

export interface TestServer extends AsyncDisposable {
  readonly serving: Serving;
  readonly terminal: EchoTerminal;
  readonly logged: string[];
  /** The Cookie header of a logged-in learner. */
  readonly cookie: string;
  readonly publish: (event: AttemptEvent) => void;
  readonly followers: () => number;
  get(path: string, headers?: Record<string, string>): Promise<Response>;
  post(path: string, body?: unknown, headers?: Record<string, string>): Promise<Response>;
}

export async function testServer(): Promise<TestServer> {
  const directory = mkdtempSync(join(tmpdir(), 'drydock-server-'));
  const dist = join(directory, 'dist');
  mkdirSync(join(dist, 'lesson'), { recursive: true });
  writeFileSync(
    join(dist, 'index.html'),
    '<!doctype html><script>var theme = 1;</script><script src="/a.js"></script><p>Drydock</p>',
  );
  writeFileSync(join(dist, 'lesson/index.html'), `<!doctype html><p>${'lesson '.repeat(400)}</p>`);
  writeFileSync(join(dist, '404.html'), '<!doctype html><p>lost</p>');
  writeFileSync(join(directory, 'secret'), 'secret');
  const store = openStore(directory);
  const terminal = new EchoTerminal();
  const followers = new Set<(event: AttemptEvent) => void>();
  const logged: string[] = [];
  const log: Log = { write: (level, event, fields) => void logged.push(JSON.stringify({ level, event, ...fields })) };
  const serving = await serve({
    attempts: oneAttempt(terminal, followers),
    quizzes: { judge: (_, { choice }) => ({ correct: choice[0] === 'a', explanation: 'because' }) },
    progress: () => ({ labs: {}, quiz: {} }),
    loginStore: store.logins,
    site: new Site(dist),
    port: 0,
    clock: systemClock,
    log,
  });
  const { origin } = serving;
  const login = await fetch(serving.loginUrl(), { redirect: 'manual' });
  const cookie = (login.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  return {
    serving,
    terminal,
    logged,
    cookie,
    publish: (event) => followers.forEach((follower) => follower(event)),
    followers: () => followers.size,
    get: (path, headers = {}) => fetch(origin + path, { headers: { cookie, ...headers }, redirect: 'manual' }),
    post: (path, body, headers = {}) =>
      fetch(origin + path, {
        method: 'POST',
        headers: { cookie, origin, ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      }),
    async [Symbol.asyncDispose]() {
      await serving.close();
      store.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function oneAttempt(terminal: EchoTerminal, followers: Set<(event: AttemptEvent) => void>): Attempts {
  const owned: OwnedAttempt = {
    view: () => VIEW,
    follow(listener) {
      followers.add(listener);
      listener({ kind: 'attempt', attempt: VIEW });
      return disposable(() => followers.delete(listener));
    },
    check: () => Promise.reject(new Error('the database said: secret words')),
    hint: () => VIEW,
    answer: () => VIEW,
    reset: () => Promise.resolve(VIEW),
    end: () => Promise.resolve(),
    terminals: { open: () => Promise.resolve(terminal.id), find: (id) => (id === terminal.id ? terminal : undefined) },
  };
  return {
    living: () => undefined,
    start: () => ({ ...VIEW, state: 'creating' }),
    owned(learner, id) {
      if (learner !== 'local' || id !== 'mine') throw new InputError('not-found', 'there is no such attempt');
      return owned;
    },
  };
}
