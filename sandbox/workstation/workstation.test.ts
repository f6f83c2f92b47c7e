import { execFile, execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, lstat, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../kernel/clock.ts';
import type { Sandbox, TerminalSession } from '../contract.ts';
import { probeIsolation } from './isolation.ts';
import { withContexts, writeKubeconfig } from './kubeconfig.ts';
import { openWorkstation } from './workstation.ts';
import type { Workstation } from './workstation.ts';

const KUBECONFIG = `apiVersion: v1
kind: Config
clusters:
  - { name: c, cluster: { server: "https://127.0.0.1:1", certificate-authority-data: QQ== } }
users: [{ name: u, user: { token: t } }]
contexts: [{ name: c, context: { cluster: c, user: u } }]
current-context: c
`;

/** A sandbox whose API server answers every connection with one word. */
const sandbox: Sandbox = {
  id: 'test',
  driver: 'test',
  spec: { topology: 'K1', needs: [] },
  version: 'v1.36.3',
  cluster: Object.assign(Object.create(null), { kubeconfig: () => KUBECONFIG }),
  connect: (socket) => void socket.end('reached'),
  close: async () => {},
};

const isolation = await probeIsolation();

describe.skipIf(!isolation.ok)('an isolated workstation', () => {
  let directory: string;
  let workstation: Workstation;
  let terminal: TerminalSession;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'drydock-ws-'));
    await chmod(directory, 0o711);
    workstation = await openWorkstation({
      sandbox,
      shell: 'isolated',
      contexts: [{ name: 'shop', namespace: 'store', current: true }],
      kubectl: { path: '/bin/true' },
      clock: systemClock,
      directory,
    });
    terminal = workstation.openTerminal('one', { cols: 200, rows: 50 });
  });
  afterAll(async () => {
    workstation.dispose();
    await rm(directory, { recursive: true, force: true });
  });

  /** Types a command and gives what it printed. */
  async function type(command: string, at = terminal): Promise<string> {
    const mark = Math.random().toString(36).slice(2);
    let text = '';
    const end = `END-${mark}`;
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no answer to ${command}: ${text}`)), 8000);
      at.attach(
        {
          output(bytes) {
            text += Buffer.from(bytes).toString();
            if (text.includes(`${end}\r\n`)) {
              clearTimeout(timer);
              resolve();
            }
          },
          replay: () => at.write(Buffer.from(`{ ${command}; } 2>&1; echo END-"${mark}"\n`)),
          ended: () => reject(new Error(`the shell ended: ${text}`)),
          stalled: () => {},
        },
        0,
      );
    });
    return text
      .slice(text.indexOf('\r\n', Math.max(0, text.lastIndexOf(`END-"${mark}"`))) + 2, text.lastIndexOf(end))
      .replaceAll('\r\n', '\n')
      .replaceAll(/^\x1b\[\?2004l\r/g, '');
  }

  test('greets with a prompt that names context and namespace', async () => {
    let screen = '';
    await type('true');
    await new Promise<void>((resolve) => {
      terminal.attach(
        {
          output: (b) => (screen += Buffer.from(b).toString()),
          replay: (b) => ((screen += Buffer.from(b).toString()), resolve()),
          ended() {},
          stalled() {},
        },
        0,
      );
    });
    expect(screen).toContain('shop/store');
  });

  test('is nobody on the host and has no capabilities', async () => {
    expect(await type('id -u; command grep -E "^(CapEff|NoNewPrivs)" /proc/self/status')).toMatch(
      /1000\nCapEff:\s0+\nNoNewPrivs:\s1/,
    );
  });

  test.each([
    ['cat /etc/shadow', /No such file/],
    ['ls /root /var /sys /run /work', /No such file/],
    [
      'touch /usr/bin/x; touch /etc/hosts; touch /x',
      /Read-only file system[^]*Read-only[^]*Read-only|cannot touch[^]*cannot touch[^]*Read-only/,
    ],
    ['unshare -Ur true', /Operation not permitted|No space left/],
    ['mount -t tmpfs x /tmp', /permission denied|must be superuser|not permitted/i],
    ['mknod /tmp/m c 1 3', /not permitted/],
    ['tr "\\0" "\\n" < /proc/1/environ | cut -d= -f1 | command grep -vE "^(PATH|PWD|TERM|SHLVL|_|OLDPWD)?$"', /^$/],
    ['command ps ax | command grep -c "slee[p] infinity"', /^0\n/],
    ['exec 3<>/dev/tcp/169.254.169.254/80', /unreachable/i],
    ['exec 3<>/dev/tcp/127.0.0.1/22', /refused/i],
    ['ls -l /proc/self/fd/ | command grep -vE " (0|1|2|3|255) -> |total"', /^$/],
    [
      'head -c 100000000 /dev/zero > ~/big; ls -l ~/big | cut -d" " -f5; rm ~/big',
      /File size limit exceeded[^]*67108864|67108864/,
    ],
    ['head -c 50000000 /dev/zero > /tmp/big; rm -f /tmp/big', /No space left/],
  ])('%s finds nothing or is refused', async (command, refusal) => {
    expect(await type(`( ${command} )`)).toMatch(refusal);
  });

  test('system calls of the deny-list fail', async () => {
    const probe = `
import ctypes,socket
libc=ctypes.CDLL(None,use_errno=True)
for name,nr in (('keyctl',250),('bpf',321),('ptrace',101),('io_uring_setup',425),('userfaultfd',323)):
    r=libc.syscall(nr,0,0,0,0,0); print(name,r,ctypes.get_errno())
try: socket.socket(40,1,0); print('vsock open')
except OSError as e: print('vsock',e.errno)
`;
    if (process.arch !== 'x64' || (await type('command -v python3 || true')).trim() === '') return;
    const said = await type(`python3 -c "exec(bytes.fromhex('${Buffer.from(probe).toString('hex')}'))"`);
    expect(said).toMatch(/keyctl -1 1\nbpf -1 1\nptrace -1 1\nio_uring_setup -1 1\nuserfaultfd -1 1\nvsock 97/);
  });

  test('reaches the API server on its own loopback, and the host does not', async () => {
    expect(await type('(exec 3<>/dev/tcp/127.0.0.1/6443; cat <&3)')).toBe('reached');
    expect(() => execFileSync('/bin/bash', ['-c', 'exec 3<>/dev/tcp/127.0.0.1/6443'], { stdio: 'pipe' })).toThrow(
      /refused/,
    );
  });

  test('a second terminal shares home and network; neither inherits a descriptor of the other', async () => {
    await type('echo shared > ~/note');
    const second = workstation.openTerminal('two', { cols: 100, rows: 30 });
    expect(await type('cat ~/note; exec 3<>/dev/tcp/127.0.0.1/6443; cat <&3; exec 3>&-', second)).toMatch(
      /shared\nreached$/,
    );
    expect(await type('ls /proc/$$/fd | tr "\\n" " "', second)).toMatch(/0 1 (10 )?2 255 \n?$/);
    second.dispose();
  });

  test('works in a folder that only the server may enter', async () => {
    const locked = join(directory, 'locked');
    await mkdir(locked, { mode: 0o700 });
    const other = await openWorkstation({
      sandbox: { ...sandbox, id: 'locked' },
      shell: 'isolated',
      contexts: [],
      kubectl: { path: '/bin/true' },
      clock: systemClock,
      directory: join(locked, 'ws'),
    });
    expect(await type('id -u', other.openTerminal('x', { cols: 80, rows: 24 }))).toMatch(/1000/);
    other.dispose();
  });

  test('nothing is left after the end', async () => {
    const other = await openWorkstation({
      sandbox: { ...sandbox, id: 'other' },
      shell: 'isolated',
      contexts: [],
      kubectl: { path: '/bin/true' },
      clock: systemClock,
      directory: join(directory, 'other'),
    });
    const t = other.openTerminal('x', { cols: 80, rows: 24 });
    await type('setsid nohup sleep 4242 >/dev/null 2>&1 & true', t);
    other.dispose();
    await t.exited;
    await expect
      .poll(() => execFileSync('/bin/bash', ['-c', 'pgrep -fc "slee[p] 4242" || true']).toString().trim())
      .toBe('0');
  });
});

describe('the kubeconfig', () => {
  test('has the contexts of the lab', () => {
    const text = withContexts(KUBECONFIG, [
      { name: 'a', namespace: 'x' },
      { name: 'b', current: true },
    ]);
    expect(text).toMatch(/current-context: b/);
    expect(text).toMatch(/namespace: x/);
  });

  test('keeps what the learner chose, for the same cluster only', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'drydock-kc-'));
    const path = join(directory, 'config');
    await writeKubeconfig(path, withContexts(KUBECONFIG, [{ name: 'a' }, { name: 'b' }]));
    await writeFile(path, (await readFile(path, 'utf8')).replace('current-context: a', 'current-context: b'));
    await writeKubeconfig(path, KUBECONFIG.replace(':1"', ':2"'));
    const kept = await readFile(path, 'utf8');
    expect(kept).toMatch(/current-context: b/);
    expect(kept).toMatch(/127.0.0.1:2/);
    await writeKubeconfig(path, KUBECONFIG.replace('QQ==', 'Qg=='));
    expect(await readFile(path, 'utf8')).toMatch(/current-context: c/);
    await rm(directory, { recursive: true });
  });

  test('is written where it belongs, whatever the learner put there', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'drydock-kc-'));
    const victim = join(directory, 'victim');
    const path = join(directory, '.kube', 'config');
    const traps: (() => Promise<unknown>)[] = [
      () => symlink(victim, path),
      () => mkdir(path),
      () => promisify(execFile)('mkfifo', [path]),
      () => writeFile(path, '['.repeat(1 << 20)),
      () => rm(join(directory, '.kube'), { recursive: true }).then(() => symlink(directory, join(directory, '.kube'))),
      () => symlink(victim, `${path}.drydock`),
    ];
    await writeKubeconfig(path, KUBECONFIG);
    for (const trap of traps) {
      await writeFile(victim, 'mine');
      await rm(path, { recursive: true, force: true });
      await trap();
      await writeKubeconfig(path, KUBECONFIG);
      expect((await lstat(path)).isFile()).toBe(true);
      expect((await lstat(path)).mode & 0o777).toBe(0o600);
      expect(await readFile(path, 'utf8')).toMatch(/current-context: c/);
      expect(await readFile(victim, 'utf8')).toBe('mine');
    }
    expect(existsSync(join(directory, 'config'))).toBe(false);
    await rm(directory, { recursive: true });
  });
});
