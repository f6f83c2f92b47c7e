/** Commands that run inside the shell because they change it, and the few that are called all the time. */
import { decode, encode } from '../pipe.ts';
import { ExitRequest, SIGNALS, signalName } from '../process.ts';
import { findProgram } from '../lookup.ts';
import type { Builtin, Interpreter } from './interpreter.ts';
import { LoopJump, ReturnRequest } from './jumps.ts';

import { printfText, echoText } from './printing.ts';
import type { Io } from './redirect.ts';
import { evaluateTest } from './test-expression.ts';

export const builtins: ReadonlyMap<string, Builtin> = new Map<string, Builtin>([
  [':', async () => 0],
  ['true', async () => 0],
  ['false', async () => 1],
  ['echo', async (shell, args, io) => say(io, echoText(args, shell.state.flavour === 'dash'))],
  ['printf', async (_, args, io) => say(io, printfText(args))],
  ['pwd', async (shell, _, io) => say(io, `${shell.process.cwd}\n`)],
  ['test', async (shell, args, io) => test(shell, args, io)],
  [
    '[',
    async (shell, args, io) =>
      args.at(-1) === ']' ? test(shell, args.slice(0, -1), io) : complain(shell, io, '[: missing ]', 2),
  ],
  ['cd', cd],
  [
    'exit',
    async (shell, [code]) => {
      throw new ExitRequest(code === undefined ? shell.state.status : Number(code) & 255);
    },
  ],
  [
    'return',
    async (shell, [code]) => {
      throw new ReturnRequest(code === undefined ? shell.state.status : Number(code) & 255);
    },
  ],
  [
    'break',
    async (_, [levels = '1']) => {
      throw new LoopJump('break', Number(levels));
    },
  ],
  [
    'continue',
    async (_, [levels = '1']) => {
      throw new LoopJump('continue', Number(levels));
    },
  ],
  ['eval', async (shell, args, io) => shell.runText(args.join(' '), io)],
  ['exec', async (shell, args, io) => (args.length > 0 ? shell.become(args, io) : adopt(shell, io))],
  ['export', exportVariables],
  ['readonly', exportVariables],
  ['local', async (shell, args) => assign(shell, args)],
  [
    'unset',
    async (shell, args) => {
      for (const name of args) {
        shell.state.variables.delete(name);
        shell.state.functions.delete(name);
      }
      return 0;
    },
  ],
  ['set', setOptions],
  [
    'shift',
    async (shell, [count = '1']) => {
      shell.state.parameters = shell.state.parameters.slice(Number(count));
      return 0;
    },
  ],
  ['read', readVariables],
  ['trap', trap],
  ['wait', wait],
  ['kill', kill],
  [
    'jobs',
    async (shell, _, io) =>
      say(
        io,
        shell.state.jobs
          .filter(({ process }) => !process.ended)
          .map(({ number, source }) => `[${number}]+ Running                 ${source}\n`)
          .join(''),
      ),
  ],
  ['.', sourceFile],
  ['source', sourceFile],
  ['type', whatIs],
  [
    'command',
    async (shell, args, io) =>
      args[0] === '-v' || args[0] === '-V' ? whatIs(shell, args, io) : shell.external(args, io),
  ],
  ['umask', async (_, args, io) => (args.length > 0 ? 0 : say(io, '0022\n'))],
]);

async function say(io: Io, text: string): Promise<number> {
  await io.stdout.write(encode(text));
  return 0;
}

async function complain(shell: Interpreter, io: Io, text: string, status: number): Promise<number> {
  await io.stderr.write(encode(shell.state.complaint(text)));
  return status;
}

async function test(shell: Interpreter, args: readonly string[], io: Io): Promise<number> {
  try {
    return evaluateTest(args, shell.files, shell.process.cwd) ? 0 : 1;
  } catch (error) {
    return complain(shell, io, error instanceof Error ? error.message : String(error), 2);
  }
}

