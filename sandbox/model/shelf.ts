/** Where sandboxes are kept while nobody runs them: a folder each, or this process' memory. Knows nothing of components. */
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Clock } from '../../kernel/clock.ts';
import { InputError, messageOf } from '../../kernel/errors.ts';
import type { SandboxId } from '../contract.ts';
import type { SandboxSpec } from '../spec.ts';
import { sandboxSpecSchema } from '../spec.ts';
import type { Pki } from './apiserver/pki.ts';
import { keepPki, makePki } from './apiserver/pki.ts';
import type { Store } from './etcd/store.ts';
import { openStore } from './etcd/store.ts';

/** All that a sandbox is when it does not run. */
export interface Kept {
  readonly spec: SandboxSpec;
  readonly clusterName: string;
  readonly store: Store;
  readonly pki: Pki;
}

export interface Making {
  readonly spec: SandboxSpec;
  readonly clusterName: string;
  /** Names that the server's certificate must hold. */
  readonly nodes: readonly string[];
}

export interface Shelf {
  /** Makes an empty sandbox. Throws InputError when the id is taken; leaves nothing behind when it fails. */
  make(id: SandboxId, making: Making): Kept;
  /** Undefined when there is none. Throws InputError when it is damaged. */
  find(id: SandboxId): Kept | undefined;
  /** The sandbox no longer runs. */
  putBack(kept: Kept): void;
  list(): readonly SandboxId[];
  remove(id: SandboxId): void;
  /** Why nothing can be kept here, if so. */
  trouble(): { reason: string; remedy: string } | undefined;
}

function taken(id: SandboxId): InputError {
  return new InputError('sandbox-exists', `there is a sandbox ${id} already`, {
    remedy: 'Open it, or destroy it first.',
  });
}

/** `clock` dates the certificates. */
export function memoryShelf(clock: Clock): Shelf {
  const all = new Map<SandboxId, Kept>();
  return {
    make(id, { spec, clusterName, nodes }) {
      if (all.has(id)) throw taken(id);
      const kept = { spec, clusterName, store: openStore(), pki: makePki({ nodes, now: clock.now() }) };
      all.set(id, kept);
      return kept;
    },
    find: (id) => all.get(id),
    putBack: () => undefined,
    list: () => [...all.keys()],
    remove: (id) => void all.delete(id),
    trouble: () => undefined,
  };
}

const FILE = 'sandbox.json';
const fileSchema = z.strictObject({ spec: sandboxSpecSchema, clusterName: z.string() });

export function folderShelf(directory: string, clock: Clock): Shelf {
  const home = (id: SandboxId): string => join(directory, id);
  const remove = (id: SandboxId): void => rmSync(home(id), { recursive: true, force: true });
  return {
    make(id, { spec, clusterName, nodes }) {
      if (existsSync(home(id))) throw taken(id);
      try {
        mkdirSync(home(id), { recursive: true, mode: 0o700 });
        const store = openStore(home(id));
        const pki = keepPki(home(id), () => makePki({ nodes, now: clock.now() }));
        // Written last and by a rename: a folder without it is no sandbox, but the rest of a create that was cut off.
        writeFileSync(join(home(id), `${FILE}.new`), JSON.stringify({ spec, clusterName }), { mode: 0o600 });
        renameSync(join(home(id), `${FILE}.new`), join(home(id), FILE));
        return { spec, clusterName, store, pki };
      } catch (error) {
        remove(id);
        throw error;
      }
    },
    find(id) {
      const path = join(home(id), FILE);
      if (!existsSync(path)) return undefined;
      const { spec, clusterName } = parse(path);
      const pki = keepPki(home(id), () => makePki({ nodes: [], now: clock.now() }));
      return { spec, clusterName, pki, store: openStore(home(id)) };
    },
    putBack: ({ store }) => store.close(),
    list() {
      if (!existsSync(directory)) return [];
      return readdirSync(directory).filter((id) => existsSync(join(home(id), FILE)));
    },
    remove,
    trouble() {
      try {
        mkdirSync(directory, { recursive: true, mode: 0o700 });
        accessSync(directory, constants.W_OK);
        return undefined;
      } catch (error) {
        return {
          reason: `${directory} cannot be written: ${messageOf(error)}`,
          remedy: 'Choose a folder that you may write to.',
        };
      }
    },
  };
}

function parse(path: string): z.infer<typeof fileSchema> {
  try {
    return fileSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    throw new InputError('sandbox-damaged', `${path} cannot be read: ${messageOf(error)}`, {
      remedy: 'Destroy this sandbox and start the lab again.',
      cause: error,
    });
  }
}
