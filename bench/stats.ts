/** Small statistics of a row of measurements. */

export function percentile(values: readonly number[], p: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor((p / 100) * sorted.length))] ?? Number.NaN;
}

export function ms(value: number): string {
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
}

export function mb(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

/** Resident memory after the collector ran; run with `--expose-gc`. */
export async function settledMemory(): Promise<number> {
  for (let i = 0; i < 3; i++) {
    globalThis.gc?.();
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return process.memoryUsage().rss;
}

/** One line of a report. */
export interface Figure {
  readonly name: string;
  readonly value: string;
  /** The bar that the design sets, if any, and whether it is met. */
  readonly bar?: string;
  readonly met?: boolean;
}

export function print(title: string, figures: readonly Figure[]): void {
  process.stdout.write(`\n${title}\n`);
  for (const { name, value, bar, met } of figures) {
    const verdict = bar === undefined ? '' : `   (bar: ${bar}${met === false ? ' — NOT MET' : ''})`;
    process.stdout.write(`  ${name.padEnd(52)} ${value}${verdict}\n`);
  }
}
