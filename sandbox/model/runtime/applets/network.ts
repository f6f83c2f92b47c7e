/** Tools that speak to the network: nslookup, nc, ping, ip; wget and curl stand in files of their own. */
import type { Process, Program } from '../process.ts';
import { candidates } from '../../dns/resolver.ts';
import type { Connection, NameAnswer } from '../socket.ts';
import { NetError, isAddress } from '../socket.ts';
import { complain, options } from './applet.ts';
import { curl } from './curl.ts';
import { within } from './deadline.ts';
import { wget } from './wget.ts';

export const networkApplets: readonly (readonly [string, Program])[] = [
  ['wget', wget],
  ['curl', curl],
  ['nslookup', nslookup],
  ['nc', nc],
  ['ping', ping],
  ['ip', ip],
];

/** busybox asks for A and AAAA of every candidate and tells of each refusal. */
async function nslookup(process: Process): Promise<number> {
  const operands = process.args.slice(1).filter((arg) => !arg.startsWith('-'));
  const [name, server] = operands;
  const { network } = process.world;
  if (name === undefined) {
    await process.err('Usage: nslookup [-type=QUERY_TYPE] [-debug] HOST [DNS_SERVER]\n');
    return 1;
  }
  const nameserver = server ?? network.dns.nameserver;
  if (network.query(name) === 'unreachable') {
    await process.sleep(5_000);
    await process.out(';; connection timed out; no servers could be reached\n\n');
    return 1;
  }
  await process.out(`Server:\t\t${nameserver}\nAddress:\t${nameserver}:53\n\n`);
  // A name with a dot is asked for as it is: busybox's nslookup does not use the search list then.
  const tried = name.includes('.')
    ? [name.replace(/\.$/, '')]
    : candidates(name, network.dns).filter((candidate) => candidate !== name);
  const answers = tried.map((candidate) => ({ candidate, answer: network.query(candidate) }));
  let found = false;
  for (const { candidate, answer } of answers) {
    if (typeof answer === 'string') await process.out(`** server can't find ${candidate}: NXDOMAIN\n\n`);
    else {
      found = true;
      await process.out(
        `${answer.addresses.map((address) => `Name:\t${answer.name}\nAddress: ${address}\n`).join('')}\n`,
      );
    }
  }
  for (const { candidate, answer } of answers)
    await process.out(typeof answer === 'string' ? `** server can't find ${candidate}: NXDOMAIN\n\n` : '\n');
  return found && answers.every(({ answer }) => typeof answer !== 'string') ? 0 : 1;
}

async function nc(process: Process): Promise<number> {
  const { flags, operands } = await options(process, 'lzvnk', 'wpieq');
  const { network } = process.world;
  if (flags.has('l')) {
    const port = Number(flags.get('p') ?? operands.at(-1));
    try {
      const connection = await new Promise<Connection>((resolve) => process.owned.add(network.listen(port, resolve)));
      return await pump(process, connection);
    } catch (error) {
      if (error instanceof NetError) return complain(process, `bind: ${error.message}`);
      throw error;
    }
  }
  const [host = '', port = ''] = operands;
  const address = (await network.resolve(host))?.addresses[0];
  if (address === undefined) return complain(process, `bad address '${host}'`);
  try {
    const connection = await within(
      process,
      Number(flags.get('w') ?? 0),
      network.dial(address, Number(port), process.signal),
    );
    if (flags.has('v')) await process.err(`${host} (${address}:${port}) open\n`);
    if (flags.has('z')) {
      connection.close();
      return 0;
    }
    return await pump(process, connection);
  } catch (error) {
    if (!(error instanceof NetError)) throw error;
    return complain(
      process,
      flags.has('v') || flags.has('z')
        ? `${host} (${address}:${port}): ${error.message}`
        : `can't connect to remote host (${address}): ${error.message}`,
    );
  }
}

async function pump(process: Process, connection: Connection): Promise<number> {
  process.owned.add({ dispose: () => connection.close() });
  void (async () => {
    for (let chunk = await process.read(); chunk; chunk = await process.read()) connection.write(chunk);
    connection.end();
  })();
  for (let chunk = await connection.read(process.signal); chunk; chunk = await connection.read(process.signal))
    await process.out(chunk);
  return 0;
}

/** R-NET-9: Pods answer echo requests; a Service's address does not, as no rule forwards ICMP. */
async function ping(process: Process): Promise<number> {
  const { flags, operands } = await options(process, 'q4', 'cWwIsi');
  const [host = ''] = operands;
  const { network } = process.world;
  const address: string | undefined = isAddress(host)
    ? host
    : ((await network.resolve(host)) as NameAnswer | undefined)?.addresses[0];
  if (address === undefined) return complain(process, `bad address '${host}'`);
  await process.out(`PING ${host} (${address}): 56 data bytes\n`);
  const count = Number(flags.get('c') ?? Number.POSITIVE_INFINITY);
  const alive = address.startsWith('127.') || address === network.address || (await answersAt(process, address));
  let sent = 0;
  while (sent < count) {
    if (alive)
      await process.out(
        `64 bytes from ${address}: seq=${sent} ttl=63 time=0.${100 + Math.floor(process.world.random.next() * 100)} ms\n`,
      );
    sent++;
    if (sent < count) await process.sleep(1_000);
    else if (!alive) await process.sleep(Number(flags.get('W') ?? 10) * 1_000);
  }
  await process.out(
    `\n--- ${host} ping statistics ---\n${sent} packets transmitted, ${alive ? sent : 0} packets received, ${alive ? 0 : 100}% packet loss\n`,
  );
  if (alive) await process.out('round-trip min/avg/max = 0.100/0.150/0.200 ms\n');
  return alive ? 0 : 1;
}

/** A Pod's address answers at once, even if only with a refusal. */
async function answersAt(process: Process, address: string): Promise<boolean> {
  if (!address.startsWith('10.244.')) return false;
  try {
    const connection = await within(process, 1, process.world.network.dial(address, 1, process.signal));
    connection.close();
    return true;
  } catch (error) {
    if (error instanceof NetError) return error.code === 'ECONNREFUSED';
    throw error;
  }
}

async function ip(process: Process): Promise<number> {
  const { address } = process.world.network;
  const gateway = address.replace(/\.\d+$/, '.1');
  const what = process.args.find((arg, i) => i > 0 && !arg.startsWith('-')) ?? '';
  if (what.startsWith('r'))
    await process.out(`default via ${gateway} dev eth0 \n${gateway} dev eth0 scope link  src ${address} \n`);
  else if (what.startsWith('a'))
    await process.out(
      `1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue qlen 1000\n    inet 127.0.0.1/8 scope host lo\n2: eth0@if5: <BROADCAST,MULTICAST,UP,LOWER_UP,M-DOWN> mtu 1500 qdisc noqueue \n    inet ${address}/24 brd ${address.replace(/\.\d+$/, '.255')} scope global eth0\n`,
    );
  else return complain(process, `OBJECT "${what}" is unknown`);
  return 0;
}
