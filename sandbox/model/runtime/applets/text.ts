/** Small tools that print or compute: echo, printf, seq, expr, test, basename, base64, checksums. */
import { createHash } from 'node:crypto';
import { basename, dirname } from '../files.ts';
import type { Process, Program } from '../process.ts';
import { arithmetic } from '../shell/arithmetic.ts';
import { echoText, printfText } from '../shell/printing.ts';
import { evaluateTest } from '../shell/test-expression.ts';
import { complain, everything, inputs, options } from './applet.ts';
import { encode } from '../pipe.ts';

export const textApplets: readonly (readonly [string, Program])[] = [
  ['echo', async (process) => say(process, echoText(process.args.slice(1)))],
  ['printf', async (process) => say(process, printfText(process.args.slice(1)))],
  ['true', async () => 0],
  ['false', async () => 1],
  ['test', (process) => test(process, process.args.slice(1))],
  ['[', (process) => test(process, process.args.slice(1, -1))],
  ['seq', seq],
  ['expr', expr],
  ['yes', yes],
  ['clear', async (process) => say(process, '\x1b[H\x1b[2J')],
  [
    'basename',
    async (process) =>
      say(process, `${basename(process.args[1] ?? '').replace(new RegExp(`${process.args[2] ?? ''}$`), '')}\n`),
  ],
  ['dirname', async (process) => say(process, `${process.args[1]?.includes('/') ? dirname(process.args[1]) : '.'}\n`)],
  ['base64', base64],
  ['md5sum', (process) => checksum(process, 'md5')],
  ['sha256sum', (process) => checksum(process, 'sha256')],
];

async function say(process: Process, text: string): Promise<0> {
  await process.out(text);
  return 0;
}

async function test(process: Process, args: readonly string[]): Promise<number> {
  try {
    return evaluateTest(args, process.world.files, process.cwd) ? 0 : 1;
  } catch (error) {
    await complain(process, error instanceof Error ? error.message : String(error));
    return 2;
  }
}

async function seq(process: Process): Promise<number> {
  const numbers = process.args.slice(1).map(Number);
  if (numbers.length === 0 || numbers.some(Number.isNaN))
    return complain(process, `invalid number '${process.args[1] ?? ''}'`);
  const [first, step, last] =
    numbers.length === 1
      ? [1, 1, numbers[0] ?? 0]
      : numbers.length === 2
        ? [numbers[0] ?? 1, 1, numbers[1] ?? 0]
        : [numbers[0] ?? 1, numbers[1] ?? 1, numbers[2] ?? 0];
  for (let n = first; step > 0 ? n <= last : step < 0 && n >= last; n += step) await process.out(`${n}\n`);
  return 0;
}

async function expr(process: Process): Promise<number> {
  const [a = '', op = '', b = ''] = process.args.slice(1);
  if (op === ':') {
    const match = new RegExp(`^${b.replaceAll('\\(', '(').replaceAll('\\)', ')')}`).exec(a);
    await process.out(`${match?.[1] ?? match?.[0]?.length ?? 0}\n`);
    return match ? 0 : 1;
  }
  const value =
    op === '=' ? Number(a === b) : arithmetic(process.args.slice(1).join(' '), { get: () => undefined, set: () => {} });
  await process.out(`${value}\n`);
  return value === 0 ? 1 : 0;
}

async function yes(process: Process): Promise<number> {
  const line = `${process.args.slice(1).join(' ') || 'y'}\n`;
  const block = encode(line.repeat(512));
  for (;;) {
    await process.out(block);
    await process.sleep(1);
  }
}

async function base64(process: Process): Promise<number> {
  const { flags, operands } = await options(process, 'd', 'w');
  const { all, status } = await inputs(process, operands);
  for (const { bytes } of all) {
    if (flags.has('d')) await process.out(Buffer.from(Buffer.from(bytes).toString(), 'base64'));
    else {
      const text = Buffer.from(bytes).toString('base64');
      await process.out(flags.get('w') === '0' ? text : text.replaceAll(/.{1,76}/g, '$&\n'));
    }
  }
  return status;
}

async function checksum(process: Process, algorithm: string): Promise<number> {
  const { all, status } =
    process.args.length > 1
      ? await inputs(process, process.args.slice(1))
      : { all: [{ name: '-', bytes: await everything(process) }], status: 0 };
  for (const { name, bytes } of all)
    await process.out(`${createHash(algorithm).update(bytes).digest('hex')}  ${name}\n`);
  return status;
}
