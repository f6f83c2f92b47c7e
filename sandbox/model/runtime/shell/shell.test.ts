import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sleep, systemClock } from '../../../../kernel/clock.ts';
import { seededRandom } from '../../../../kernel/random.ts';
import { Container } from '../container.ts';
import { findImage } from '../images/catalogue.ts';
import type { PodSocket } from '../socket.ts';
import { NetError } from '../socket.ts';

const network: PodSocket = {
  address: '10.244.1.9',
  listen: () => ({ dispose: () => {} }),
  listening: () => false,
  dial: () => Promise.reject(new NetError('ECONNREFUSED')),
  resolve: () => Promise.resolve(undefined),
  query: () => 'nxdomain',
  dns: { nameserver: '10.96.0.10', search: ['default.svc.cluster.local'], ndots: 5 },
};

function make(imageName: string, command: readonly string[], tty = false): Container {
  const image = findImage(imageName);
  if (!image) throw new Error(`no image ${imageName}`);
  return new Container({
    id: 'f'.repeat(64),
    image,
    command,
    env: new Map(),
    mounts: [],
    files: new Map(),
    hostname: 'box',
    network,
    stdin: tty,
    stdinOnce: false,
    tty,
    readOnlyRoot: false,
    clock: systemClock,
    random: seededRandom('shell'),
  });
}

let box: Container;
beforeEach(() => {
  box = make('busybox:1.36', ['sleep', '1000']);
  box.start();
});
afterEach(() => box.kill());

async function sh(text: string, container = box): Promise<{ out: string; code: number }> {
  let out = '';
  const take = (chunk: Uint8Array): void => void (out += new TextDecoder().decode(chunk));
  const code = await container.exec(['sh', '-c', text], {
    tty: false,
    stdin: undefined,
    stdout: take,
    stderr: take,
    signal: new AbortController().signal,
  });
  return { out, code };
}

describe('the shell prints what busybox prints', () => {
  it.each([
    ['echo hello   world', 'hello world\n', 0],
    ['echo "a  b" \'c  d\' e\\ f', 'a  b c  d e f\n', 0],
    ['x=1; [ $x -lt 3 ] && echo less || echo more', 'less\n', 0],
    ['i=0; while [ $i -lt 3 ]; do i=$((i+1)); echo n$i; done', 'n1\nn2\nn3\n', 0],
    ['until true; do echo no; done; echo ${x:-d} ${#HOME}', 'd 5\n', 0],
    ['for f in a b; do for g in 1 2; do [ $g = 2 ] && continue; echo $f$g; done; done', 'a1\nb1\n', 0],
    ['f() { echo "arg $1"; return 3; }; f q; echo $?', 'arg q\n3\n', 0],
    ['case abc in x) echo X;; a*) echo A;; esac', 'A\n', 0],
    ['x=$(echo hi | sed s/h/H/); echo "${x}!" `echo q`', 'Hi! q\n', 0],
    ['seq 3 | while read n; do echo "<$n>"; done', '<1>\n<2>\n<3>\n', 0],
    ['yes | head -2', 'y\ny\n', 0],
    ['(cd /tmp; pwd); pwd', '/tmp\n/\n', 0],
    ['echo a > /tmp/f; echo b >> /tmp/f; cat < /tmp/f; wc -l < /tmp/f', 'a\nb\n2\n', 0],
    ['cat <<E\nhome $HOME\nE', 'home /root\n', 0],
    ["cat <<'E'\nhome $HOME\nE", 'home $HOME\n', 0],
    ['ls /nope 2>/dev/null; echo $?', '1\n', 0],
    ['cd /etc; echo host* pass*', 'host* passwd\n', 0],
    ['p=/a/b.txt; echo ${p##*/} ${p%.*} ${p#/}', 'b.txt /a/b a/b.txt\n', 0],
    ['set -- a "b c"; for x in "$@"; do echo "[$x]"; done; echo $#', '[a]\n[b c]\n2\n', 0],
    ['printf "%s-%03d\\n" a 7', 'a-007\n', 0],
    ['echo "b a" | tr a-z A-Z | cut -d" " -f2', 'A\n', 0],
    ['sleep 0.01 & wait; echo done', 'done\n', 0],
    ['trap "echo bye" EXIT; exit 4', 'bye\n', 4],
    ['set -e; false; echo never', '', 1],
    ['! true || echo no', 'no\n', 0],
    ['echo a,b | { IFS=, read x y; echo $x; }; echo "a b" | xargs -n1 echo', 'a\na\nb\n', 0],
  ])('%s', async (text, out, code) => {
    expect(await sh(text)).toEqual({ out, code });
  });
});

