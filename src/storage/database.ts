/** Opens the SQLite file safely: durable settings, migrations, and the second try that a full disk needs. Knows no table. */
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { SQLInputValue, StatementSync } from 'node:sqlite';
import { EnvironmentError, messageOf } from '../../kernel/errors.ts';
import { Ballast } from './ballast.ts';
import { MIGRATIONS } from './migrations.ts';

/** SQLite's primary result codes that a full disk gives: SQLITE_FULL, and SQLITE_IOERR when the shared memory cannot grow. */
const NO_ROOM = new Set([13, 10]);

export class Database {
  readonly #db: DatabaseSync;
  readonly #ballast: Ballast;
  readonly #statements = new Map<string, StatementSync>();
  #inTransaction = false;

  /** Opens or makes `drydock.db` in `directory`. Throws EnvironmentError when it is unreadable or of a newer Drydock. */
  constructor(directory: string, migrations: readonly string[] = MIGRATIONS) {
    try {
      // Others may pass through the folder (learners' shells run as other accounts) but not list or read it.
      mkdirSync(directory, { recursive: true, mode: 0o711 });
      this.#ballast = new Ballast(directory);
      const file = join(directory, 'drydock.db');
      closeSync(openSync(file, 'a', 0o600));
      this.#db = new DatabaseSync(file, { enableForeignKeyConstraints: true });
    } catch (cause) {
      throw unreadable(directory, cause);
    }
    try {
      this.#prepare(migrations, directory);
    } catch (cause) {
      this.#db.close();
      throw cause instanceof EnvironmentError ? cause : unreadable(directory, cause);
    }
    this.#ballast.ensure();
  }

  all(sql: string, ...values: SQLInputValue[]): unknown[] {
    return this.#statement(sql).all(...values);
  }

  one(sql: string, ...values: SQLInputValue[]): unknown {
    return this.#statement(sql).get(...values);
  }

  /** Runs one changing statement; on disk when it returns. Returns the number of rows changed. */
  run(sql: string, ...values: SQLInputValue[]): number {
    return this.#withRoom(() => Number(this.#statement(sql).run(...values).changes));
  }

  /** Runs changes that belong together: all or none. */
  transaction(change: () => void): void {
    this.#withRoom(() => {
      this.#db.exec('BEGIN IMMEDIATE');
      this.#inTransaction = true;
      try {
        change();
        this.#db.exec('COMMIT');
      } catch (error) {
        if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
        throw error;
      } finally {
        this.#inTransaction = false;
      }
    });
  }

  hasRoom(): boolean {
    return this.#ballast.ensure();
  }

  close(): void {
    this.#statements.clear();
    this.#db.close();
  }

  #prepare(migrations: readonly string[], directory: string): void {
    this.#db.exec(
      'PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA trusted_schema = OFF;',
    );
    this.#db.enableDefensive(true);
    const version = Number((this.#db.prepare('PRAGMA user_version').get() ?? {})['user_version']);
    if (version > migrations.length) {
      throw new EnvironmentError(
        'storage-newer',
        `the data in ${directory} was written by a newer Drydock (version ${version}; this one knows ${migrations.length})`,
        { remedy: 'Update Drydock, or choose another folder with --data-dir.' },
      );
    }
    if (version === migrations.length) return;
    this.transaction(() => {
      for (const step of migrations.slice(version)) this.#db.exec(step);
      this.#db.exec(`PRAGMA user_version = ${migrations.length}`);
    });
  }

  #statement(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known) return known;
    const statement = this.#db.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }

  #withRoom<T>(change: () => T): T {
    try {
      return change();
    } catch (error) {
      // Inside a transaction the outer call tries again as a whole (SQLite may have rolled it back already).
      if (!isNoRoom(error) || this.#inTransaction) throw error;
      if (this.#ballast.release()) {
        try {
          return change();
        } catch (again) {
          if (!isNoRoom(again)) throw again;
        }
      }
      throw new EnvironmentError('disk-full', 'the disk is full: this could not be saved', {
        remedy: 'Free some space (a few megabytes will do) and try again; nothing saved before is lost.',
        cause: error,
      });
    }
  }
}

function isNoRoom(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && NO_ROOM.has(Number(error.errcode) & 0xff);
}

function unreadable(directory: string, cause: unknown): EnvironmentError {
  return new EnvironmentError('storage-unreadable', `cannot use the data in ${directory}: ${messageOf(cause)}`, {
    remedy: 'Check that the folder belongs to you and has room, or choose another one with --data-dir.',
    cause,
  });
}
