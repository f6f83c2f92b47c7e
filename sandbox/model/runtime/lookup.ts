/** Finds what a command name runs: a program of the image, or a script with `#!`. */
import { normalise } from './files.ts';
import { decode } from './pipe.ts';
import type { Program, World } from './process.ts';

export type Found =
  | { readonly ok: true; readonly program: Program; readonly path: string; readonly prefix?: readonly string[] }
  | { readonly ok: false; readonly reason: 'missing' | 'permission' | 'directory' };

interface Where {
  readonly world: World;
  readonly path: string;
  readonly cwd: string;
}

export function findProgram(name: string, where: Where): Found {
  if (name.includes('/')) return openProgram(normalise(name, where.cwd), where, 0);
  if (name !== '') {
    for (const dir of where.path.split(':')) {
      const found = openProgram(normalise(name, dir === '' ? where.cwd : dir), where, 0);
      if (found.ok) return found;
    }
  }
  return { ok: false, reason: 'missing' };
}

function openProgram(path: string, where: Where, depth: number): Found {
  const node = where.world.files.stat(path);
  if (!node) return { ok: false, reason: 'missing' };
  if (node.kind !== 'file') return { ok: false, reason: 'directory' };
  if ((node.mode & 0o111) === 0) return { ok: false, reason: 'permission' };
  if (node.program !== undefined) {
    const program = where.world.program(node.program);
    return program ? { ok: true, program, path } : { ok: false, reason: 'missing' };
  }
  const [interpreter = '/bin/sh', ...args] = (/^#!\s*(.*)/.exec(decode(node.bytes.subarray(0, 256)))?.[1] ?? '/bin/sh')
    .trim()
    .split(/\s+/);
  const found = depth < 4 ? openProgram(interpreter, where, depth + 1) : undefined;
  return found?.ok ? { ...found, path, prefix: [interpreter, ...args] } : { ok: false, reason: 'missing' };
}

/** The low-level runtime's words for a command that cannot start (runc through containerd). */
export function execFailure(name: string, reason: 'missing' | 'permission' | 'directory'): string {
  if (reason === 'permission' || reason === 'directory')
    return `exec: "${name}": ${reason === 'directory' ? 'is a directory' : 'permission denied'}`;
  return name.includes('/')
    ? `exec: "${name}": stat ${name}: no such file or directory`
    : `exec: "${name}": executable file not found in $PATH`;
}
