/** sed's scripts: `s`, `p`, `d`, `q`, with line and pattern addresses. */
import { toRegExp } from './expressions.ts';

interface Step {
  readonly line: string;
  readonly number: number;
  readonly last: boolean;
  readonly quiet: boolean;
}

export type Script = (step: Step) => { text: string; quit: boolean };

interface Command {
  readonly applies: (line: string, step: Step) => boolean;
  readonly name: string;
  readonly expression: RegExp | undefined;
  readonly replacement: string;
  readonly print: boolean;
  readonly text: string;
}

/** The script, or the tool's words for what is wrong. */
export function compileScript(source: string, extended: boolean): Script | string {
  const commands: Command[] = [];
  let rest = source.trim();
  while (rest !== '') {
    const parsed = parseCommand(rest, extended);
    if (typeof parsed === 'string') return parsed;
    commands.push(parsed.command);
    rest = parsed.rest.replace(/^[\s;]+/, '');
  }
  return (step) => run(commands, step);
}

function run(commands: readonly Command[], step: Step): { text: string; quit: boolean } {
  let { line } = step;
  let before = '';
  let after = '';
  for (const command of commands) {
    if (!command.applies(line, step)) continue;
    switch (command.name) {
      case 'd':
        return { text: before, quit: false };
      case 'q':
        return { text: `${before}${step.quiet ? '' : `${line}\n`}`, quit: true };
      case 'p':
        before += `${line}\n`;
        break;
      case 'a':
        after += `${command.text}\n`;
        break;
      case 'i':
        before += `${command.text}\n`;
        break;
      case 'c':
        return { text: `${before}${command.text}\n`, quit: false };
      default: {
        const replaced = command.expression
          ? line.replace(command.expression, (...found) => fill(command.replacement, found))
          : line;
        if (command.print && replaced !== line) before += `${replaced}\n`;
        line = replaced;
      }
    }
  }
  return { text: `${before}${step.quiet ? '' : `${line}\n`}${after}`, quit: false };
}

function fill(replacement: string, found: readonly unknown[]): string {
  return replacement.replaceAll(/\\(\d|n|t|&|.)|&/g, (whole, code?: string) => {
    if (whole === '&') return String(found[0]);
    if (code !== undefined && /\d/.test(code)) return String(found[Number(code)] ?? '');
    return code === 'n' ? '\n' : code === 't' ? '\t' : (code ?? '');
  });
}

function parseCommand(source: string, extended: boolean): { command: Command; rest: string } | string {
  const address = /^(?:(\d+|\$|\/(?:\\.|[^/])*\/)(?:,(\d+|\$|\/(?:\\.|[^/])*\/))?\s*(!?))?\s*/.exec(source);
  const [whole = '', from, to, negated] = address ?? [];
  const rest = source.slice(whole.length);
  const range = rangeOf(from, to, extended);
  const applies = (line: string, step: Step): boolean => range(line, step) !== (negated === '!');
  const name = rest[0] ?? '';
  const base = { applies, name, expression: undefined, replacement: '', print: false, text: '' };
  if ('dpq'.includes(name) && name !== '') return { command: base, rest: rest.slice(1) };
  if ('aic'.includes(name) && name !== '')
    return { command: { ...base, text: rest.slice(1).replace(/^\\?\s*/, '') }, rest: '' };
  if (name !== 's') return `unsupported command ${name}`;
  const mark = rest[1] ?? '/';
  const parts = splitBy(rest.slice(2), mark);
  if (!parts) return "unmatched '/'";
  const flags = /^[gipI\d]*/.exec(parts.rest)?.[0] ?? '';
  const expression = toRegExp(parts.pattern, {
    extended,
    flags: (flags.includes('g') ? 'g' : '') + (/[iI]/.test(flags) ? 'i' : ''),
  });
  return {
    command: { ...base, expression, replacement: parts.replacement, print: flags.includes('p') },
    rest: parts.rest.slice(flags.length),
  };
}

function splitBy(text: string, mark: string): { pattern: string; replacement: string; rest: string } | undefined {
  const ends: number[] = [];
  for (let i = 0; i < text.length && ends.length < 2; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === mark) ends.push(i);
  }
  const [first, second] = ends;
  if (first === undefined || second === undefined) return undefined;
  const plain = (part: string): string =>
    mark === '/' ? part.replaceAll('\\/', '/') : part.replaceAll(`\\${mark}`, mark);
  return {
    pattern: plain(text.slice(0, first)),
    replacement: plain(text.slice(first + 1, second)),
    rest: text.slice(second + 1),
  };
}

function rangeOf(
  from: string | undefined,
  to: string | undefined,
  extended: boolean,
): (line: string, step: Step) => boolean {
  const one = (address: string): ((line: string, step: Step) => boolean) => {
    if (address === '$') return (_, step) => step.last;
    if (/^\d/.test(address)) return (_, step) => step.number === Number(address);
    const expression = toRegExp(address.slice(1, -1), { extended, flags: '' });
    return (line) => expression.test(line);
  };
  if (from === undefined) return () => true;
  const starts = one(from);
  if (to === undefined) return starts;
  const ends = one(to);
  let inside = false;
  return (line, step) => {
    if (!inside) {
      if (!starts(line, step)) return false;
      inside = !(/^\d/.test(to) && Number(to) <= step.number);
      return true;
    }
    if (ends(line, step)) inside = false;
    return true;
  };
}
