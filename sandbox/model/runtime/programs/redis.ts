/** redis-server: PING, SET, GET and INFO over the inline and array protocols; redis-cli: one command. */
import { concat, decode, encode } from '../pipe.ts';
import type { Process } from '../process.ts';
import type { Connection } from '../socket.ts';
import { NetError } from '../socket.ts';

export async function redisServer(process: Process): Promise<number> {
  const at = process.args.indexOf('--port');
  const port = at < 0 ? 6379 : Number(process.args[at + 1]);
  const values = new Map<string, string>();
  process.owned.add(
    process.world.network.listen(port, (connection) => {
      process.owned.add({ dispose: () => connection.close() });
      void converse(connection, values);
    }),
  );
  await process.out(`1:M * Server initialized\n1:M * Ready to accept connections tcp\n`);
  return process.untilTerminated();
}

async function converse(connection: Connection, values: Map<string, string>): Promise<void> {
  for (let chunk = await connection.read(); chunk; chunk = await connection.read()) {
    const text = decode(chunk);
    const words = text.startsWith('*')
      ? text
          .split('\r\n')
          .filter((_, i) => i > 0 && i % 2 === 0)
          .filter((word) => word !== '')
      : text.trim().split(/\s+/);
    connection.write(encode(reply(words, values)));
  }
  connection.end();
}

function reply([command = '', key = '', value = '']: readonly string[], values: Map<string, string>): string {
  switch (command.toUpperCase()) {
    case 'PING':
      return '+PONG\r\n';
    case 'SET':
      values.set(key, value);
      return '+OK\r\n';
    case 'GET': {
      const found = values.get(key);
      return found === undefined ? '$-1\r\n' : `$${encode(found).length}\r\n${found}\r\n`;
    }
    default:
      return `-ERR unknown command '${command}'\r\n`;
  }
}

export async function redisCli(process: Process): Promise<number> {
  const words = process.args.slice(1);
  let host = '127.0.0.1';
  let port = 6379;
  while (words[0]?.startsWith('-')) {
    const flag = words.shift();
    const value = words.shift() ?? '';
    if (flag === '-h') host = value;
    if (flag === '-p') port = Number(value);
  }
  const found = await process.world.network.resolve(host);
  try {
    const address = found?.addresses[0];
    if (address === undefined) throw new Error('Name or service not known');
    const connection = await process.world.network.dial(address, port, process.signal);
    connection.write(
      encode(`*${words.length}\r\n${words.map((word) => `$${encode(word).length}\r\n${word}\r\n`).join('')}`),
    );
    const answer = decode((await connection.read(process.signal)) ?? concat([]));
    connection.close();
    await process.out(`${answer.startsWith('$-1') ? '(nil)' : answer.replace(/^(\$\d+\r\n|[+])/, '').trimEnd()}\n`);
    return 0;
  } catch (error) {
    await process.err(
      `Could not connect to Redis at ${host}:${port}: ${error instanceof NetError || error instanceof Error ? error.message : ''}\n`,
    );
    return 1;
  }
}
