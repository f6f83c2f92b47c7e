/** The shell as a program: `sh -c TEXT`, `sh FILE`, text on standard input, or a person at a terminal. */
import { decode } from '../pipe.ts';
import type { Process, Program } from '../process.ts';
import { ExitRequest } from '../process.ts';
import { basename } from '../files.ts';
import { findProgram } from '../lookup.ts';
import type { Command } from './ast.ts';
import { Incomplete, SyntaxTrouble } from './ast.ts';
import { builtins } from './builtins.ts';
import { Interpreter } from './interpreter.ts';
import { shellBody } from './shell-body.ts';
import { Interrupted, LoopJump } from './jumps.ts';
import { parse } from './parser.ts';
import type { Flavour } from './state.ts';
import { ShellState } from './state.ts';
import { expandWords } from './expand.ts';

export function shellProgram(flavour: Flavour): Program {
  return async (process) => {
    const [self = 'sh', ...rest] = process.args;
    const flags: string[] = [];
    while (/^-[a-z]+$/.test(rest[0] ?? '') && !flags.some((flag) => flag.includes('c'))) flags.push(rest.shift() ?? '');
    const has = (letter: string): boolean => flags.some((flag) => flag.includes(letter));
    const text = has('c') ? rest.shift() : undefined;
    const name = rest[0] ?? self;
    const state = new ShellState(
      name.startsWith('/') && text === undefined ? name : flavour === 'ash' ? basename(name) : name,
      flavour,
    );
    for (const [key, value] of process.env) {
      state.set(key, value);
      state.exported.add(key);
    }
    state.set('PWD', process.cwd);
    state.exported.add('PWD');
    state.set('SHLVL', String(Number(process.env.get('SHLVL') ?? 0) + 1));
    state.exported.add('SHLVL');
    for (const option of 'eux') if (has(option)) state.options.add(option);
    state.parameters = rest.slice(1);
    const shell = new Interpreter(process, state, builtins);
    return shellBody(shell, () => start(shell, text, rest[0]));
  };
}

async function start(shell: Interpreter, text: string | undefined, file: string | undefined): Promise<number> {
  const { process } = shell;
  if (text !== undefined) return runLast(shell, parse(text));
  if (file !== undefined) {
    const node = shell.files.stat(process.path(file));
    if (node?.kind === 'file') return shell.runText(decode(node.bytes));
    await process.err(`${process.args[0]}: can't open '${file}': No such file or directory\n`);
    return 2;
  }
  if (process.tty) return converse(shell);
  return script(shell);
}

/** `sh -c` with one plain command becomes that command, as real shells do: signals then reach it. */
async function runLast(shell: Interpreter, command: Command): Promise<number> {
  const only = command.kind === 'list' && command.items.length === 1 ? command.items[0] : undefined;
  const simple = only && !only.background && only.command.kind === 'simple' ? only.command : undefined;
  if (simple && simple.redirections.length === 0 && simple.assignments.length === 0) {
    const words = await expandWords(simple.words, shell);
    const [name] = words;
    if (name !== undefined && !builtins.has(name)) {
      const found = findProgram(name, {
        world: shell.process.world,
        path: shell.state.get('PATH') ?? '',
        cwd: shell.process.cwd,
      });
      return found.ok ? shell.become(words, shell.ownIo()) : shell.external(words, shell.ownIo());
    }
  }
  return shell.run(command, shell.ownIo());
}

/** Commands from standard input, one complete command at a time. */
async function script(shell: Interpreter): Promise<number> {
  const io = shell.ownIo();
  let text = '';
  for (;;) {
    const { text: line, ended } = await io.stdin.line(shell.process.signal);
    text += ended ? line : `${line}\n`;
    if (ended && text.trim() === '') return shell.state.status;
    try {
      const command = parse(text);
      text = '';
      await shell.run(command, io);
    } catch (error) {
      if (!(error instanceof Incomplete) || ended) throw error;
    }
    if (ended) return shell.state.status;
  }
}

/** A person at a terminal. Ctrl-C gives up the line or the command; Ctrl-D on an empty line ends the shell. */
async function converse(shell: Interpreter): Promise<number> {
  const { process, state } = shell;
  state.options.add('i');
  const io = shell.ownIo();
  let atPrompt = false;
  let text = '';
  process.handlers.set('INT', () => {
    text = '';
    if (atPrompt) void process.out(`\n${prompt(process, state, '')}`);
    else shell.interrupted = true;
  });
  process.handlers.set('TERM', () => {});
  for (;;) {
    await process.out(prompt(process, state, text));
    atPrompt = true;
    const { text: line, ended } = await io.stdin.line(process.signal);
    atPrompt = false;
    if (ended && line === '') {
      await process.out(state.flavour === 'bash' ? 'exit\n' : '\n');
      return state.status;
    }
    text += `${line}\n`;
    try {
      const command = parse(text);
      text = '';
      await shell.run(command, io);
    } catch (error) {
      if (error instanceof Incomplete) continue;
      text = '';
      await recover(shell, error);
    }
  }
}

async function recover(shell: Interpreter, error: unknown): Promise<void> {
  shell.interrupted = false;
  if (error instanceof ExitRequest) throw error;
  if (error instanceof Interrupted) {
    shell.state.status = 130;
    await shell.process.out('\n');
  } else if (error instanceof SyntaxTrouble) {
    shell.state.status = 2;
    await shell.process.err(shell.state.complaint(error.message));
  } else if (!(error instanceof LoopJump)) {
    shell.state.status = 1;
    await shell.process.err(shell.state.complaint(error instanceof Error ? error.message : String(error)));
  }
}

function prompt(process: Process, state: ShellState, text: string): string {
  if (text !== '') return '> ';
  const home = state.get('HOME') ?? '/root';
  const shown =
    home !== '/' && (process.cwd === home || process.cwd.startsWith(`${home}/`))
      ? `~${process.cwd.slice(home.length)}`
      : process.cwd;
  if (state.flavour === 'bash') return `root@${process.world.hostname}:${shown}# `;
  return state.flavour === 'dash' ? '# ' : `${shown} # `;
}
