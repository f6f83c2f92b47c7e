/** Attempts in SQLite: one row each, with answers, hints, passed criteria and reports beside it. */
import { z } from 'zod';
import type { Database } from './database.ts';
import type { AttemptRecord, AttemptStore } from './store.ts';

const json = z.string().transform((text): unknown => JSON.parse(text));
const failure = z.object({ message: z.string(), remedy: z.string().optional() });

const attemptRow = z.object({
  id: z.string(),
  learner: z.string(),
  lab: z.string(),
  seed: z.string(),
  sandbox: z.string(),
  driver: z.string(),
  state: z.enum(['creating', 'ready', 'failed', 'ended']),
  started_at: z.int(),
  failure: json.pipe(failure).nullable(),
  baseline: json.nullable(),
});
const answerRow = z.object({ question: z.string(), value: z.string() });
const hintRow = z.object({ criterion: z.string(), shown: z.int() });
const passedRow = z.object({ criterion: z.string() });
const reportRow = z
  .object({
    at: z.int(),
    outcome: z.enum(['pass', 'fail', 'ungraded']),
    points: z.int(),
    of: z.int(),
    task: z.string().nullable(),
    body: json,
  })
  .transform(({ task, ...report }) => (task === null ? report : { ...report, task }));

export function sqliteAttempts(db: Database): AttemptStore {
  return {
    begin(a) {
      db.run(
        `INSERT INTO attempt (id, learner, lab, seed, sandbox, driver, state, started_at)
         VALUES (?, ?, ?, ?, ?, ?, 'creating', ?)`,
        a.id,
        a.learner,
        a.lab,
        a.seed,
        a.sandbox,
        a.driver,
        a.at,
      );
    },
    move(id, move) {
      switch (move.to) {
        case 'ready':
          db.run(
            `UPDATE attempt SET state = 'ready', baseline = ? WHERE id = ?`,
            JSON.stringify(move.baseline ?? null),
            id,
          );
          return;
        case 'failed':
          db.run(
            `UPDATE attempt SET state = 'failed', failure = ?, ended_at = ? WHERE id = ?`,
            JSON.stringify(move.failure),
            move.at,
            id,
          );
          return;
        case 'ended':
          db.run(`UPDATE attempt SET state = 'ended', ended_at = ? WHERE id = ?`, move.at, id);
      }
    },
    attempt(id) {
      const row = db.one('SELECT * FROM attempt WHERE id = ?', id);
      return row === undefined ? undefined : whole(db, row);
    },
    living() {
      const rows = db.all(`SELECT * FROM attempt WHERE state IN ('creating', 'ready') ORDER BY started_at`);
      return rows.map((row) => whole(db, row));
    },
    saveAnswer(id, question, value) {
      db.run(
        `INSERT INTO answer (attempt, question, value) VALUES (?, ?, ?)
         ON CONFLICT (attempt, question) DO UPDATE SET value = excluded.value`,
        id,
        question,
        value,
      );
    },
    saveHints(id, criterion, shown) {
      db.run(
        `INSERT INTO hint (attempt, criterion, shown) VALUES (?, ?, ?)
         ON CONFLICT (attempt, criterion) DO UPDATE SET shown = max(shown, excluded.shown)`,
        id,
        criterion,
        shown,
      );
    },
    savePassed(id, criteria) {
      db.transaction(() => {
        for (const criterion of criteria) {
          db.run('INSERT INTO passed (attempt, criterion) VALUES (?, ?) ON CONFLICT DO NOTHING', id, criterion);
        }
      });
    },
    addReport(id, report) {
      db.run(
        'INSERT INTO report (attempt, at, outcome, points, of, task, body) VALUES (?, ?, ?, ?, ?, ?, ?)',
        id,
        report.at,
        report.outcome,
        report.points,
        report.of,
        report.task ?? null,
        JSON.stringify(report.body),
      );
    },
  };
}

function whole(db: Database, row: unknown): AttemptRecord {
  const { started_at: at, failure: failed, baseline, ...attempt } = attemptRow.parse(row);
  const answers = db.all('SELECT question, value FROM answer WHERE attempt = ?', attempt.id);
  const hints = db.all('SELECT criterion, shown FROM hint WHERE attempt = ?', attempt.id);
  const passed = db.all('SELECT criterion FROM passed WHERE attempt = ?', attempt.id);
  const report = db.one(
    'SELECT at, outcome, points, of, task, body FROM report WHERE attempt = ? ORDER BY id DESC LIMIT 1',
    attempt.id,
  );
  return {
    ...attempt,
    at,
    ...(failed === null ? {} : { failure: failed }),
    ...(baseline === null ? {} : { baseline }),
    answers: Object.fromEntries(answers.map((r) => answerRow.parse(r)).map((r) => [r.question, r.value])),
    hints: Object.fromEntries(hints.map((r) => hintRow.parse(r)).map((r) => [r.criterion, r.shown])),
    passed: passed.map((r) => passedRow.parse(r).criterion),
    ...(report === undefined ? {} : { report: reportRow.parse(report) }),
  };
}
