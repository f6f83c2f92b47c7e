/** Tools on files: ls, cat, cp, mv, rm, mkdir and their kin. */
import type { FsNode } from '../files.ts';
import { basename, normalise } from '../files.ts';
import { patternToRegExp } from '../shell/pattern.ts';
import { redirectable } from './devices.ts';
import type { Process, Program } from '../process.ts';
import { complain, inputs, nameOf, options, wordsOf } from './applet.ts';

export const fileApplets: readonly (readonly [string, Program])[] = [
  ['ls', ls],
  ['cat', cat],
  ['mkdir', mkdir],
  ['rmdir', rmdir],
  ['rm', rm],
  ['touch', touch],
  ['cp', copy],
  ['mv', copy],
  ['ln', ln],
  ['chmod', chmod],
  ['chown', async () => 0],
  ['stat', stat],
  ['find', find],
  ['readlink', readlink],
  ['realpath', readlink],
  ['mktemp', mktemp],
  ['tee', tee],
];

async function cat(process: Process): Promise<number> {
  const { operands } = await options(process, 'unbetvA');
  if (operands.length === 0 || (operands.length === 1 && operands[0] === '-')) {
    for (let chunk = await process.read(); chunk; chunk = await process.read()) await process.out(chunk);
    return 0;
  }
  const { all, status } = await inputs(process, operands);
  for (const { bytes } of all) await process.out(bytes);
  return status;
}

async function ls(process: Process): Promise<number> {
  const { flags, operands } = await options(process, '1aAlhRrtSdFCi');
  const { files } = process.world;
  const targets = operands.length > 0 ? operands : ['.'];
  let status = 0;
  let first = true;
  for (const target of targets) {
    const path = process.path(target);
    const node = files.stat(path, !flags.has('l'));
    if (!node) {
      status = await complain(process, `${target}: No such file or directory`);
      continue;
    }
    if (node.kind !== 'dir' || flags.has('d')) {
      await process.out(show([{ name: target, node }], flags));
      continue;
    }
    const names = files.list(path).filter((name) => flags.has('a') || flags.has('A') || !name.startsWith('.'));
    const entries = names.map((name) => ({ name, node: files.stat(normalise(name, path), false) ?? node }));
    if (flags.has('a')) entries.unshift({ name: '.', node }, { name: '..', node });
    if (flags.has('t')) entries.sort((a, b) => b.node.mtime - a.node.mtime);
    if (flags.has('r')) entries.reverse();
    if (targets.length > 1) await process.out(`${first ? '' : '\n'}${target}:\n`);
    first = false;
    await process.out(
      (flags.has('l') ? `total ${entries.length * 4}\n` : '') + show(entries, flags, process.tty !== undefined),
    );
  }
  return status;
}

function show(
  entries: readonly { name: string; node: FsNode }[],
  flags: ReadonlyMap<string, string>,
  wide = false,
): string {
  if (flags.has('l'))
    return entries
      .map(
        ({ name, node }) =>
          `${modeText(node)}    ${node.kind === 'dir' ? 2 : 1} root     root     ${String(sizeOf(node)).padStart(9)} ${dateText(node.mtime)} ${name}${node.kind === 'link' ? ` -> ${node.target}` : ''}\n`,
      )
      .join('');
  if (entries.length === 0) return '';
  if (!wide || flags.has('1')) return entries.map(({ name }) => `${name}\n`).join('');
  const width = Math.max(...entries.map(({ name }) => name.length)) + 2;
  const columns = Math.max(1, Math.floor(80 / width));
  const rows = Math.ceil(entries.length / columns);
  return (
    Array.from({ length: rows }, (_, row) =>
      Array.from({ length: columns }, (__, column) => entries[column * rows + row]?.name.padEnd(width) ?? '')
        .join('')
        .trimEnd(),
    ).join('\n') + '\n'
  );
}

function sizeOf(node: FsNode): number {
  return node.kind === 'file' ? node.bytes.length : node.kind === 'dir' ? 4096 : node.target.length;
}

export function modeText(node: FsNode): string {
  const bits = [...'rwxrwxrwx'].map((letter, i) => ((node.mode >> (8 - i)) & 1 ? letter : '-')).join('');
  const sticky = node.mode & 0o1000 ? `${bits.slice(0, 8)}t` : bits;
  return (node.kind === 'dir' ? 'd' : node.kind === 'link' ? 'l' : '-') + sticky;
}