async function cd(shell: Interpreter, [to]: readonly string[], io: Io): Promise<number> {
  const target = to === '-' ? (shell.state.get('OLDPWD') ?? '/') : (to ?? shell.state.get('HOME') ?? '/');
  const path = shell.process.path(target);
  const node = shell.files.stat(path);
  if (node?.kind !== 'dir') {
    const why = node ? 'Not a directory' : 'No such file or directory';
    if (shell.state.flavour === 'bash') return complain(shell, io, `cd: ${target}: ${why}`, 1);
    return complain(
      shell,
      io,
      shell.state.flavour === 'dash' ? `cd: can't cd to ${target}` : `cd: line 0: can't cd to ${target}: ${why}`,
      2,
    );
  }
  shell.state.set('OLDPWD', shell.process.cwd);
  shell.process.cwd = path;
  shell.state.set('PWD', path);
  return 0;
}

/** `exec` with redirections only: they hold from here on. */
async function adopt(shell: Interpreter, io: Io): Promise<number> {
  shell.process.stdin = io.stdin;
  shell.process.stdout = io.stdout;
  shell.process.stderr = io.stderr;
  return 0;
}

function assign(shell: Interpreter, args: readonly string[]): number {
  for (const arg of args) {
    const at = arg.indexOf('=');
    if (at > 0) shell.state.set(arg.slice(0, at), arg.slice(at + 1));
  }
  return 0;
}

async function exportVariables(shell: Interpreter, args: readonly string[], io: Io): Promise<number> {
  if (args.length === 0 || args[0] === '-p') {
    return say(
      io,
      [...shell.state.environment()]
        .sort()
        .map(([name, value]) => `export ${name}='${value}'\n`)
        .join(''),
    );
  }
  assign(shell, args);
  for (const arg of args) shell.state.exported.add(arg.split('=')[0] ?? arg);
  return 0;
}

async function setOptions(shell: Interpreter, args: readonly string[], io: Io): Promise<number> {
  if (args.length === 0)
    return say(
      io,
      [...shell.state.variables]
        .sort()
        .map(([name, value]) => `${name}='${value}'\n`)
        .join(''),
    );
  for (const [i, arg] of args.entries()) {
    if (arg === '--' || !/^[-+]/.test(arg)) {
      shell.state.parameters = args.slice(arg === '--' ? i + 1 : i);
      return 0;
    }
    if (arg === '-o' || arg === '+o') return 0;
    for (const option of arg.slice(1)) {
      if (arg.startsWith('-')) shell.state.options.add(option);
      else shell.state.options.delete(option);
    }
  }
  return 0;
}

async function readVariables(shell: Interpreter, args: readonly string[], io: Io): Promise<number> {
  const names = [...args];
  const raw = names[0] === '-r';
  if (raw) names.shift();
  if (names[0] === '-p') {
    await io.stderr.write(encode(names[1] ?? ''));
    names.splice(0, 2);
  }
  const { text, ended } = await io.stdin.line(shell.process.signal);
  const line = raw ? text : text.replaceAll(/\\(.)/g, '$1');
  if (names.length === 0) names.push('REPLY');
  const separators = shell.state.get('IFS') ?? ' \t\n';
  const blank = separators.includes(' ');
  let rest = blank ? line.trim() : line;
  for (const [i, name] of names.entries()) {
    const at = i === names.length - 1 ? -1 : [...rest].findIndex((c) => separators.includes(c));
    shell.state.set(name, at < 0 ? rest : rest.slice(0, at));
    const after = at < 0 ? '' : rest.slice(at + 1);
    rest = blank ? after.trimStart() : after;
  }
  return ended && text === '' ? 1 : 0;
}

