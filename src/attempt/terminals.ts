/** The shells of one attempt: opened on its workstation, listed, forgotten when they end. */
import { randomBytes } from 'node:crypto';
import type { Clock } from '../../kernel/clock.ts';
import type { Disposable } from '../../kernel/disposable.ts';
import { DisposableStore } from '../../kernel/disposable.ts';
import { EnvironmentError, InputError } from '../../kernel/errors.ts';
import type { Sandbox, TerminalSession } from '../../sandbox/contract.ts';
import type { WorkstationContext } from '../../sandbox/workstation/kubeconfig.ts';
import type { Workstation } from '../../sandbox/workstation/workstation.ts';
import type { AttemptView } from '../protocol/http.ts';
import type { AttemptTerminals } from './attempts.ts';

const MOST = 6;
const SIZE = { cols: 100, rows: 30 };
/** How long an ended shell's last screen stays for its viewers. */
const FAREWELL_MS = 2000;

/** How terminals are made on this machine, and where they keep their homes. */
export interface Workstations {
  readonly shell: AttemptView['shell'];
  open(sandbox: Sandbox, contexts: readonly WorkstationContext[]): Promise<Workstation>;
  /** Removes what the workstation of a sandbox kept. */
  remove(sandbox: string): Promise<void>;
}

interface Listed {
  readonly title: string;
  readonly session: TerminalSession;
}

export class Terminals implements AttemptTerminals, Disposable {
  readonly #workstations: Workstations;
  readonly #clock: Clock;
  readonly #changed: () => void;
  readonly #listed = new Map<string, Listed>();
  readonly #owned = new DisposableStore();
  #workstation: Workstation | undefined;
  #count = 0;

  constructor(workstations: Workstations, clock: Clock, changed: () => void) {
    this.#workstations = workstations;
    this.#clock = clock;
    this.#changed = changed;
  }

  /** Makes the workstation. Where this machine cannot isolate shells the lab goes on without terminals. */
  async prepare(sandbox: Sandbox, contexts: readonly WorkstationContext[]): Promise<void> {
    if (this.#workstations.shell.kind === 'none') return;
    this.#workstation = this.#owned.add(await this.#workstations.open(sandbox, contexts));
  }

  async open(): Promise<string> {
    const { shell } = this.#workstations;
    if (shell.kind === 'none') throw new EnvironmentError('no-isolation', shell.reason, { remedy: shell.remedy });
    if (!this.#workstation || this.#owned.ended) {
      throw new InputError('attempt-not-ready', 'the workstation is not ready', {
        remedy: 'Wait until the lab is ready.',
      });
    }
    if (this.#listed.size >= MOST) {
      throw new InputError('too-many-terminals', `${MOST} terminals are open already`, {
        remedy: 'Close one (type exit) and try again.',
      });
    }
    const id = randomBytes(16).toString('hex');
    const session = this.#workstation.openTerminal(id, SIZE);
    this.#listed.set(id, { title: `Terminal ${++this.#count}`, session });
    void session.exited.then(() => this.#farewell(id));
    this.#changed();
    return id;
  }

  find(id: string): TerminalSession | undefined {
    return this.#listed.get(id)?.session;
  }

  views(): AttemptView['terminals'] {
    return [...this.#listed].map(([id, { title }]) => ({ id, title }));
  }

  dispose(): void {
    this.#listed.clear();
    this.#owned.dispose();
  }

  #farewell(id: string): void {
    const listed = this.#listed.get(id);
    if (!listed) return;
    this.#owned.add(
      this.#clock.after(FAREWELL_MS, () => {
        this.#listed.delete(id);
        listed.session.dispose();
        this.#changed();
      }),
    );
  }
}
