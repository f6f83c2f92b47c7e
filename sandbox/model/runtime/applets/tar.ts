/** tar: create, extract and list in the ustar format, uncompressed; what `kubectl cp` needs and a little more. */
import { dirname, normalise } from '../files.ts';
import { concat, encode, decode } from '../pipe.ts';
import type { Process, Program } from '../process.ts';
import { complain, everything, wordsOf } from './applet.ts';

export const tarApplets: readonly (readonly [string, Program])[] = [['tar', tar]];

const BLOCK = 512;

async function tar(process: Process): Promise<number> {
  const [, first = '', ...rest] = process.args;
  let letters = first.replace(/^-/, '');
  let file = '-';
  let dir = process.cwd;
  const operands: string[] = [];
  const args = [...rest];
  if (letters.includes('f')) file = args.shift() ?? '-';
  if (letters.includes('C')) dir = process.path(args.shift() ?? '.');
  for (let arg = args.shift(); arg !== undefined; arg = args.shift()) {
    if (arg === '-C') dir = process.path(args.shift() ?? '.');
    else if (arg === '-f') file = args.shift() ?? '-';
    else if (arg.startsWith('-')) letters += arg.slice(1);
    else operands.push(arg);
  }
  try {
    if (letters.includes('c')) return await create(process, { file, dir, operands });
    if (letters.includes('x') || letters.includes('t'))
      return await extract(process, { file, dir, list: letters.includes('t') });
  } catch (error) {
    return complain(process, wordsOf(error));
  }
  await process.err('tar: must specify one of -c, -x, -t\n');
  return 1;
}

async function create(
  process: Process,
  { file, dir, operands }: { file: string; dir: string; operands: readonly string[] },
): Promise<number> {
  const blocks: Uint8Array[] = [];
  const { files } = process.world;
  let status = 0;
  let absolute = false;
  const add = (name: string): void => {
    const path = normalise(name, dir);
    const node = files.stat(path);
    if (!node) return;
    const stored = name.replace(/^\/+/, '');
    if (node.kind === 'dir') {
      if (stored !== '')
        blocks.push(header({ name: `${stored}/`, size: 0, mode: node.mode, mtime: node.mtime, type: '5' }));
      for (const child of files.list(path)) add(`${name.replace(/\/$/, '')}/${child}`);
    } else if (node.kind === 'file') {
      blocks.push(
        header({ name: stored, size: node.bytes.length, mode: node.mode, mtime: node.mtime, type: '0' }),
        node.bytes,
        new Uint8Array((BLOCK - (node.bytes.length % BLOCK)) % BLOCK),
      );
    }
  };
  for (const name of operands) {
    const there = files.stat(normalise(name, dir)) !== undefined;
    if (there && name.startsWith('/')) absolute = true;
    if (there) add(name);
    else status = await complain(process, `${name}: No such file or directory`);
  }
  if (absolute) await process.err("tar: removing leading '/' from member names\n");
  if (status !== 0) await process.err('tar: error exit delayed from previous errors\n');
  const archive = concat([...blocks, new Uint8Array(2 * BLOCK)]);
  if (file === '-') await process.out(archive);
  else files.write(process.path(file), archive);
  return status;
}

interface Entry {
  readonly name: string;
  readonly size: number;
  readonly mode: number;
  readonly mtime: number;
  readonly type: string;
}

function header({ name, size, mode, mtime, type }: Entry): Uint8Array {
  const block = new Uint8Array(BLOCK);
  const put = (text: string, at: number): void => block.set(encode(text), at);
  const octal = (value: number, width: number): string => `${value.toString(8).padStart(width - 1, '0')}\0`;
  const cut = encode(name).length > 100 ? name.lastIndexOf('/', 154) : -1;
  put(cut < 0 ? name : name.slice(cut + 1), 0);
  put(octal(mode & 0o7777, 8), 100);
  put(octal(0, 8), 108);
  put(octal(0, 8), 116);
  put(octal(size, 12), 124);
  put(octal(Math.floor(mtime / 1000), 12), 136);
  put('        ', 148);
  put(type, 156);
  put('ustar\x0000root', 257);
  put('root', 297);
  if (cut >= 0) put(name.slice(0, cut), 345);
  put(
    `${block
      .reduce((sum, byte) => sum + byte, 0)
      .toString(8)
      .padStart(6, '0')}\0 `,
    148,
  );
  return block;
}

async function extract(
  process: Process,
  { file, dir, list }: { file: string; dir: string; list: boolean },
): Promise<number> {
  const { files } = process.world;
  const archive = file === '-' ? await everything(process) : files.read(process.path(file));
  let longName: string | undefined;
  for (let at = 0; at + BLOCK <= archive.length && archive[at] !== 0;) {
    const entry = readHeader(archive.subarray(at, at + BLOCK));
    const bytes = archive.subarray(at + BLOCK, at + BLOCK + entry.size);
    at += BLOCK + Math.ceil(entry.size / BLOCK) * BLOCK;
    if (entry.type === 'L') longName = decode(bytes).replace(/\0+$/, '');
    else if (entry.type === 'x') longName = /\d+ path=([^\n]*)\n/.exec(decode(bytes))?.[1];
    if (!'05\0'.includes(entry.type)) continue;
    const name = longName ?? entry.name;
    longName = undefined;
    if (list) {
      await process.out(`${name}\n`);
      continue;
    }
    const path = normalise(name.replace(/^\/+/, ''), dir);
    if (entry.type === '5') files.mkdirs(path);
    else {
      files.mkdirs(dirname(path));
      files.write(path, bytes.slice(), { mode: entry.mode });
    }
  }
  return 0;
}

function readHeader(block: Uint8Array): Entry {
  const text = (from: number, length: number): string =>
    decode(block.subarray(from, from + length)).replace(/\0.*$/s, '');
  const number = (from: number, length: number): number => Number.parseInt(text(from, length).trim() || '0', 8);
  const prefix = text(345, 155);
  const name = text(0, 100);
  return {
    name: prefix === '' ? name : `${prefix}/${name}`,
    size: number(124, 12),
    mode: number(100, 8),
    mtime: number(136, 12) * 1000,
    type: String.fromCharCode(block[156] ?? 48),
  };
}
