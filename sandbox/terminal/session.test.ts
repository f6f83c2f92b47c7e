import { afterEach, describe, expect, test } from 'vitest';
import { ManualClock } from '../../kernel/clock.manual.ts';
import { systemClock } from '../../kernel/clock.ts';
import { DisposableStore } from '../../kernel/disposable.ts';
import type { TerminalViewer } from '../contract.ts';
import { startPty } from './pty.ts';
import type { Pty } from './pty.ts';
import { FLOW, Session } from './session.ts';

let owned = new DisposableStore();
afterEach(() => {
  owned.dispose();
  owned = new DisposableStore();
});

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 30));

/** A pty whose output the test writes. */
function fakePty(): Pty & { emit(text: string): void; paused: boolean; exit(code: number): void } {
  let listener: (bytes: Uint8Array) => void = () => {};
  let exit: (code: number) => void = () => {};
  const exited = new Promise<number>((resolve) => (exit = resolve));
  return {
    exited,
    paused: false,
    exit: (code) => exit(code),
    emit: (text) => listener(encode(text)),
    onOutput: (given) => void (listener = given),
    write: () => true,
    resize: () => {},
    pause() {
      this.paused = true;
    },
    resume() {
      this.paused = false;
    },
    kill: () => {},
  };
}

function viewer(): TerminalViewer & {
  text: string;
  end: number;
  replays: number;
  gone: boolean;
  code: number | undefined;
} {
  return {
    text: '',
    end: 0,
    replays: 0,
    gone: false,
    code: undefined,
    output(bytes, end) {
      this.text += new TextDecoder().decode(bytes);
      this.end = end;
    },
    replay(bytes, end) {
      this.replays++;
      this.text = new TextDecoder().decode(bytes);
      this.end = end;
    },
    ended(code) {
      this.code = code;
    },
    stalled() {
      this.gone = true;
    },
  };
}

function session(pty: Pty, clock = new ManualClock()): Session {
  return owned.add(new Session({ id: 't', pty, clock, cols: 80, rows: 24 }));
}

describe('Session', () => {
  test('a late viewer is shown the screen, then what follows, each byte once', async () => {
    const pty = fakePty();
    const s = session(pty);
    pty.emit('one\r\n');
    const late = viewer();
    s.attach(late, 0);
    pty.emit('two');
    await expect.poll(() => late.end).toBe(8);
    expect(late.replays).toBe(1);
    expect(late.text).toMatch(/^one\x1b.*two$/);
  });

  test('a viewer that comes back gets only what it missed', () => {
    const pty = fakePty();
    const s = session(pty);
    pty.emit('0123456789');
    const back = viewer();
    s.attach(back, 4);
    expect([back.replays, back.text]).toEqual([0, '456789']);
  });

  test('a viewer that was away for too long gets the whole screen', async () => {
    const pty = fakePty();
    const s = session(pty);
    for (let i = 0; i < 8; i++) pty.emit('x'.repeat(FLOW.keep / 4));
    await settled();
    const back = viewer();
    s.attach(back, 10);
    await expect.poll(() => back.replays).toBe(1);
    expect(back.text.length).toBeLessThan(FLOW.keep);
  });

  test('pauses at 100 KB unacknowledged and resumes at 5 KB', async () => {
    const pty = fakePty();
    const s = session(pty);
    const slow = viewer();
    const seat = s.attach(slow, 0);
    await settled();
    pty.emit('x'.repeat(FLOW.pauseAt + 1));
    await settled();
    expect(pty.paused).toBe(true);
    seat.acknowledge(FLOW.pauseAt - FLOW.resumeAt);
    expect(pty.paused).toBe(true);
    seat.acknowledge(FLOW.pauseAt + 1);
    await expect.poll(() => pty.paused).toBe(false);
  });

  test('a stalled viewer is sent away after a minute and the shell goes on', async () => {
    const pty = fakePty();
    const clock = new ManualClock();
    const s = session(pty, clock);
    const dead = viewer();
    s.attach(dead, 0);
    await expect.poll(() => dead.replays).toBe(1);
    pty.emit('x'.repeat(FLOW.pauseAt + 1));
    await settled();
    await clock.advance(FLOW.stalledAfter + FLOW.unwatchedPause);
    expect([dead.gone, pty.paused]).toEqual([true, false]);
  });

  test('tells every viewer how the shell ended, those who come later too', async () => {
    const pty = fakePty();
    const s = session(pty);
    const [early, late] = [viewer(), viewer()];
    s.attach(early, 0);
    pty.exit(3);
    expect(await s.exited).toBe(3);
    s.attach(late, 0);
    await expect.poll(() => [early.code, late.code]).toEqual([3, 3]);
  });
});

test('a viewer is shown the last words of a shell that ends while it comes', async () => {
  const pty = fakePty();
  const s = session(pty);
  pty.emit('bwrap: no');
  const seen = viewer();
  s.attach(seen, 0);
  pty.exit(1);
  await expect.poll(() => seen.code).toBe(1);
  expect(seen.text).toBe('bwrap: no');
});

describe('startPty', () => {
  const start = (script: string): Pty =>
    startPty(
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
  async function outputOf(pty: Pty): Promise<string> {
    let text = '';
    pty.onOutput((bytes) => (text += Buffer.from(bytes).toString()));
    await pty.exited;
    return text;
  }

  test('runs a program on a terminal and reports its exit code', async () => {
    const pty = start('tty; exit 7');
    expect(await outputOf(pty)).toMatch(/^\/dev\//);
    expect(await pty.exited).toBe(7);
  });

  test('no descriptor of another terminal is inherited (security finding 1)', async () => {
    const first = start('sleep 5');
    const text = await outputOf(start('ls /proc/$$/fd; true'));
    first.kill();
    // 255 is bash's own handle on its script or terminal.
    expect(text.split(/\s+/).filter((fd) => fd !== '' && Number(fd) > 2 && fd !== '255')).toEqual([]);
  });

  test('refuses input once a megabyte waits', async () => {
    const pty = start('stty raw -echo; sleep 30');
    await settled();
    const block = new Uint8Array(256 * 1024).fill(97);
    const taken = Array.from({ length: 6 }, () => pty.write(block));
    pty.kill();
    await pty.exited;
    expect(taken.at(0)).toBe(true);
    expect(taken.at(-1)).toBe(false);
  });
});