async function trap(shell: Interpreter, args: readonly string[], io: Io): Promise<number> {
  const [action, ...names] = args;
  if (action === undefined)
    return say(io, [...shell.state.traps].map(([name, text]) => `trap -- '${text}' ${name}\n`).join(''));
  for (const given of names) {
    if (given === 'EXIT' || given === '0') {
      if (action === '-') shell.state.traps.delete('EXIT');
      else shell.state.traps.set('EXIT', action);
      continue;
    }
    const name = signalName(given);
    if (!name) return complain(shell, io, `trap: ${given}: invalid signal specification`, 1);
    shell.state.traps.set(name, action);
    if (action === '-') {
      shell.state.traps.delete(name);
      shell.process.handlers.delete(name);
    } else shell.process.handlers.set(name, () => (action === '' ? undefined : shell.trapped(action)));
  }
  return 0;
}

async function wait(shell: Interpreter, args: readonly string[]): Promise<number> {
  let status = 0;
  const wanted =
    args.length === 0
      ? shell.state.jobs
      : shell.state.jobs.filter(
          ({ process, number }) => args.includes(String(process.pid)) || args.includes(`%${number}`),
        );
  if (args.length > 0 && wanted.length === 0) return 127;
  for (const { process } of wanted) status = await shell.waitFor(process);
  return args.length === 0 ? 0 : status;
}

async function kill(shell: Interpreter, args: readonly string[], io: Io): Promise<number> {
  let name: ReturnType<typeof signalName> = 'TERM';
  let status = 0;
  const targets = [...args];
  if (targets[0] === '-l')
    return say(
      io,
      Object.entries(SIGNALS)
        .map(([signal, number]) => `${number}) ${signal}\n`)
        .join(''),
    );
  if (targets[0] === '-s') {
    name = signalName(targets[1] ?? '');
    targets.splice(0, 2);
  } else if (targets[0]?.startsWith('-')) {
    const given = targets.shift() ?? '';
    if (given === '-0') {
      return targets.every((pid) => shell.process.table.find(Number(pid)))
        ? 0
        : complain(shell, io, `can't kill pid ${targets[0]}: No such process`, 1);
    }
    name = signalName(given.slice(1));
    if (!name) return complain(shell, io, `bad signal name '${given.slice(1)}'`, 1);
  }
  for (const target of targets) {
    const job = target.startsWith('%')
      ? shell.state.jobs.find(({ number }) => `%${number}` === target)?.process
      : undefined;
    const process = job ?? shell.process.table.find(Number(target));
    // Nothing inside a container can KILL its process 1 (Linux: signals from the same PID namespace).
    if (!process) status = await complain(shell, io, `can't kill pid ${target}: No such process`, 1);
    else if (name && !(process.pid === 1 && name === 'KILL')) process.deliver(name);
  }
  return status;
}

async function sourceFile(shell: Interpreter, [path = '', ...args]: readonly string[], io: Io): Promise<number> {
  const node = shell.files.stat(shell.process.path(path));
  if (node?.kind !== 'file') return complain(shell, io, `.: can't open '${path}': No such file or directory`, 2);
  if (args.length > 0) shell.state.parameters = [...args];
  try {
    return await shell.runText(decode(node.bytes), io);
  } catch (error) {
    if (error instanceof ReturnRequest) return error.code;
    throw error;
  }
}

async function whatIs(shell: Interpreter, args: readonly string[], io: Io): Promise<number> {
  const brief = args[0] === '-v';
  let status = 0;
  for (const name of args.filter((arg) => !arg.startsWith('-'))) {
    const found = findProgram(name, {
      world: shell.process.world,
      path: shell.state.get('PATH') ?? '',
      cwd: shell.process.cwd,
    });
    if (shell.state.functions.has(name)) await say(io, brief ? `${name}\n` : `${name} is a function\n`);
    else if (builtins.has(name)) await say(io, brief ? `${name}\n` : `${name} is a shell builtin\n`);
    else if (found.ok) await say(io, brief ? `${found.path}\n` : `${name} is ${found.path}\n`);
    else {
      status = 127;
      if (!brief) await say(io, `${name}: not found\n`);
    }
  }
  return status;
}
