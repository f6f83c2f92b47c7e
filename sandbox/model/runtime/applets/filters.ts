/** Filters over lines: grep, sed, sort, cut, tr, head, tail, wc, uniq. */
import type { Process, Program } from '../process.ts';
import { toRegExp } from './expressions.ts';
import { compileScript } from './sed.ts';
import { eachLine, inputs, linesOf, nameOf, options, usage, wordsOf, complain } from './applet.ts';

export const filterApplets: readonly (readonly [string, Program])[] = [
  ['grep', grep],
  ['sed', sed],
  ['sort', sort],
  ['cut', cut],
  ['tr', tr],
  ['head', head],
  ['tail', tail],
  ['wc', wc],
  ['uniq', uniq],
];

async function grep(process: Process): Promise<number> {
  const { flags, operands } = await options(process, 'invcqlLohHswxEFrR', 'emABC');
  const names = [...operands];
  const pattern = flags.get('e') ?? names.shift();
  if (pattern === undefined) {
    await process.err(
      'Usage: grep [-HhnlLoqvsrRiwFE] [-m N] [-A|B|C N] { PATTERN | -e PATTERN... | -f FILE... } [FILE]...\n',
    );
    return 2;
  }
  const self = nameOf(process);
  let expression: RegExp;
  try {
    const wrapped = flags.has('w') ? `\\b(?:${pattern})\\b` : flags.has('x') ? `^(?:${pattern})$` : pattern;
    expression = toRegExp(wrapped, {
      extended: flags.has('E') || flags.has('w') || flags.has('x') || self === 'egrep',
      fixed: flags.has('F') || self === 'fgrep',
      flags: flags.has('i') ? 'gi' : 'g',
    });
  } catch {
    await process.err(`grep: bad regex '${pattern}'\n`);
    return 2;
  }
  let matches = 0;
  const label = (names.length > 1 || flags.has('H')) && !flags.has('h');
  const consider = async (line: string, number: number, file: string): Promise<boolean> => {
    expression.lastIndex = 0;
    const hit = expression.test(line) !== flags.has('v');
    if (!hit) return true;
    matches++;
    if (flags.has('q')) return false;
    if (flags.has('c') || flags.has('l')) return true;
    const prefix = (label ? `${file}:` : '') + (flags.has('n') ? `${number}:` : '');
    if (flags.has('o')) await process.out((line.match(expression) ?? []).map((part) => `${prefix}${part}\n`).join(''));
    else await process.out(`${prefix}${line}\n`);
    return matches < Number(flags.get('m') ?? Number.POSITIVE_INFINITY);
  };
  if (names.length === 0) {
    let number = 0;
    await eachLine(process, (line) => consider(line, ++number, '(standard input)'));
    if (flags.has('c')) await process.out(`${matches}\n`);
    return matches > 0 ? 0 : 1;
  }
  const { all, status } = await inputs(process, names);
  for (const { name, bytes } of all) {
    const before = matches;
    for (const [i, line] of linesOf(bytes).entries()) if (!(await consider(line, i + 1, name))) break;
    if (flags.has('c')) await process.out(`${label ? `${name}:` : ''}${matches - before}\n`);
    if (flags.has('l') && matches > before) await process.out(`${name}\n`);
  }
  return matches > 0 ? 0 : status === 0 ? 1 : 2;
}

async function sed(process: Process): Promise<number> {
  const { flags, operands } = await options(process, 'niErs', 'ef');
  const names = [...operands];
  const source = flags.get('e') ?? names.shift() ?? '';
  const script = compileScript(source, flags.has('E') || flags.has('r'));
  if (typeof script === 'string') return usage(process, script);
  const quiet = flags.has('n');
  if (names.length === 0) {
    let number = 0;
    await eachLine(process, async (line) => {
      const result = script({ line, number: ++number, last: false, quiet });
      await process.out(result.text);
      return !result.quit;
    });
    return 0;
  }
  const { all, status } = await inputs(process, names);
  for (const { name, bytes } of all) {
    let text = '';
    const lines = linesOf(bytes);
    for (const [i, line] of lines.entries()) {
      const result = script({ line, number: i + 1, last: i === lines.length - 1, quiet });
      text += result.text;
      if (result.quit) break;
    }
    if (!flags.has('i')) await process.out(text);
    else {
      try {
        process.world.files.write(process.path(name), new TextEncoder().encode(text));
      } catch (error) {
        return complain(process, `${name}: ${wordsOf(error)}`);
      }
    }
  }
  return status;
}

