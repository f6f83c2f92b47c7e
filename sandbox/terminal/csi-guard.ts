/**
 * Takes the teeth out of terminal output. A few control sequences with a huge parameter, such as `ESC[2147483647b`, keep
 * xterm.js busy for a minute and freeze every tab that draws them. Those are swallowed; everything else passes unchanged.
 * Pure bytes in, bytes out, so that server and browser use the same guard.
 */

const ESC = 0x1b;
const OPEN_BRACKET = 0x5b;
/** Finals whose cost grows with their parameter: ICH, CHT, CBT, SU, SD, IL, DL, DCH, ECH, REP. */
const COSTLY = new Set([...'@IZSTLMPXb'].map((c) => c.charCodeAt(0)));
const LONGEST = 256;
const EMPTY = new Uint8Array(0);

export class CsiGuard {
  /** Bytes of a sequence that is not complete yet. */
  #held: Uint8Array = EMPTY;
  #limit: number;

  /** Parameters above `cells` (rows × columns) have no honest use. */
  constructor(cells: number) {
    this.#limit = cells;
  }

  resize(cells: number): void {
    this.#limit = cells;
  }

  /** The part of the output so far that is safe to draw; an unfinished sequence waits for its end. */
  filter(chunk: Uint8Array): Uint8Array {
    const bytes = this.#held.length === 0 ? chunk : join(this.#held, chunk);
    this.#held = EMPTY;
    const kept: Uint8Array[] = [];
    let from = 0;
    let at = 0;
    while (at < bytes.length) {
      const parameters = introducerEnd(bytes, at);
      if (parameters === 0) {
        at++;
        continue;
      }
      if (parameters < 0) {
        kept.push(bytes.subarray(from, at));
        this.#held = bytes.slice(at);
        return flatten(kept);
      }
      const end = sequenceEnd(bytes, parameters);
      if (end === undefined) {
        kept.push(bytes.subarray(from, at));
        if (bytes.length - at <= LONGEST) this.#held = bytes.slice(at);
        return flatten(kept);
      }
      if (this.#harmful(bytes, parameters, end)) {
        kept.push(bytes.subarray(from, at));
        from = end + 1;
      }
      at = end + 1;
    }
    if (from === 0) return bytes;
    kept.push(bytes.subarray(from));
    return flatten(kept);
  }

  #harmful(bytes: Uint8Array, from: number, final: number): boolean {
    if (!COSTLY.has(bytes[final] ?? 0)) return false;
    let value = 0;
    for (let i = from; i < final; i++) {
      const byte = bytes[i] ?? 0;
      value = byte >= 0x30 && byte <= 0x39 ? value * 10 + byte - 0x30 : 0;
      if (value > this.#limit) return true;
    }
    return false;
  }
}

/** Where the parameters of a CSI that starts at `at` begin; 0: none starts here; -1: one may, but the chunk ends. */
function introducerEnd(bytes: Uint8Array, at: number): number {
  const byte = bytes[at];
  if (byte === ESC) {
    if (at + 1 === bytes.length) return -1;
    return bytes[at + 1] === OPEN_BRACKET ? at + 2 : 0;
  }
  // U+009B, the one-character form, in UTF-8.
  if (byte === 0xc2) {
    if (at + 1 === bytes.length) return -1;
    return bytes[at + 1] === 0x9b ? at + 2 : 0;
  }
  return 0;
}

/** The index of the final byte, or of the byte that breaks the sequence off. */
function sequenceEnd(bytes: Uint8Array, from: number): number | undefined {
  for (let i = from; i < bytes.length; i++) {
    const byte = bytes[i] ?? 0;
    if (byte >= 0x40 && byte <= 0x7e) return i;
    if (byte === ESC || byte === 0x18 || byte === 0x1a || byte >= 0x80) return i - 1;
  }
  return undefined;
}

function join(a: Uint8Array, b: Uint8Array): Uint8Array {
  return flatten([a, b]);
}

function flatten(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1 && parts[0]) return parts[0];
  const all = new Uint8Array(parts.reduce((n, part) => n + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
