/** The database's shape, as steps that are only ever added to. The position of a step is the version it leads to. */

const FIRST = `
CREATE TABLE attempt (
  id TEXT PRIMARY KEY,
  learner TEXT NOT NULL,
  lab TEXT NOT NULL,
  seed TEXT NOT NULL,
  sandbox TEXT NOT NULL UNIQUE,
  driver TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('creating', 'ready', 'failed', 'ended')),
  started_at INTEGER NOT NULL,
  ended_at INTEGER,
  failure TEXT,
  baseline TEXT
) STRICT;
CREATE UNIQUE INDEX attempt_living ON attempt (learner, lab) WHERE state IN ('creating', 'ready');
CREATE INDEX attempt_lab ON attempt (learner, lab);

CREATE TABLE answer (
  attempt TEXT NOT NULL REFERENCES attempt (id),
  question TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (attempt, question)
) STRICT;

CREATE TABLE hint (
  attempt TEXT NOT NULL REFERENCES attempt (id),
  criterion TEXT NOT NULL,
  shown INTEGER NOT NULL,
  PRIMARY KEY (attempt, criterion)
) STRICT;

CREATE TABLE passed (
  attempt TEXT NOT NULL REFERENCES attempt (id),
  criterion TEXT NOT NULL,
  PRIMARY KEY (attempt, criterion)
) STRICT;

CREATE TABLE report (
  id INTEGER PRIMARY KEY,
  attempt TEXT NOT NULL REFERENCES attempt (id),
  at INTEGER NOT NULL,
  outcome TEXT NOT NULL CHECK (outcome IN ('pass', 'fail', 'ungraded')),
  points INTEGER NOT NULL,
  of INTEGER NOT NULL,
  task TEXT,
  body TEXT NOT NULL
) STRICT;
CREATE INDEX report_attempt ON report (attempt, id);

CREATE TABLE quiz_answer (
  id INTEGER PRIMARY KEY,
  learner TEXT NOT NULL,
  lesson TEXT NOT NULL,
  question TEXT NOT NULL,
  choice TEXT NOT NULL,
  correct INTEGER NOT NULL,
  at INTEGER NOT NULL
) STRICT;
CREATE INDEX quiz_answer_learner ON quiz_answer (learner, lesson, question, id);

CREATE TABLE login_token (
  hash TEXT PRIMARY KEY,
  issued_at INTEGER NOT NULL,
  used_at INTEGER
) STRICT;

CREATE TABLE login (
  hash TEXT PRIMARY KEY,
  learner TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT;
`;

export const MIGRATIONS: readonly string[] = [FIRST];