async function sort(process: Process): Promise<number> {
  const { flags, operands } = await options(process, 'rnufh', 'kt');
  const { all, status } = await inputs(process, operands);
  const field = Number.parseInt(flags.get('k') ?? '0', 10);
  const separator = flags.get('t') ?? /\s+/;
  const key = (line: string): string => (field > 0 ? (line.trimStart().split(separator)[field - 1] ?? '') : line);
  const order = (a: string, b: string): number =>
    flags.has('n') || flags.has('h')
      ? (Number.parseFloat(key(a)) || 0) - (Number.parseFloat(key(b)) || 0)
      : key(a) < key(b)
        ? -1
        : key(a) > key(b)
          ? 1
          : 0;
  let lines = all.flatMap(({ bytes }) => linesOf(bytes)).sort(order);
  if (flags.has('r')) lines.reverse();
  if (flags.has('u')) lines = lines.filter((line, i) => i === 0 || line !== lines[i - 1]);
  await process.out(lines.map((line) => `${line}\n`).join(''));
  return status;
}

async function uniq(process: Process): Promise<number> {
  const { flags, operands } = await options(process, 'cdu');
  const { all, status } = await inputs(process, operands);
  const runs: { line: string; count: number }[] = [];
  for (const line of all.flatMap(({ bytes }) => linesOf(bytes))) {
    const last = runs.at(-1);
    if (last?.line === line) last.count++;
    else runs.push({ line, count: 1 });
  }
  const chosen = runs.filter(({ count }) => (flags.has('d') ? count > 1 : flags.has('u') ? count === 1 : true));
  await process.out(
    chosen.map(({ line, count }) => (flags.has('c') ? `${String(count).padStart(7)} ${line}\n` : `${line}\n`)).join(''),
  );
  return status;
}

async function cut(process: Process): Promise<number> {
  const { flags, operands } = await options(process, 's', 'dfcb');
  const list = flags.get('f') ?? flags.get('c') ?? flags.get('b');
  if (list === undefined) return usage(process, 'expected a list of bytes, characters, or fields');
  const wanted = (i: number): boolean =>
    list.split(',').some((range) => {
      const [from = '', to] = range.split('-');
      return to === undefined
        ? i === Number(from)
        : i >= Number(from || 1) && i <= Number(to || Number.POSITIVE_INFINITY);
    });
  const separator = flags.get('d') ?? '\t';
  const { all, status } = await inputs(process, operands);
  for (const line of all.flatMap(({ bytes }) => linesOf(bytes))) {
    if (!flags.has('f')) await process.out(`${[...line].filter((_, i) => wanted(i + 1)).join('')}\n`);
    else if (!line.includes(separator)) await process.out(flags.has('s') ? '' : `${line}\n`);
    else
      await process.out(
        `${line
          .split(separator)
          .filter((_, i) => wanted(i + 1))
          .join(separator)}\n`,
      );
  }
  return status;
}

async function tr(process: Process): Promise<number> {
  const { flags, operands } = await options(process, 'dsc');
  const from = characters(operands[0] ?? '');
  const to = characters(operands[1] ?? '');
  let previous = '';
  const translate = (c: string): string => {
    const at = from.indexOf(c);
    const hit = flags.has('c') ? at < 0 : at >= 0;
    if (hit && flags.has('d')) return '';
    const result = hit && to.length > 0 ? (to[Math.min(Math.max(at, 0), to.length - 1)] ?? c) : c;
    if (flags.has('s') && hit && result === previous) return '';
    previous = result;
    return result;
  };
  for (let chunk = await process.read(); chunk; chunk = await process.read())
    await process.out([...new TextDecoder().decode(chunk)].map(translate).join(''));
  return 0;
}

