/** A limit on how long a tool waits for the network. */
import type { Process } from '../process.ts';
import { NetError } from '../socket.ts';

/** Rejects with ETIMEDOUT when it takes longer; 0 seconds is no limit. */
export async function within<T>(process: Process, seconds: number, work: Promise<T>): Promise<T> {
  if (!(seconds > 0)) return work;
  let expire: (error: Error) => void = () => {};
  const expired = new Promise<never>((_, reject) => (expire = reject));
  const timer = process.owned.add(process.world.clock.after(seconds * 1000, () => expire(new NetError('ETIMEDOUT'))));
  try {
    return await Promise.race([work, expired]);
  } finally {
    timer.dispose();
  }
}
