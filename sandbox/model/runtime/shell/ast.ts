/** The shell's syntax tree. Words keep their parts unexpanded. */

export type Part =
  | { readonly kind: 'text'; readonly text: string; readonly quoted: boolean }
  | {
      readonly kind: 'parameter';
      readonly name: string;
      readonly op: string;
      readonly arg: Word;
      readonly quoted: boolean;
    }
  | { readonly kind: 'length'; readonly name: string; readonly quoted: boolean }
  /** Parsed when it is expanded. */
  | { readonly kind: 'command'; readonly source: string; readonly quoted: boolean }
  | { readonly kind: 'arithmetic'; readonly expression: Word; readonly quoted: boolean };

export type Word = readonly Part[];

export interface Redirection {
  readonly fd: number;
  readonly op: '<' | '>' | '>>' | '>&' | '<&' | '<<' | '&>';
  readonly target: Word;
}

export interface Assignment {
  readonly name: string;
  readonly value: Word;
}

export type Command =
  | {
      readonly kind: 'simple';
      readonly assignments: readonly Assignment[];
      readonly words: readonly Word[];
      readonly redirections: readonly Redirection[];
    }
  | { readonly kind: 'pipeline'; readonly negated: boolean; readonly commands: readonly Command[] }
  | { readonly kind: 'and' | 'or'; readonly left: Command; readonly right: Command }
  | {
      readonly kind: 'list';
      readonly items: readonly { readonly command: Command; readonly background: boolean; readonly source: string }[];
    }
  | { readonly kind: 'subshell' | 'group'; readonly body: Command; readonly redirections: readonly Redirection[] }
  | {
      readonly kind: 'if';
      readonly arms: readonly { readonly test: Command; readonly body: Command }[];
      readonly otherwise: Command | undefined;
      readonly redirections: readonly Redirection[];
    }
  | {
      readonly kind: 'loop';
      readonly until: boolean;
      readonly test: Command;
      readonly body: Command;
      readonly redirections: readonly Redirection[];
    }
  | {
      readonly kind: 'for';
      readonly name: string;
      readonly words: readonly Word[] | undefined;
      readonly body: Command;
      readonly redirections: readonly Redirection[];
    }
  | {
      readonly kind: 'case';
      readonly word: Word;
      readonly arms: readonly { readonly patterns: readonly Word[]; readonly body: Command }[];
      readonly redirections: readonly Redirection[];
    }
  | { readonly kind: 'function'; readonly name: string; readonly body: Command };

export class SyntaxTrouble extends Error {}

/** More lines are needed: an interactive shell asks for them. */
export class Incomplete extends SyntaxTrouble {}