describe('the shell fails in the words of busybox', () => {
  it.each([
    ['foo', 'sh: foo: not found\n', 127],
    ['cat /nope', "cat: can't open '/nope': No such file or directory\n", 1],
    ['ls /nope', 'ls: /nope: No such file or directory\n', 1],
    ['cd /nope', "sh: cd: line 0: can't cd to /nope: No such file or directory\n", 2],
    ['if', 'sh: syntax error: unexpected end of file (expecting "then")\n', 2],
    ['rm /nope', "rm: can't remove '/nope': No such file or directory\n", 1],
    ['mkdir /etc', "mkdir: can't create directory '/etc': File exists\n", 1],
    ['rmdir /etc', "rmdir: '/etc': Directory not empty\n", 1],
    ['kill 999', "sh: can't kill pid 999: No such process\n", 1],
    ['sleep x', "sleep: invalid number 'x'\n", 1],
    ['wget -qO- nosuch', "wget: bad address 'nosuch'\n", 1],
    ['exit 3', '', 3],
  ])('%s', async (text, out, code) => {
    expect(await sh(text)).toEqual({ out, code });
  });
});

it('R-RUNTIME-1: process 1 ignores TERM, others end with 143', async () => {
  expect((await sh('sleep 100 & kill $!; wait $!; echo $?')).out).toBe('143\n');
  await box.stop(50);
  expect(await box.exited).toBe(137);
});

it('a trap answers TERM between commands', async () => {
  const trapper = make('busybox', ['sh', '-c', 'trap "echo ending; exit 7" TERM; while true; do sleep 0.02; done']);
  trapper.start();
  await sleep(systemClock, 30);
  await trapper.stop(2_000);
  expect(await trapper.exited).toBe(7);
  expect(new TextDecoder().decode(trapper.log.read({ timestamps: false }))).toBe('ending\n');
});

it('R-RUNTIME-2: an endless loop leaves room for others and can be killed', async () => {
  const looper = make('busybox', ['sh', '-c', 'while true; do :; done']);
  looper.start();
  const before = performance.now();
  await sleep(systemClock, 60);
  expect(performance.now() - before).toBeLessThan(500);
  looper.kill();
  expect(await looper.exited).toBe(137);
});

it('talks with a person at a terminal: prompt, echo, Ctrl-C, Ctrl-D', async () => {
  let screen = '';
  async function* keys(): AsyncIterable<Uint8Array> {
    for (const text of ['echo hix\x7f\r', 'while true; do sleep 0.01; done\r', '\x03', 'echo $((40+2))\r', '\x04']) {
      await sleep(systemClock, 60);
      yield new TextEncoder().encode(text);
    }
    await sleep(systemClock, 60);
  }
  const code = await box.exec(['sh'], {
    tty: true,
    stdin: keys(),
    stdout: (chunk) => (screen += new TextDecoder().decode(chunk)),
    stderr: () => {},
    signal: new AbortController().signal,
  });
  expect(code).toBe(0);
  expect(screen).toBe(
    '/ # echo hix\b \b\r\nhi\r\n/ # while true; do sleep 0.01; done\r\n^C\r\n/ # echo $((40+2))\r\n42\r\n/ # \r\n',
  );
});

it('tar carries a tree out and in', async () => {
  const { out, code } = await sh(
    'mkdir -p /tmp/a/b; echo one > /tmp/a/b/f; tar cf - -C /tmp a | (mkdir /tmp/x; tar xf - -C /tmp/x); cat /tmp/x/a/b/f',
  );
  expect({ out, code }).toEqual({ out: 'one\n', code: 0 });
});
