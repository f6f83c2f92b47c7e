import { spawn, execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EnvironmentError } from '../../kernel/errors.ts';
import { Database } from './database.ts';
import { MIGRATIONS } from './migrations.ts';
import { openStore } from './sqlite.ts';
import type { NewAttempt, ReportRecord, Store } from './store.ts';

let directory: string;
beforeEach(() => void (directory = mkdtempSync(join(tmpdir(), 'drydock-store-'))));
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const newAttempt = (id: string, lab = 'why-pending'): NewAttempt => ({
  id,
  learner: 'local',
  lab,
  seed: 's',
  sandbox: `sandbox-${id}`,
  driver: 'model',
  at: 1000,
});
const report = (points: number, outcome: ReportRecord['outcome'] = 'fail'): ReportRecord => ({
  at: 2000,
  outcome,
  points,
  of: 10,
  body: { version: 1, points },
});

function reopened(store: Store): Store {
  store.close();
  return openStore(directory);
}

describe('attempts', () => {
  it('remembers an attempt with its answers, hints, passed criteria and latest report over a restart', () => {
    let store = openStore(directory);
    store.attempts.begin(newAttempt('a'));
    store.attempts.move('a', { to: 'ready', baseline: { pods: [1] } });
    store.attempts.saveAnswer('a', 'q1', 'one');
    store.attempts.saveAnswer('a', 'q1', 'two');
    store.attempts.saveHints('a', 'c1', 2);
    store.attempts.saveHints('a', 'c1', 1);
    store.attempts.savePassed('a', ['c1', 'c2', 'c1']);
    store.attempts.addReport('a', report(3));
    store.attempts.addReport('a', report(7));
    store = reopened(store);
    expect(store.attempts.attempt('a')).toEqual({
      ...newAttempt('a'),
      state: 'ready',
      baseline: { pods: [1] },
      answers: { q1: 'two' },
      hints: { c1: 2 },
      passed: ['c1', 'c2'],
      report: report(7),
    });
    expect(store.attempts.living().map((a) => a.id)).toEqual(['a']);
    store.attempts.move('a', { to: 'ended', at: 5 });
    expect(store.attempts.living()).toEqual([]);
    expect(store.attempts.attempt('b')).toBeUndefined();
    store.close();
  });

  it('allows one living attempt per learner and lab', () => {
    const store = openStore(directory);
    store.attempts.begin(newAttempt('a'));
    expect(() => store.attempts.begin(newAttempt('b'))).toThrow(/UNIQUE/);
    store.attempts.move('a', { to: 'failed', failure: { message: 'no room', remedy: 'Make room.' }, at: 5 });
    store.attempts.begin(newAttempt('b'));
    expect(store.attempts.attempt('a')?.failure).toEqual({ message: 'no room', remedy: 'Make room.' });
    store.close();
  });
});

describe('progress', () => {
  it('keeps the best report of each lab and the latest quiz answers', () => {
    const store = openStore(directory);
    for (const [id, points, outcome] of [
      ['a', 9, 'fail'],
      ['b', 10, 'pass'],
      ['c', 2, 'fail'],
    ] as const) {
      store.attempts.begin(newAttempt(id));
      store.attempts.addReport(id, report(points, outcome));
      store.attempts.move(id, { to: 'ended', at: 5 });
    }
    const quiz = { learner: 'local', lesson: '06', question: 'q', choice: ['a'], at: 1 };
    store.progress.saveQuizAnswer({ ...quiz, correct: false });
    store.progress.saveQuizAnswer({ ...quiz, correct: true });
    expect(store.progress.bestReports('local')).toEqual([{ lab: 'why-pending', points: 10, of: 10, passed: true }]);
    expect(store.progress.quizAnswers('local')).toEqual({ '06/q': true });
    expect(store.progress.bestReports('other')).toEqual([]);
    expect(store.progress.quizAnswers('other')).toEqual({});
    store.close();
  });
});

