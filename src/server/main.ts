/** The composition root of the server: the one place, besides the command line, that names drivers and databases. */
import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../kernel/clock.ts';
import { DisposableStore, disposable } from '../../kernel/disposable.ts';
import { messageOf } from '../../kernel/errors.ts';
import type { SandboxDriver } from '../../sandbox/contract.ts';
import { modelDriver } from '../../sandbox/model/driver.ts';
import { explainScheduling } from '../../sandbox/model/scheduler/explain.ts';
import { makeSnapshot, spreadSelectors } from '../../sandbox/model/scheduler/snapshot.ts';
import { openLabShelf } from '../attempt/lab-shelf.ts';
import { loadQuizzes, QuizJudge } from '../attempt/quiz.ts';
import { AttemptService } from '../attempt/service.ts';
import { lockInstance } from '../storage/instance-lock.ts';
import { openStore } from '../storage/sqlite.ts';
import { explainWith } from './explain.ts';
import { jsonLog } from './log.ts';
import type { Log } from './log.ts';
import { serve } from './serve.ts';
import { Site } from './site.ts';
import { localWorkstations } from './workstations.ts';

const LOG_BYTES = 5 * 1024 * 1024;

export interface DrydockOptions {
  /** The repository: content, labs and the built course. */
  readonly root: string;
  /** What must survive: the database, the sandboxes, the homes, the log. */
  readonly dataDirectory: string;
  readonly port: number;
  readonly ownShell: boolean;
  /** What was found, or why there are no terminals. */
  readonly kubectl: { readonly path: string } | { readonly reason: string; readonly remedy: string };
}

export interface Drydock {
  readonly port: number;
  /** With a one-time token; each call makes a new one and voids the last. */
  loginUrl(): string;
  /** Stops within 2 s. Sandboxes and all that was saved are there again at the next start. */
  close(): Promise<void>;
}

/** Starts everything. Throws EnvironmentError or InputError with a remedy; then nothing is left running. */
export async function startDrydock(options: DrydockOptions): Promise<Drydock> {
  const { root, dataDirectory } = options;
  const clock = systemClock;
  const owned = new DisposableStore();
  try {
    owned.add(lockInstance(dataDirectory));
    const store = openStore(dataDirectory);
    owned.add(disposable(() => store.close()));
    const log = fileLog(dataDirectory);
    const driver: SandboxDriver = modelDriver({ directory: join(dataDirectory, 'sandboxes') });
    const [labs, quizzes, workstations] = await Promise.all([
      openLabShelf(join(root, 'labs'), clock),
      loadQuizzes(join(root, 'content/quiz')),
      localWorkstations({ ...options, directory: join(dataDirectory, 'workstations'), clock }),
    ]);
    const onTrouble = (attempt: string, error: unknown): void =>
      log.write('error', 'attempt', { attempt, error: messageOf(error) });
    const explain = explainWith((pod, parts) =>
      explainScheduling(pod, makeSnapshot({ ...parts, selectors: (other) => spreadSelectors(other, parts) })),
    );
    const attempts = new AttemptService({ store, driver, labs, workstations, clock, explain, onTrouble });
    const restored = attempts
      .restore()
      .catch((error: unknown) => log.write('error', 'restore', { error: messageOf(error) }));
    const serving = await serve({
      attempts,
      quizzes: new QuizJudge(quizzes, store.progress, clock),
      progress: (learner) => attempts.progress(learner),
      loginStore: store.logins,
      site: new Site(join(root, 'dist')),
      port: options.port,
      clock,
      log,
    }).catch(async (error: unknown) => {
      await restored;
      await attempts.close();
      throw error;
    });
    log.write('info', 'started', { port: serving.port, shell: workstations.shell.kind });
    return {
      port: serving.port,
      loginUrl: () => serving.loginUrl(),
      async close() {
        await serving.close();
        await restored;
        await attempts.close();
        log.write('info', 'stopped');
        owned.dispose();
      },
    };
  } catch (error) {
    owned.dispose();
    throw error;
  }
}

/** Appends to `drydock.log`; one older file is kept. A log that cannot be written stops nobody. */
function fileLog(directory: string): Log {
  mkdirSync(directory, { recursive: true });
  const file = join(directory, 'drydock.log');
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > LOG_BYTES) renameSync(file, `${file}.old`);
  return jsonLog(systemClock, (line) => {
    try {
      appendFileSync(file, line, { mode: 0o600 });
    } catch {
      // A full disk: the learner's work has the ballast, the log has to wait.
    }
  });
}
