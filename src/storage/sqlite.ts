/** Answers the questions of `store.ts` from SQLite. Rows are parsed like any other input: the file may be older than we are. */
import { z } from 'zod';
import { Database } from './database.ts';
import { sqliteAttempts } from './sqlite-attempts.ts';
import type { LoginStore, ProgressStore, Store } from './store.ts';

/** Opens the store in `directory`, making it when it is not there. */
export function openStore(directory: string): Store {
  const db = new Database(directory);
  return {
    attempts: sqliteAttempts(db),
    progress: sqliteProgress(db),
    logins: sqliteLogins(db),
    hasRoom: () => db.hasRoom(),
    close: () => db.close(),
  };
}

const bestRow = z.object({ lab: z.string(), points: z.int(), of: z.int(), passed: z.int() });
const quizRow = z.object({ lesson: z.string(), question: z.string(), correct: z.int() });
const learnerRow = z.object({ learner: z.string() });

function sqliteProgress(db: Database): ProgressStore {
  return {
    bestReports(learner) {
      const rows = db.all(
        `SELECT lab, points, of, outcome = 'pass' AS passed FROM (
           SELECT a.lab, r.points, r.of, r.outcome,
             row_number() OVER (PARTITION BY a.lab ORDER BY r.outcome = 'pass' DESC, r.points DESC, r.id DESC) AS place
           FROM report r JOIN attempt a ON a.id = r.attempt WHERE a.learner = ? AND r.outcome <> 'ungraded' AND r.task IS NULL)
         WHERE place = 1`,
        learner,
      );
      return rows.map((row) => {
        const best = bestRow.parse(row);
        return { ...best, passed: best.passed === 1 };
      });
    },
    saveQuizAnswer(answer) {
      db.run(
        'INSERT INTO quiz_answer (learner, lesson, question, choice, correct, at) VALUES (?, ?, ?, ?, ?, ?)',
        answer.learner,
        answer.lesson,
        answer.question,
        JSON.stringify(answer.choice),
        answer.correct ? 1 : 0,
        answer.at,
      );
    },
    quizAnswers(learner) {
      const rows = db.all('SELECT lesson, question, correct FROM quiz_answer WHERE learner = ? ORDER BY id', learner);
      return Object.fromEntries(
        rows.map((row) => {
          const { lesson, question, correct } = quizRow.parse(row);
          return [`${lesson}/${question}`, correct === 1];
        }),
      );
    },
  };
}

function sqliteLogins(db: Database): LoginStore {
  return {
    issueToken(hash, at) {
      db.transaction(() => {
        db.run('DELETE FROM login_token');
        db.run('INSERT INTO login_token (hash, issued_at) VALUES (?, ?)', hash, at);
      });
    },
    redeemToken: (hash, at) =>
      db.run('UPDATE login_token SET used_at = ? WHERE hash = ? AND used_at IS NULL', at, hash) === 1,
    addLogin(hash, learner, at) {
      db.run('INSERT INTO login (hash, learner, at) VALUES (?, ?, ?)', hash, learner, at);
    },
    learnerOf(hash, notBefore) {
      const row = db.one('SELECT learner FROM login WHERE hash = ? AND at >= ?', hash, notBefore);
      return row === undefined ? undefined : learnerRow.parse(row).learner;
    },
  };
}
