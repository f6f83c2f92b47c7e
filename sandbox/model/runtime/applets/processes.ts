/** Tools about processes and the system: sleep, ps, env, date, id, hostname, uname, xargs, timeout. */
import { findProgram } from '../lookup.ts';
import type { Process, Program } from '../process.ts';
import { SIGNALS, signalName } from '../process.ts';
import { complain, eachLine, nameOf, options } from './applet.ts';

export const processApplets: readonly (readonly [string, Program])[] = [
  ['sleep', sleep],
  [
    'usleep',
    async (process) => {
      await process.sleep(Number(process.args[1] ?? 0) / 1000);
      return 0;
    },
  ],
  ['ps', ps],
  ['env', env],
  ['printenv', env],
  ['date', date],
  [
    'id',
    async (process) =>
      say(
        process,
        process.args.includes('-u') || process.args.includes('-g') ? '0\n' : 'uid=0(root) gid=0(root) groups=0(root)\n',
      ),
  ],
  ['whoami', async (process) => say(process, 'root\n')],
  [
    'hostname',
    async (process) =>
      say(process, `${process.args.includes('-i') ? process.world.network.address : process.world.hostname}\n`),
  ],
  ['uname', uname],
  ['pwd', async (process) => say(process, `${process.cwd}\n`)],
  ['tty', async (process) => say(process, process.tty ? '/dev/pts/0\n' : 'not a tty\n')],
  ['nproc', async (process) => say(process, '4\n')],
  ['uptime', async (process) => say(process, ` ${clockText(process)} up 1 day,  load average: 0.00, 0.00, 0.00\n`)],
  ['which', which],
  ['xargs', xargs],
  ['timeout', timeout],
  ['kill', kill],
];

async function say(process: Process, text: string): Promise<0> {
  await process.out(text);
  return 0;
}

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, '': 1 };

async function sleep(process: Process): Promise<number> {
  let seconds = 0;
  if (process.args.length < 2) return complain(process, 'missing operand');
  for (const arg of process.args.slice(1)) {
    const match = /^(\d+(?:\.\d+)?)([smhd]?)$/.exec(arg);
    if (arg === 'infinity' || arg === 'inf') return new Promise<never>(() => {});
    if (!match) return complain(process, `invalid number '${arg}'`);
    seconds += Number(match[1]) * (UNITS[match[2] ?? ''] ?? 1);
  }
  // A timer holds at most 2^31 ms.
  for (let left = seconds * 1000; left > 0; left -= 1e9) await process.sleep(Math.min(left, 1e9));
  return 0;
}

async function ps(process: Process): Promise<number> {
  const rows = process.table.living.map(
    ({ pid, args }) => `${String(pid).padStart(5)} root      0:00 ${args.join(' ')}\n`,
  );
  return say(process, `PID   USER     TIME  COMMAND\n${rows.join('')}`);
}

async function env(process: Process): Promise<number> {
  const args = process.args.slice(1);
  if (nameOf(process) === 'printenv' && args[0] !== undefined) {
    const value = process.env.get(args[0]);
    return value === undefined ? 1 : say(process, `${value}\n`);
  }
  while (args[0]?.includes('=')) {
    const [name = '', ...value] = (args.shift() ?? '').split('=');
    process.env.set(name, value.join('='));
  }
  if (args.length > 0) return start(process, args);
  return say(process, [...process.env].map(([name, value]) => `${name}=${value}\n`).join(''));
}

/** Runs another program as a child, with the same streams. */
async function start(process: Process, words: readonly string[], own?: (child: Process) => void): Promise<number> {
  const found = findProgram(words[0] ?? '', {
    world: process.world,
    path: process.env.get('PATH') ?? '',
    cwd: process.cwd,
  });
  if (!found.ok) {
    await process.err(`${nameOf(process)}: can't execute '${words[0]}': No such file or directory\n`);
    return 127;
  }
  const args = found.prefix ? [...found.prefix, found.path, ...words.slice(1)] : words;
  const { env: environment, cwd, stdin, stdout, stderr, tty } = process;
  const child = process.table.start(found.program, {
    args,
    env: environment,
    cwd,
    stdin,
    stdout,
    stderr,
    parent: process,
    ...(tty ? { tty } : {}),
  });
  own?.(child);
  return child.exited;
}

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

