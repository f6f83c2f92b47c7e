/**
 * One server per data folder. The lock is SQLite's on a file of its own: the system releases it when the process is gone,
 * also by kill -9, so there is no stale lock to clean up.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Disposable } from '../../kernel/disposable.ts';
import { disposable } from '../../kernel/disposable.ts';
import { EnvironmentError, messageOf } from '../../kernel/errors.ts';

/** Throws EnvironmentError `data-in-use` or `storage-unreadable`. */
export function lockInstance(directory: string): Disposable {
  let db: DatabaseSync | undefined;
  try {
    mkdirSync(directory, { recursive: true, mode: 0o711 });
    db = new DatabaseSync(join(directory, 'lock'));
    db.exec('PRAGMA busy_timeout = 300; BEGIN EXCLUSIVE');
  } catch (cause) {
    db?.close();
    if (/locked/.test(messageOf(cause))) {
      throw new EnvironmentError('data-in-use', `another Drydock is running on ${directory}`, {
        remedy: 'Use that one, or stop it, or choose another folder with --data-dir.',
        cause,
      });
    }
    throw new EnvironmentError('storage-unreadable', `cannot use ${directory}: ${messageOf(cause)}`, {
      remedy: 'Check that the folder belongs to you and has room, or choose another one with --data-dir.',
      cause,
    });
  }
  const held = db;
  return disposable(() => held.close());
}
