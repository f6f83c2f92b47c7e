/** Lets so many pieces of work run at once; the others wait for their turn in the order in which they came. */

/** Runs the work when it is its turn, and settles as the work does. */
export type Turns = <T>(work: () => Promise<T>) => Promise<T>;

export function takeTurns(atOnce: number): Turns {
  const waiting: (() => void)[] = [];
  let free = atOnce;
  return async (work) => {
    if (free > 0) free--;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free++;
    }
  };
}