describe('logins', () => {
  it('redeems a token once, and only the latest', () => {
    const store = openStore(directory);
    store.logins.issueToken('h1', 1);
    store.logins.issueToken('h2', 1);
    expect([
      store.logins.redeemToken('h1', 2),
      store.logins.redeemToken('h2', 2),
      store.logins.redeemToken('h2', 3),
    ]).toEqual([false, true, false]);
    store.logins.addLogin('c', 'local', 1);
    expect(store.logins.learnerOf('c', 1)).toBe('local');
    expect(store.logins.learnerOf('c', 2)).toBeUndefined();
    expect(store.logins.learnerOf('d', 0)).toBeUndefined();
    store.close();
  });
});

describe('the file', () => {
  it('migrates in one transaction: a failing step changes nothing', () => {
    openStore(directory).close();
    expect(() => new Database(directory, [...MIGRATIONS, 'CREATE TABLE extra (a INT) STRICT; NONSENSE'])).toThrow(
      /cannot use/,
    );
    const store = openStore(directory);
    store.attempts.begin(newAttempt('a'));
    store.close();
  });

  it('refuses what a newer Drydock wrote, and what is no database', () => {
    const newer = new Database(directory, [...MIGRATIONS, 'CREATE TABLE extra (a INT) STRICT']);
    newer.close();
    expect(() => openStore(directory)).toThrow(expect.objectContaining({ code: 'storage-newer' }));
    writeFileSync(join(directory, 'drydock.db'), 'not a database, but long enough to be read as one'.repeat(100));
    expect(() => openStore(directory)).toThrow(expect.objectContaining({ code: 'storage-unreadable' }));
  });

  it('loses no acknowledged row to kill -9', async () => {
    const acknowledged = join(directory, 'acknowledged');
    for (let round = 0; round < 3; round++) {
      const child = spawn(process.execPath, [
        new URL('./writer.fixture.ts', import.meta.url).pathname,
        directory,
        `${round}`,
        acknowledged,
      ]);
      await new Promise<void>((resolve) => child.stdout.once('data', () => resolve()));
      await new Promise((resolve) => setTimeout(resolve, 60 + round * 37));
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await gone;
    }
    const ids = readFileSync(acknowledged, 'utf8').split('\n').slice(0, -1);
    expect(ids.length).toBeGreaterThan(3);
    const store = openStore(directory);
    for (const id of ids) expect(store.attempts.attempt(id)?.answers).toEqual({ q: id });
    store.close();
  });
});

const asRoot = process.getuid?.() === 0 && process.platform === 'linux' && canMount();

function canMount(): boolean {
  const at = mkdtempSync(join(tmpdir(), 'drydock-mount-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', at], { stdio: 'ignore' });
    execFileSync('umount', [at], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  } finally {
    rmSync(at, { recursive: true, force: true });
  }
}

describe.runIf(asRoot)('a full disk (needs root, to mount a small tmpfs)', () => {
  beforeEach(() => void execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=5m', 'tmpfs', directory]));
  afterEach(() => void execFileSync('umount', [directory]));

  it('still saves a report from the ballast, then refuses clearly, and recovers when there is room again', () => {
    const store = openStore(directory);
    store.attempts.begin(newAttempt('a'));
    const filler = join(directory, 'filler');
    writeFileSync(filler, Buffer.alloc(free()));
    expect(free()).toBe(0);
    const big = (n: number): ReportRecord => ({ ...report(n), body: 'x'.repeat(100_000) });
    let saved = 0;
    let refusal: unknown;
    for (; saved < 100; saved++) {
      try {
        store.attempts.addReport('a', big(saved));
      } catch (error) {
        refusal = error;
        break;
      }
    }
    expect(saved).toBeGreaterThan(0);
    expect(refusal).toBeInstanceOf(EnvironmentError);
    expect(refusal).toMatchObject({ code: 'disk-full' });
    expect(store.attempts.attempt('a')?.report?.points).toBe(saved - 1);
    expect(store.hasRoom()).toBe(false);
    rmSync(filler);
    store.attempts.addReport('a', big(1000));
    store.attempts.savePassed('a', ['c']);
    expect(store.attempts.attempt('a')).toMatchObject({ passed: ['c'], report: { points: 1000 } });
    store.close();
  });

  function free(): number {
    const { bavail, bsize } = statfsSync(directory);
    return bavail * bsize;
  }
});
