/** What a terminal's screen shows, kept without a browser, so that a viewer who comes late can be shown it. */
import serializeAddon from '@xterm/addon-serialize';
import headless from '@xterm/headless';
import type { Disposable } from '../../kernel/disposable.ts';

const SCROLLBACK = 1000;

export class Screen implements Disposable {
  readonly #terminal: InstanceType<typeof headless.Terminal>;
  readonly #serializer = new serializeAddon.SerializeAddon();

  constructor(cols: number, rows: number) {
    this.#terminal = new headless.Terminal({ cols, rows, scrollback: SCROLLBACK, allowProposedApi: true });
    this.#terminal.loadAddon(this.#serializer);
  }

  get cols(): number {
    return this.#terminal.cols;
  }

  get rows(): number {
    return this.#terminal.rows;
  }

  /** `drawn` runs when these bytes and all before them are on the screen. */
  write(bytes: Uint8Array, drawn?: () => void): void {
    this.#terminal.write(bytes, drawn);
  }

  resize(cols: number, rows: number): void {
    this.#terminal.resize(cols, rows);
  }

  /** Output that draws this screen, its scrollback and its modes on an empty terminal of the same size. */
  serialize(): Uint8Array {
    return new TextEncoder().encode(this.#serializer.serialize({ scrollback: SCROLLBACK }));
  }

  dispose(): void {
    this.#terminal.dispose();
  }
}