async function date(process: Process): Promise<number> {
  const at = new Date(process.world.clock.now());
  const two = (n: number): string => String(n).padStart(2, '0');
  const format =
    process.args.find((arg) => arg.startsWith('+'))?.slice(1) ??
    (process.args.some((arg) => arg.startsWith('-I')) ? '%Y-%m-%d' : '%a %b %e %H:%M:%S UTC %Y');
  const values: Readonly<Record<string, string>> = {
    Y: String(at.getUTCFullYear()),
    m: two(at.getUTCMonth() + 1),
    d: two(at.getUTCDate()),
    e: String(at.getUTCDate()).padStart(2),
    H: two(at.getUTCHours()),
    M: two(at.getUTCMinutes()),
    S: two(at.getUTCSeconds()),
    a: DAYS[at.getUTCDay()] ?? '',
    b: MONTHS[at.getUTCMonth()] ?? '',
    s: String(Math.floor(at.getTime() / 1000)),
    N: `${String(at.getUTCMilliseconds()).padStart(3, '0')}000000`,
    Z: 'UTC',
    z: '+0000',
    T: at.toISOString().slice(11, 19),
    F: at.toISOString().slice(0, 10),
    R: at.toISOString().slice(11, 16),
    n: '\n',
    '%': '%',
  };
  return say(process, `${format.replaceAll(/%([a-zA-Z%])/g, (whole, letter: string) => values[letter] ?? whole)}\n`);
}

function clockText(process: Process): string {
  return new Date(process.world.clock.now()).toISOString().slice(11, 19);
}

async function uname(process: Process): Promise<number> {
  const { flags } = await options(process, 'asnrvmo');
  const all = flags.has('a');
  const fields = [
    ['s', 'Linux'],
    ['n', process.world.hostname],
    ['r', '6.12.48'],
    ['v', '#1 SMP PREEMPT_DYNAMIC'],
    ['m', 'x86_64'],
    ['o', 'GNU/Linux'],
  ].filter(([letter = '']) => all || flags.has(letter) || (flags.size === 0 && letter === 's'));
  return say(process, `${fields.map(([, value]) => value).join(' ')}\n`);
}

async function which(process: Process): Promise<number> {
  let status = 0;
  for (const name of process.args.slice(1)) {
    const found = findProgram(name, { world: process.world, path: process.env.get('PATH') ?? '', cwd: process.cwd });
    if (found.ok) await process.out(`${found.path}\n`);
    else status = 1;
  }
  return status;
}

async function xargs(process: Process): Promise<number> {
  // The command's own options are not ours: only what stands before it is read.
  const args = process.args.slice(1);
  const flags = new Map<string, string>();
  while (args[0]?.startsWith('-')) {
    const flag = args.shift() ?? '';
    const letter = flag[1] ?? '';
    flags.set(letter, 'nI'.includes(letter) ? flag.slice(2) || (args.shift() ?? '') : '');
  }
  const operands = args;
  const words: string[] = [];
  const lines: string[] = [];
  await eachLine(process, async (line) => {
    lines.push(line);
    words.push(
      ...line
        .trim()
        .split(/\s+/)
        .filter((word) => word !== ''),
    );
  });
  const command = operands.length > 0 ? operands : ['echo'];
  const mark = flags.get('I');
  if (mark !== undefined) {
    let status = 0;
    for (const line of lines)
      status =
        (await start(
          process,
          command.map((word) => word.replaceAll(mark, line)),
        )) || status;
    return status;
  }
  const size = Number(flags.get('n') ?? Math.max(1, words.length));
  let status = 0;
  for (let i = 0; i < Math.max(1, words.length); i += size)
    status = (await start(process, [...command, ...words.slice(i, i + size)])) || status;
  return status;
}

async function timeout(process: Process): Promise<number> {
  const args = process.args.slice(1);
  const signal = args[0] === '-s' ? signalName(args.splice(0, 2)[1] ?? '') : 'TERM';
  if (args[0] === '-t') args.shift();
  const seconds = Number.parseFloat(args.shift() ?? '0');
  let expired = false;
  const code = await start(process, args, (child) => {
    process.owned.add(
      process.world.clock.after(seconds * 1000, () => {
        expired = true;
        child.deliver(signal ?? 'TERM');
      }),
    );
  });
  return expired ? 143 : code;
}

async function kill(process: Process): Promise<number> {
  let name = signalName('TERM');
  let status = 0;
  for (const arg of process.args.slice(1)) {
    if (arg === '-l') return say(process, `${Object.keys(SIGNALS).join(' ')}\n`);
    if (arg.startsWith('-')) {
      name = signalName(arg.slice(1));
      continue;
    }
    const target = process.table.find(Number(arg));
    if (!target) status = await complain(process, `can't kill pid ${arg}: No such process`);
    else if (name && !(target.pid === 1 && name === 'KILL')) target.deliver(name);
  }
  return status;
}
