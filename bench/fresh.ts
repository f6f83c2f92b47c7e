/** Seconds from a fresh clone to the first prompt of kubectl's answer: clone, `npm start`, log in, start a lab, see the prompt. */
import { execFileSync, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WebSocket } from 'ws';
import { decodeServerFrame, encodeClientFrame } from '../src/protocol/terminal.ts';
import { print } from './stats.ts';

const BAR = 120;
const ROOT = fileURLToPath(new URL('..', import.meta.url));

export async function fresh(): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'drydock-fresh-'));
  const clone = join(directory, 'clone');
  execFileSync('git', ['clone', '--quiet', ROOT, clone]);
  const began = performance.now();
  const since = (): number => (performance.now() - began) / 1000;
  const server = spawn('npm', ['start', '--', '--port', '0', '--data-dir', join(directory, 'store')], {
    cwd: clone,
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  try {
    const link = await new Promise<string>((resolve, reject) => {
      let text = '';
      server.stdout.on('data', (chunk: Buffer) => {
        text += chunk.toString();
        const found = /http:\/\/\S+token=\S+/.exec(text);
        if (found) resolve(found[0]);
      });
      server.on('exit', () => reject(new Error(`npm start ended: ${text}`)));
    });
    const started = since();
    const prompt = await firstPrompt(link).then(since);
    print('Fresh clone', [
      { name: 'clone to link', value: `${started.toFixed(1)} s` },
      { name: 'clone to first prompt', value: `${prompt.toFixed(1)} s`, bar: '<= 120 s', met: prompt <= BAR },
    ]);
  } finally {
    if (server.pid) process.kill(-server.pid, 'SIGTERM');
    await new Promise((resolve) => server.once('exit', resolve));
    await rm(directory, { recursive: true, force: true });
  }
}

async function firstPrompt(link: string): Promise<void> {
  const { origin } = new URL(link);
  const login = await fetch(link, { redirect: 'manual' });
  const headers = {
    cookie: login.headers.get('set-cookie')?.split(';')[0] ?? '',
    origin,
    'content-type': 'application/json',
  };
  const ask = async (
    method: string,
    path: string,
    body?: unknown,
  ): Promise<{ id: string; state: string; ticket: string }> => {
    const answer = await fetch(`${origin}${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as { id: string; state: string; ticket: string };
  };
  const { id } = await ask('POST', '/api/attempts', { lab: 'playground' });
  while ((await ask('GET', `/api/attempts/${id}`)).state === 'creating')
    await new Promise((resolve) => setTimeout(resolve, 50));
  const terminal = await ask('POST', `/api/attempts/${id}/terminals`, {});
  const { ticket } = await ask('POST', `/api/attempts/${id}/terminals/${terminal.id}/ticket`, {});
  const socket = new WebSocket(`${origin.replace('http', 'ws')}/api/attempts/${id}/terminals/socket?ticket=${ticket}`, {
    headers,
  });
  await new Promise<void>((resolve, reject) => {
    socket.on('open', () => socket.send(encodeClientFrame({ kind: 'hello', since: 0, cols: 80, rows: 24 })));
    socket.on('error', reject);
    socket.on('message', (bytes: Buffer) => {
      const frame = decodeServerFrame(bytes);
      if ((frame.kind === 'output' || frame.kind === 'replay') && Buffer.from(frame.bytes).toString().includes('$ '))
        resolve();
    });
  });
  socket.close();
}
