/** Waits for the end of a command that runs until it is told to stop. */

/** Resolves on Ctrl-C, SIGTERM, a closed terminal, or when the process that started us is gone. A second signal ends at once. */
export function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    const stop = (): void => {
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
        process.off(signal, stop);
        process.on(signal, () => process.exit(130));
      }
      resolve();
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
    if (process.connected) process.once('disconnect', stop);
  });
}