function dateText(ms: number): string {
  const text = new Date(ms).toUTCString();
  return ms < 86_400_000
    ? `${text.slice(8, 11)}  1  1970`
    : `${text.slice(8, 11)} ${String(Number(text.slice(5, 7))).padStart(2)} ${text.slice(17, 22)}`;
}

/** Does something to each operand; complains in libc's words and goes on. */
async function each(
  process: Process,
  operands: readonly string[],
  complaint: (name: string) => string,
  act: (path: string) => void,
): Promise<number> {
  let status = 0;
  for (const name of operands) {
    try {
      act(process.path(name));
    } catch (error) {
      status = await complain(process, `${complaint(name)}: ${wordsOf(error)}`);
    }
  }
  return status;
}

async function mkdir(process: Process): Promise<number> {
  const { flags, operands } = await options(process, 'pm', 'm');
  const { files } = process.world;
  return each(
    process,
    operands,
    (name) => `can't create directory '${name}'`,
    (path) => (flags.has('p') ? files.mkdirs(path) : files.mkdir(path)),
  );
}

async function rmdir(process: Process): Promise<number> {
  const { operands } = await options(process, 'p');
  return each(
    process,
    operands,
    (name) => `'${name}'`,
    (path) => process.world.files.remove(path),
  );
}

async function rm(process: Process): Promise<number> {
  const { flags, operands } = await options(process, 'rRfiv');
  const { files } = process.world;
  const deep = flags.has('r') || flags.has('R');
  const remove = (path: string): void => {
    if (deep && files.stat(path, false)?.kind === 'dir')
      for (const name of files.list(path)) remove(normalise(name, path));
    files.remove(path);
  };
  let status = 0;
  for (const name of operands) {
    const node = files.stat(process.path(name), false);
    if (!node && flags.has('f')) continue;
    if (node?.kind === 'dir' && !deep) status = await complain(process, `'${name}' is a directory`);
    else status = (await each(process, [name], (n) => `can't remove '${n}'`, remove)) || status;
  }
  return status;
}

async function touch(process: Process): Promise<number> {
  const { operands } = await options(process, 'cam', 'dtr');
  return each(
    process,
    operands,
    (name) => name,
    (path) => process.world.files.touch(path),
  );
}

async function copy(process: Process): Promise<number> {
  const { operands } = await options(process, 'rRapfvnLdT');
  const target = operands.at(-1) ?? '';
  const sources = operands.slice(0, -1);
  const { files } = process.world;
  if (sources.length === 0) return complain(process, 'missing file operand');
  const into = files.stat(process.path(target))?.kind === 'dir';
  const moving = nameOf(process) === 'mv';
  let status = 0;
  for (const source of sources) {
    const from = process.path(source);
    const to = into ? normalise(basename(from), process.path(target)) : process.path(target);
    if (!files.stat(from)) {
      status = await complain(
        process,
        moving
          ? `can't rename '${source}': No such file or directory`
          : `can't stat '${source}': No such file or directory`,
      );
      continue;
    }
    status =
      (await each(
        process,
        [target],
        (name) => `can't create '${name}'`,
        () => copyTree(process, from, to),
      )) || status;
    if (moving && status === 0) removeTree(process, from);
  }
  return status;
}

function copyTree(process: Process, from: string, to: string): void {
  const { files } = process.world;
  const node = files.stat(from);
  if (node?.kind === 'dir') {
    files.mkdirs(to);
    for (const name of files.list(from)) copyTree(process, normalise(name, from), normalise(name, to));
  } else if (node?.kind === 'file')
    files.write(to, node.bytes, { mode: node.mode, ...(node.program === undefined ? {} : { program: node.program }) });
}

function removeTree(process: Process, path: string): void {
  const { files } = process.world;
  if (files.stat(path, false)?.kind === 'dir')
    for (const name of files.list(path)) removeTree(process, normalise(name, path));
  files.remove(path);
}

async function ln(process: Process): Promise<number> {
  const { operands } = await options(process, 'sfn');
  const [target = '', link = basename(target)] = operands;
  const path =
    process.world.files.stat(process.path(link))?.kind === 'dir'
      ? normalise(basename(target), process.path(link))
      : process.path(link);
  return each(
    process,
    [link],
    (name) => name,
    () => process.world.files.link(path, target),
  );
}

async function chmod(process: Process): Promise<number> {
  const { operands } = await options(process, 'R');
  const [mode = '', ...names] = process.args.slice(1).some((arg) => /^[-+]\w+$/.test(arg) && arg !== '-R')
    ? process.args.slice(1)
    : operands;
  const { files } = process.world;
  return each(
    process,
    names,
    (name) => name,
    (path) => {
      const old = files.stat(path)?.mode ?? 0o644;
      const bits = mode.includes('x') ? 0o111 : mode.includes('w') ? 0o222 : 0o444;
      files.chmod(
        path,
        /^[0-7]+$/.test(mode) ? Number.parseInt(mode, 8) : mode.includes('-') ? old & ~bits : old | bits,
      );
    },
  );
}

