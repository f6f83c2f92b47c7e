/**
 * The append-only file that lets a cluster survive `kill -9`: one line a write, each with its checksum, written before the
 * write is acknowledged. Knows revisions, keys and values; nothing of Kubernetes.
 *
 * R-JOURNAL-1  What was acknowledged is there after a crash.
 * R-JOURNAL-2  A crash may tear the last line: it was never acknowledged, so it is dropped.
 * R-JOURNAL-3  Any other unreadable line is damage, and is reported instead of guessed at.
 * R-JOURNAL-4  A long file is rewritten with the live records only, by a rename.
 */
import {
  closeSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { EnvironmentError, InputError, messageOf } from '../../../kernel/errors.ts';
import type { KubeObject } from '../../../kernel/kube/object.ts';
import { z } from 'zod';

/** One write. Without a value the key was deleted. */
export interface JournalRecord {
  readonly revision: number;
  readonly key: string;
  readonly value?: KubeObject;
}

const FILE = 'journal';
const FORMAT = 'drydock-journal-1';
/** The file is rewritten when it is longer than this, in bytes, and at least this many times longer than after the last rewrite. */
const ROTATE_BYTES = 4 * 1024 * 1024;
const ROTATE_GROWTH = 3;

const headerSchema = z.strictObject({ format: z.literal(FORMAT), revision: z.number().int() });
const recordSchema = z.strictObject({
  r: z.number().int(),
  k: z.string(),
  v: z.looseObject({ apiVersion: z.string(), kind: z.string(), metadata: z.looseObject({}) }).optional(),
});

export interface Loaded {
  /** The store's revision when the file was last rewritten; the records follow it. */
  readonly revision: number;
  readonly records: readonly JournalRecord[];
  readonly journal: Journal;
}

/**
 * Opens or makes the journal in a directory. Throws InputError `journal-damaged` when a line other than a torn last one
 * cannot be read, EnvironmentError when the directory cannot be used.
 */
export function openJournal(directory: string): Loaded {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    rmSync(join(directory, `${FILE}.new`), { force: true });
    const fd = openSync(join(directory, FILE), 'a+', 0o600);
    return load(directory, fd);
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new EnvironmentError(
      'journal-unusable',
      `the sandbox's journal in ${directory} cannot be opened: ${messageOf(error)}`,
      {
        remedy: 'Check that the folder can be written and that the disk has room.',
        cause: error,
      },
    );
  }
}

function load(directory: string, fd: number): Loaded {
  const bytes = readFileSync(join(directory, FILE));
  const whole = bytes.lastIndexOf(0x0a) + 1;
  const lines = bytes.subarray(0, whole).toString('utf8').split('\n').slice(0, -1);
  const first = lines[0];
  if (first === undefined) {
    // Nothing was ever acknowledged: a new file, or one torn within its first line.
    ftruncateSync(fd, 0);
    const journal = new Journal(directory, fd);
    journal.begin(0);
    return { revision: 0, records: [], journal };
  }
  if (whole < bytes.length) ftruncateSync(fd, whole);
  const header = parse(headerSchema, first, { directory, line: 1 });
  const records = lines.slice(1).map((line, i): JournalRecord => {
    const { r, k, v } = parse(recordSchema, line, { directory, line: i + 2 });
    return v === undefined ? { revision: r, key: k } : { revision: r, key: k, value: v };
  });
  return { revision: header.revision, records, journal: new Journal(directory, fd) };
}

function parse<T>(schema: z.ZodType<T>, line: string, place: { directory: string; line: number }): T {
  const json = line.slice(9);
  try {
    if (line.slice(0, 8) !== checksum(json)) throw new Error('its checksum is wrong');
    return schema.parse(JSON.parse(json));
  } catch (error) {
    throw new InputError(
      'journal-damaged',
      `line ${place.line} of ${join(place.directory, FILE)} cannot be read: ${messageOf(error)}`,
      {
        remedy: 'Destroy this sandbox and start the lab again.',
        cause: error,
      },
    );
  }
}

function checksum(text: string): string {
  return crc32(text).toString(16).padStart(8, '0');
}

function lineOf(value: unknown): string {
  const json = JSON.stringify(value);
  return `${checksum(json)} ${json}\n`;
}

/** Writes are synchronous: when `append` returns, the record survives the end of this process. */
export class Journal {
  readonly #directory: string;
  #fd: number;
  #size: number;
  #rotateAt: number;
  #broken: string | undefined;

  constructor(directory: string, fd: number) {
    this.#directory = directory;
    this.#fd = fd;
    this.#size = fstatSync(fd).size;
    this.#rotateAt = Math.max(ROTATE_BYTES, this.#size);
  }

  /** Writes the first line of a new file. */
  begin(revision: number): void {
    this.#write(lineOf({ format: FORMAT, revision }));
  }

  /** Whether the file has grown so much that the store should hand over its live records. */
  get wantsRotation(): boolean {
    return this.#size > this.#rotateAt;
  }

  /** Throws EnvironmentError `journal-write` when the disk does not take the record; nothing of it then remains. */
  append({ revision, key, value }: JournalRecord): void {
    this.#write(lineOf(value === undefined ? { r: revision, k: key } : { r: revision, k: key, v: value }));
  }

  /** Replaces the file by one that holds the live records only. A crash leaves the old file or the new one, whole. */
  rotate(revision: number, live: Iterable<JournalRecord>): void {
    const path = join(this.#directory, `${FILE}.new`);
    // Appending, so that a write that is taken back leaves no hole behind.
    rmSync(path, { force: true });
    const next = openSync(path, 'ax', 0o600);
    try {
      let text = lineOf({ format: FORMAT, revision });
      for (const { revision: r, key: k, value: v } of live) text += lineOf({ r, k, v });
      writeAll(next, text);
      renameSync(path, join(this.#directory, FILE));
    } catch (error) {
      // The old file still holds everything; try again after it has grown once more.
      closeSync(next);
      rmSync(path, { force: true });
      this.#rotateAt = this.#size + ROTATE_BYTES;
      void error;
      return;
    }
    closeSync(this.#fd);
    this.#fd = next;
    this.#size = fstatSync(next).size;
    this.#rotateAt = Math.max(ROTATE_BYTES, this.#size * ROTATE_GROWTH);
  }

  close(): void {
    if (this.#broken === undefined) closeSync(this.#fd);
    this.#broken = 'it is closed';
  }

  #write(text: string): void {
    if (this.#broken !== undefined)
      throw new EnvironmentError('journal-write', `the sandbox's journal cannot be written: ${this.#broken}`);
    try {
      this.#size += writeAll(this.#fd, text);
    } catch (error) {
      this.#undo();
      throw new EnvironmentError('journal-write', `the sandbox's journal cannot be written: ${messageOf(error)}`, {
        remedy: 'Make room on the disk.',
        cause: error,
      });
    }
  }

  /** Takes back a half-written line, so that the next one does not follow garbage. */
  #undo(): void {
    try {
      ftruncateSync(this.#fd, this.#size);
    } catch (error) {
      this.#broken = messageOf(error);
      closeSync(this.#fd);
    }
  }
}

function writeAll(fd: number, text: string): number {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length;) at += writeSync(fd, bytes, at);
  return bytes.length;
}
