/** Types a script into a terminal as a learner would, line by line at the prompt, and waits until the shell is done with it. */
import { randomBytes } from 'node:crypto';
import type { Clock } from '../../kernel/clock.ts';
import { EnvironmentError } from '../../kernel/errors.ts';
import type { Workstation } from './workstation.ts';

export interface Typed {
  /** Of the script's last command. */
  readonly exitCode: number;
  /** Everything the terminal printed, prompts and echoes included. */
  readonly screen: string;
}

export interface TypistOptions {
  readonly workstation: Workstation;
  readonly script: string;
  readonly clock: Clock;
  /** Milliseconds after which the typist gives up. */
  readonly timeout: number;
}

/** Throws EnvironmentError when the shell ends or does not come back in time; the screen is part of the message. */
export function typeScript({ workstation, script, clock, timeout }: TypistOptions): Promise<Typed> {
  const mark = randomBytes(8).toString('hex');
  const terminal = workstation.openTerminal(`typist-${mark}`, { cols: 200, rows: 50 });
  let screen = '';
  return new Promise<Typed>((resolve, reject) => {
    const fail = (why: string): void =>
      reject(new EnvironmentError('typist', `${why}; the terminal showed:\n${screen}`));
    const patience = clock.after(timeout, () => fail('the script did not end in time'));
    const seat = terminal.attach(
      {
        output(bytes, end) {
          seat.acknowledge(end);
          screen += Buffer.from(bytes).toString();
          const at = screen.lastIndexOf(`DONE-${mark} `);
          const code = at < 0 ? undefined : /^\d+/.exec(screen.slice(at + mark.length + 6))?.[0];
          if (code === undefined) return;
          patience.dispose();
          resolve({ exitCode: Number(code), screen });
        },
        replay() {
          // Histories and tabs mean something to an interactive shell that they do not mean in a script.
          const lines = [
            'set +o histexpand',
            ...script.replaceAll('\t', '  ').trimEnd().split('\n'),
            `echo DONE-"${mark}" $?`,
            '',
          ];
          terminal.write(Buffer.from(lines.join('\n')));
        },
        ended: () => fail('the shell ended'),
        stalled: () => fail('the viewer fell behind'),
      },
      0,
    );
  }).finally(() => terminal.dispose());
}