async function stat(process: Process): Promise<number> {
  const { flags, operands } = await options(process, 'L', 'c');
  let status = 0;
  for (const name of operands) {
    const node = process.world.files.stat(process.path(name), false);
    if (!node) {
      status = await complain(process, `can't stat '${name}': No such file or directory`);
      continue;
    }
    const octal = (node.mode & 0o7777).toString(8);
    const format = flags.get('c');
    const values: Readonly<Record<string, string>> = {
      n: name,
      s: String(sizeOf(node)),
      a: octal,
      A: modeText(node),
      U: 'root',
      G: 'root',
      u: '0',
      g: '0',
      Y: String(Math.floor(node.mtime / 1000)),
      F: node.kind === 'dir' ? 'directory' : node.kind === 'link' ? 'symbolic link' : 'regular file',
    };
    const text =
      format === undefined
        ? `  File: ${name}\n  Size: ${sizeOf(node)}\nAccess: (${octal.padStart(4, '0')}/${modeText(node)})  Uid: (    0/    root)   Gid: (    0/    root)\nModify: ${new Date(node.mtime).toISOString().slice(0, 19).replace('T', ' ')}`
        : format.replaceAll(/%(\w)/g, (whole, letter: string) => values[letter] ?? whole);
    await process.out(`${text}\n`);
  }
  return status;
}

async function find(process: Process): Promise<number> {
  const { files } = process.world;
  const args = process.args.slice(1);
  const cut = args.findIndex((arg) => arg.startsWith('-'));
  const roots = cut < 0 ? args : args.slice(0, cut);
  const value = (name: string): string | undefined => (args.includes(name) ? args[args.indexOf(name) + 1] : undefined);

  const name = value('-name');
  const matcher = name === undefined ? undefined : patternToRegExp(name);
  const type = value('-type');
  const depth = Number(value('-maxdepth') ?? Number.POSITIVE_INFINITY);
  const found: string[] = [];
  const walk = (shown: string, level: number): void => {
    const node = files.stat(process.path(shown), false);
    if (!node) return;
    const kind = node.kind === 'dir' ? 'd' : node.kind === 'link' ? 'l' : 'f';
    if ((!matcher || matcher.test(basename(shown))) && (type === undefined || type === kind)) found.push(shown);
    if (node.kind === 'dir' && level < depth)
      for (const child of files.list(process.path(shown)))
        walk(shown.endsWith('/') ? shown + child : `${shown}/${child}`, level + 1);
  };
  for (const root of roots.length > 0 ? roots : ['.']) walk(root, 0);
  await process.out(found.map((path) => `${path}\n`).join(''));
  return 0;
}

async function readlink(process: Process): Promise<number> {
  const { operands } = await options(process, 'fnem');
  for (const name of operands) {
    const node = process.world.files.stat(process.path(name), false);
    if (nameOf(process) === 'readlink' && node?.kind !== 'link' && !process.args.includes('-f')) return 1;
    await process.out(`${node?.kind === 'link' ? node.target : process.path(name)}\n`);
  }
  return 0;
}

async function mktemp(process: Process): Promise<number> {
  const { flags } = await options(process, 'dtuq', 'p');
  const path = `/tmp/tmp.${Math.floor(process.world.random.next() * 36 ** 6)
    .toString(36)
    .padStart(6, '0')}`;
  if (flags.has('d')) process.world.files.mkdir(path, 0o700);
  else process.world.files.write(path, new Uint8Array(), { mode: 0o600 });
  await process.out(`${path}\n`);
  return 0;
}

async function tee(process: Process): Promise<number> {
  const { flags, operands } = await options(process, 'ai');
  const { files } = process.world;
  const targets = operands.map((name) => process.path(name)).filter((path) => !redirectable(path));
  let status = await each(
    process,
    flags.has('a') ? [] : operands.filter((name) => !redirectable(process.path(name))),
    (name) => name,
    (path) => files.write(path, new Uint8Array()),
  );
  for (let chunk = await process.read(); chunk; chunk = await process.read()) {
    await process.out(chunk);
    for (const path of targets) {
      try {
        files.append(path, chunk);
      } catch (error) {
        wordsOf(error);
        status = 1;
      }
    }
  }
  return status;
}
