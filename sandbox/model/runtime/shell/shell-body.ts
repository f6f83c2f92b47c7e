/** The frame around a shell's work: what ends it becomes an exit code, and the EXIT trap runs last. */
import type { Process } from '../process.ts';
import { ExitRequest } from '../process.ts';
import { SyntaxTrouble } from './ast.ts';
import { Interrupted, LoopJump } from './jumps.ts';
import type { ShellState } from './state.ts';

export interface LivingShell {
  readonly state: ShellState;
  readonly process: Process;
  runText(source: string): Promise<number>;
}

/** Runs a shell's work and turns the ways to leave it into an exit code; the EXIT trap runs last. */
export async function shellBody<Shell extends LivingShell>(
  shell: Shell,
  work: (shell: Shell) => Promise<number>,
): Promise<number> {
  let code: number;
  try {
    code = await work(shell);
  } catch (error) {
    code = await codeOf(error, shell);
  }
  const atExit = shell.state.traps.get('EXIT');
  if (atExit === undefined) return code;
  shell.state.traps.delete('EXIT');
  try {
    await shell.runText(atExit);
    return code;
  } catch (error) {
    return codeOf(error, shell);
  }
}

async function codeOf(error: unknown, shell: LivingShell): Promise<number> {
  if (error instanceof ExitRequest) return error.code;
  if (error instanceof LoopJump) return 0;
  if (error instanceof Interrupted) return 130;
  if (error instanceof SyntaxTrouble) {
    await shell.process.err(shell.state.complaint(error.message));
    return 2;
  }
  throw error;
}
