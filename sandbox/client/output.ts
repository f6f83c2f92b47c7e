/** Collects the output of a process as text, up to a bound, so that a flood cannot fill our memory. */

const LIMIT = 4 * 1024 * 1024;

export interface OutputCollector {
  readonly add: (chunk: Uint8Array) => void;
  /** UTF-8; what came after the first 4 MiB is dropped. */
  text(): string;
}

export function outputCollector(): OutputCollector {
  const chunks: Uint8Array[] = [];
  let size = 0;
  return {
    add(chunk) {
      const taken = chunk.subarray(0, Math.max(0, LIMIT - size));
      size += taken.length;
      if (taken.length > 0) chunks.push(taken);
    },
    text: () => Buffer.concat(chunks).toString('utf8'),
  };
}
