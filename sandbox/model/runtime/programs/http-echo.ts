/** http-echo: one text for every request. */
import type { Process } from '../process.ts';
import { listenHttp } from './serve.ts';

export async function httpEcho(process: Process): Promise<number> {
  const flag = (name: string): string | undefined => {
    const at = process.args.findIndex((arg) => arg.replace(/^--?/, '').split('=')[0] === name);
    const arg = process.args[at];
    return arg?.includes('=') ? arg.slice(arg.indexOf('=') + 1) : process.args[at + 1];
  };
  const has = (name: string): boolean => process.args.some((arg) => arg.replace(/^--?/, '').split('=')[0] === name);
  if (!has('text')) {
    await process.err('Missing -text option!\n');
    return 127;
  }
  const port = Number((has('listen') ? flag('listen') : ':5678')?.split(':').at(-1));
  const text = flag('text') ?? '';
  listenHttp(process, port, () => ({
    status: 200,
    headers: { 'X-App-Name': 'http-echo', 'Content-Type': 'text/plain; charset=utf-8' },
    body: `${text}\n`,
  }));
  await process.out(`server is listening on :${port}\n`);
  return process.untilTerminated();
}
