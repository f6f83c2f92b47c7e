/** Ownership of things that must be closed: who opens, closes. Knows nothing of what is owned. */

export interface Disposable {
  dispose(): void;
}

/** Makes a Disposable of a function. The function runs at most once. */
export function disposable(close: () => void): Disposable {
  let open = true;
  return {
    dispose() {
      if (!open) return;
      open = false;
      close();
    },
  };
}

/** Owns many disposables; closes them in reverse order. What is added after the end is closed at once. */
export class DisposableStore implements Disposable {
  #owned: Disposable[] = [];
  #ended = false;

  add<T extends Disposable>(item: T): T {
    if (this.#ended) item.dispose();
    else this.#owned.push(item);
    return item;
  }

  get ended(): boolean {
    return this.#ended;
  }

  dispose(): void {
    this.#ended = true;
    const owned = this.#owned;
    this.#owned = [];
    for (const item of owned.reverse()) item.dispose();
  }
}
