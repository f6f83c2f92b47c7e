/** agnhost: `netexec`, `serve-hostname`, `echo-server` style HTTP, and `pause`. */
import type { Process } from '../process.ts';
import type { Reply } from '../http.ts';
import { decode } from '../pipe.ts';
import { listenHttp } from './serve.ts';

/** A Go program without a handler ends with code 2 on TERM, also as process 1. */
const GO_TERMINATED = 2;

export async function agnhost(process: Process): Promise<number> {
  const [, command = 'pause', ...args] = process.args;
  const flag = (name: string, standard: number): number => {
    const at = args.findIndex((arg) => arg.replace(/^--?/, '').split('=')[0] === name);
    const arg = args[at];
    return arg === undefined ? standard : Number(arg.includes('=') ? arg.split('=')[1] : args[at + 1]);
  };
  switch (command) {
    case 'pause':
      await process.out('Paused\n');
      return process.untilTerminated();
    case 'serve-hostname':
      listenHttp(process, flag('port', 9376), () => ({ status: 200, headers: TEXT, body: process.world.hostname }));
      await process.out('Serving on port 9376.\n');
      return process.untilTerminated(GO_TERMINATED);
    case 'netexec':
      return netexec(process, flag('http-port', 8080), flag('delay-shutdown', 0));
    default:
      await process.err(`Error: unknown command "${command}" for "app"\nRun 'app --help' for usage.\n`);
      return 1;
  }
}

const TEXT = { 'Content-Type': 'text/plain; charset=utf-8' };

async function netexec(process: Process, port: number, delay: number): Promise<number> {
  const ok = (body: string): Reply => ({ status: 200, headers: TEXT, body });
  let exit: (code: number) => void = () => {};
  const asked = new Promise<number>((resolve) => (exit = resolve));
  listenHttp(process, port, ({ target, body }, connection) => {
    const url = new URL(target, 'http://pod');
    switch (url.pathname) {
      case '/':
        return ok(`NOW: ${new Date(process.world.clock.now()).toISOString()}`);
      case '/hostname':
      case '/hostName':
        return ok(process.world.hostname);
      case '/clientip':
        return ok(`${connection.remoteAddress}:40000`);
      case '/echo':
        return {
          ...ok(url.searchParams.get('msg') ?? decode(body)),
          status: Number(url.searchParams.get('code') ?? 200),
        };
      case '/healthz':
        return ok('');
      case '/exit':
        exit(Number(url.searchParams.get('code') ?? 0));
        return ok('');
      default:
        return { status: 404, headers: TEXT, body: '404 page not found\n' };
    }
  });
  await process.out(`Started HTTP server on port ${port}\n`);
  const code = await Promise.race([asked, process.untilTerminated(delay > 0 ? 0 : GO_TERMINATED)]);
  if (delay > 0) await process.sleep(delay * 1000);
  return code;
}
