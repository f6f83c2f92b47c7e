/** What one shell remembers: variables, functions, positional parameters, options, traps, jobs. A subshell gets a copy. */
import type { Command } from './ast.ts';
import type { Process } from '../process.ts';

/** How the shell of an image talks: busybox, Debian's dash or bash. */
export type Flavour = 'ash' | 'dash' | 'bash';

export interface Job {
  readonly number: number;
  readonly process: Process;
  readonly source: string;
}

export class ShellState {
  readonly variables = new Map<string, string>();
  readonly exported = new Set<string>();
  readonly functions = new Map<string, Command>();
  readonly traps = new Map<string, string>();
  readonly jobs: Job[] = [];
  readonly options = new Set<string>();
  parameters: string[] = [];
  status = 0;
  lastBackground = '';
  readonly name: string;
  readonly flavour: Flavour;

  constructor(name: string, flavour: Flavour) {
    this.name = name;
    this.flavour = flavour;
  }

  copy(): ShellState {
    const twin = new ShellState(this.name, this.flavour);
    for (const [name, value] of this.variables) twin.variables.set(name, value);
    for (const name of this.exported) twin.exported.add(name);
    for (const [name, body] of this.functions) twin.functions.set(name, body);
    for (const option of this.options) twin.options.add(option);
    twin.parameters = [...this.parameters];
    twin.status = this.status;
    twin.lastBackground = this.lastBackground;
    return twin;
  }

  get(name: string): string | undefined {
    return this.variables.get(name);
  }

  set(name: string, value: string): void {
    this.variables.set(name, value);
  }

  environment(): Map<string, string> {
    const env = new Map<string, string>();
    for (const name of this.exported) {
      const value = this.variables.get(name);
      if (value !== undefined) env.set(name, value);
    }
    return env;
  }

  /** A complaint as this shell words it, with its newline. */
  complaint(what: string): string {
    const where =
      this.flavour === 'dash'
        ? `${this.name}: 1`
        : this.flavour === 'bash' && !this.options.has('i')
          ? `${this.name}: line 1`
          : this.name;
    return `${where}: ${what}\n`;
  }

  notFound(command: string): string {
    return this.complaint(this.flavour === 'bash' ? `${command}: command not found` : `${command}: not found`);
  }
}
