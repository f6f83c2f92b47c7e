/** busybox httpd: serves the files of a directory. Without `-f` it goes to the background, which here is a process of its own. */
import { normalise } from '../files.ts';
import type { Process } from '../process.ts';
import { NetError } from '../socket.ts';
import { listenHttp } from './serve.ts';

export async function httpd(process: Process): Promise<number> {
  const option = (name: string): string | undefined => {
    const at = process.args.findIndex((arg) => arg.startsWith(name));
    const arg = process.args[at];
    return arg === undefined ? undefined : arg.length > 2 ? arg.slice(2) : process.args[at + 1];
  };
  const port = Number((option('-p') ?? '80').split(':').at(-1));
  const home = process.path(option('-h') ?? '.');
  const foreground = process.args.some((arg) => /^-[a-zA-Z]*f/.test(arg));
  if (!foreground) {
    process.table.start((child) => serve(child, port, home), {
      env: process.env,
      args: process.args,
      cwd: process.cwd,
      stdin: process.stdin,
      stdout: process.stdout,
      stderr: process.stderr,
    });
    return 0;
  }
  return serve(process, port, home);
}

async function serve(process: Process, port: number, home: string): Promise<number> {
  try {
    listenHttp(process, port, ({ target }) => {
      const { files } = process.world;
      const wanted = normalise(`${home}/${target.split('?')[0] ?? ''}`);
      const node = files.stat(wanted);
      const file = node?.kind === 'dir' ? files.stat(`${wanted}/index.html`) : node;
      if (file?.kind === 'file')
        return {
          status: 200,
          headers: { 'Content-Type': wanted.endsWith('.txt') ? 'text/plain' : 'text/html' },
          body: file.bytes,
        };
      const title = '404 Not Found';
      return {
        status: 404,
        headers: { 'Content-Type': 'text/html' },
        body: `<HTML><HEAD><TITLE>${title}</TITLE></HEAD>\n<BODY><H1>${title}</H1>\nThe requested URL was not found\n</BODY></HTML>\n`,
      };
    });
  } catch (error) {
    if (!(error instanceof NetError)) throw error;
    await process.err(`httpd: bind: ${error.message}\n`);
    return 1;
  }
  // No handlers: as process 1 it ignores TERM, like the real one.
  return new Promise<never>(() => {});
}