function characters(text: string): string[] {
  const classes: Readonly<Record<string, string>> = {
    upper: 'A-Z',
    lower: 'a-z',
    digit: '0-9',
    alpha: 'A-Za-z',
    space: ' \t\n\r',
  };
  const plain = text
    .replaceAll(/\[:(\w+):\]/g, (_, name: string) => classes[name] ?? '')
    .replaceAll('\\n', '\n')
    .replaceAll('\\t', '\t')
    .replaceAll('\\r', '\r');
  return [
    ...plain.replaceAll(/(.)-(.)/gs, (_, a: string, b: string) =>
      Array.from({ length: Math.max(0, b.charCodeAt(0) - a.charCodeAt(0) + 1) }, (__, i) =>
        String.fromCharCode(a.charCodeAt(0) + i),
      ).join(''),
    ),
  ];
}

/** `-5` as `-n 5`. */
function withCount(process: Process): void {
  process.args = process.args.map((arg) => (/^-\d+$/.test(arg) ? `-n${arg.slice(1)}` : arg));
}

async function head(process: Process): Promise<number> {
  withCount(process);
  const { flags, operands } = await options(process, 'qv', 'nc');
  const count = Number(flags.get('n') ?? 10);
  if (operands.length === 0 && !flags.has('c')) {
    let shown = 0;
    if (count > 0)
      await eachLine(process, async (line) => {
        await process.out(`${line}\n`);
        return ++shown < count;
      });
    return 0;
  }
  const { all, status } = await inputs(process, operands);
  for (const { name, bytes } of all) {
    if (all.length > 1) await process.out(`==> ${name} <==\n`);
    await process.out(
      flags.has('c')
        ? bytes.subarray(0, Number(flags.get('c')))
        : linesOf(bytes)
            .slice(0, count)
            .map((line) => `${line}\n`)
            .join(''),
    );
  }
  return status;
}

const LOOK_AGAIN_MS = 250;

async function tail(process: Process): Promise<number> {
  withCount(process);
  const { flags, operands } = await options(process, 'fFqv', 'ncs');
  if (flags.has('f') && operands[0] === '/dev/null') return new Promise<never>(() => {});
  const text = flags.get('n') ?? '10';
  const from = text.startsWith('+') ? Number(text) - 1 : -Number(text);
  const { all, status } = await inputs(process, operands);
  for (const { name, bytes } of all) {
    if (all.length > 1) await process.out(`==> ${name} <==\n`);
    const lines = linesOf(bytes);
    await process.out(
      flags.has('c')
        ? bytes.subarray(-Number(flags.get('c')))
        : (from === 0 ? (text.startsWith('+') ? lines : []) : lines.slice(from)).map((line) => `${line}\n`).join(''),
    );
  }
  const [file] = operands;
  if ((flags.has('f') || flags.has('F')) && file !== undefined)
    return follow(process, process.path(file), all[0]?.bytes.length ?? 0);
  return status;
}

async function follow(process: Process, path: string, from: number): Promise<never> {
  for (let at = from; ;) {
    await process.sleep(LOOK_AGAIN_MS);
    const node = process.world.files.stat(path);
    if (node?.kind !== 'file') continue;
    if (node.bytes.length < at) at = 0;
    if (node.bytes.length > at) await process.out(node.bytes.subarray(at));
    at = node.bytes.length;
  }
}

async function wc(process: Process): Promise<number> {
  const { flags, operands } = await options(process, 'lwcm');
  const { all, status } = await inputs(process, operands);
  const only = flags.size > 0;
  for (const { name, bytes } of all) {
    const text = new TextDecoder().decode(bytes);
    const counts = [
      ...(!only || flags.has('l') ? [text.split('\n').length - 1] : []),
      ...(!only || flags.has('w') ? [text.split(/\s+/).filter((word) => word !== '').length] : []),
      ...(!only || flags.has('c') ? [bytes.length] : []),
      ...(flags.has('m') ? [[...text].length] : []),
    ];
    const shown = counts.length === 1 ? String(counts[0]) : counts.map((count) => String(count).padStart(9)).join(' ');
    await process.out(`${shown}${name === '-' ? '' : ` ${name}`}\n`);
  }
  return status;
}
