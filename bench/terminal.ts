/** Echo time of one key, throughput of a flood, and what a stalled viewer costs. Beside: the same pty without a session. */
import { systemClock } from '../kernel/clock.ts';
import type { TerminalAttachment } from '../sandbox/contract.ts';
import { startPty } from '../sandbox/terminal/pty.ts';
import type { Pty } from '../sandbox/terminal/pty.ts';
import { Session } from '../sandbox/terminal/session.ts';
import type { Figure } from './stats.ts';
import { mb, ms, percentile, print, settledMemory } from './stats.ts';

const KEYS = 300;
const FLOOD_MS = 3000;
const STALL_MS = 8000;

function pty(script: string): Pty {
  return startPty(
    {
      program: '/bin/bash',
      args: ['-c', script],
      env: { PATH: process.env.PATH ?? '', TERM: 'xterm' },
      directory: '/',
      cols: 80,
      rows: 24,
    },
    systemClock,
  );
}

const session = (script: string): Session =>
  new Session({ id: 'bench', pty: pty(script), clock: systemClock, cols: 80, rows: 24 });
const wait = (time: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, time));

/** Types keys one by one and times each until it comes back. */
async function echoTimes(
  write: (key: Uint8Array) => void,
  onOutput: (listener: () => void) => void,
): Promise<number[]> {
  const times: number[] = [];
  let came: () => void = () => {};
  onOutput(() => came());
  await wait(300);
  for (let i = 0; i < KEYS; i++) {
    const began = performance.now();
    await new Promise<void>((resolve) => {
      came = resolve;
      write(Buffer.from('x'));
    });
    times.push(performance.now() - began);
  }
  return times;
}

async function bareEcho(): Promise<number[]> {
  const bare = pty('stty -icanon; cat >/dev/null');
  const times = await echoTimes(
    (key) => bare.write(key),
    (listener) => bare.onOutput(listener),
  );
  bare.kill();
  return times;
}

async function sessionEcho(): Promise<number[]> {
  const s = session('stty -icanon; cat >/dev/null');
  const times = await echoTimes(
    (key) => s.write(key),
    (listener) => {
      const seat: TerminalAttachment = s.attach(
        { output: (_, end) => (seat.acknowledge(end), listener()), replay: () => {}, ended() {}, stalled() {} },
        0,
      );
    },
  );
  s.dispose();
  return times;
}

/** Bytes a second that reach a viewer who draws everything at once. */
async function flood(): Promise<number> {
  const s = session('yes');
  let bytes = 0;
  const seat: TerminalAttachment = s.attach(
    {
      output: (chunk, end) => ((bytes += chunk.length), seat.acknowledge(end)),
      replay: () => {},
      ended() {},
      stalled() {},
    },
    0,
  );
  await wait(FLOOD_MS);
  s.dispose();
  return (bytes / FLOOD_MS) * 1000;
}

/** Growth of memory while a viewer acknowledges nothing, and how soon Ctrl-C is felt by another viewer then. */
async function stalled(): Promise<{ growth: number; received: number }> {
  const before = await settledMemory();
  const s = session('yes');
  let received = 0;
  s.attach({ output: (chunk) => void (received += chunk.length), replay: () => {}, ended() {}, stalled() {} }, 0);
  let peak = 0;
  for (let waited = 0; waited < STALL_MS; waited += 250) {
    await wait(250);
    peak = Math.max(peak, process.memoryUsage().rss);
  }
  s.dispose();
  return { growth: peak - before, received };
}

export async function terminal(): Promise<void> {
  const bare = await bareEcho();
  const own = await sessionEcho();
  const rate = await flood();
  const { growth, received } = await stalled();
  const figures: Figure[] = [
    { name: 'echo of a key, bare pty (p50 / p99)', value: `${ms(percentile(bare, 50))} / ${ms(percentile(bare, 99))}` },
    { name: 'echo of a key, session (p50 / p99)', value: `${ms(percentile(own, 50))} / ${ms(percentile(own, 99))}` },
    { name: 'flood (yes), viewer that keeps up', value: `${mb(rate)}/s` },
    {
      name: 'flood, stalled viewer: memory',
      value: `+${mb(growth)}`,
      bar: '<= 16 MB',
      met: growth <= 16 * 1024 * 1024,
    },
    { name: 'flood, stalled viewer: bytes sent before the pause', value: `${received}` },
  ];
  print('Terminal', figures);
}
