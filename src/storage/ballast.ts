/**
 * A file of random bytes that is given up when the disk is full, so that what a learner has just done can still be written
 * down. On a full disk SQLite cannot even delete, so the room has to come from elsewhere.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const BYTES = 2 * 1024 * 1024;

export class Ballast {
  readonly #path: string;

  constructor(directory: string) {
    this.#path = join(directory, 'ballast');
  }

  /** Makes the file when it is missing or short. False when the disk has no room for it. */
  ensure(): boolean {
    try {
      if (existsSync(this.#path) && statSync(this.#path).size === BYTES) return true;
      // Random, because a compressing file system would keep no room for zeros.
      writeFileSync(this.#path, randomBytes(BYTES), { flush: true });
      return true;
    } catch {
      rmSync(this.#path, { force: true });
      return false;
    }
  }

  /** Gives the room back. True when there was any. */
  release(): boolean {
    if (!existsSync(this.#path)) return false;
    rmSync(this.#path, { force: true });
    return true;
  }
}
