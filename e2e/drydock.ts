/** Starts the server as `npm start` would, and a browser beside it. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright';
import type { Browser, BrowserContextOptions, Page } from 'playwright';
import { findBrowser } from '../src/cli/browser.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
];

/** How a story's server differs from `npm start`. */
export interface Differences {
  /** More flags, such as `--own-shell`. */
  readonly flags?: readonly string[];
  /** The PATH of the server, to take programs away from it. */
  readonly path?: string;
}

export class Drydock {
  readonly directory: string;
  readonly #differences: Differences;
  #server: ChildProcess | undefined;
  link = '';

  private constructor(directory: string, differences: Differences) {
    this.directory = directory;
    this.#differences = differences;
  }

  static async start(differences: Differences = {}): Promise<Drydock> {
    const drydock = new Drydock(await mkdtemp(join(tmpdir(), 'drydock-e2e-')), differences);
    await drydock.up(0);
    return drydock;
  }

  url(path: string): string {
    return new URL(path, this.link).href;
  }

  get port(): number {
    return Number(new URL(this.link).port);
  }

  /** Starts the server on a port (0: any) and waits for its link. */
  async up(port: number): Promise<void> {
    const { flags = [], path = process.env['PATH'] } = this.#differences;
    const args = ['src/cli/main.ts', 'start', '--port', String(port), '--data-dir', this.directory, ...flags];
    const env = { ...process.env, PATH: path };
    const server = spawn(process.execPath, args, { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#server = server;
    this.link = await new Promise<string>((resolve, reject) => {
      let text = '';
      const read = (chunk: Buffer): void => {
        text += chunk.toString();
        const found = /http:\/\/\S+token=\S+/.exec(text);
        if (found) resolve(found[0]);
      };
      server.stdout.on('data', read);
      server.stderr.on('data', read);
      server.on('exit', (code) => reject(new Error(`the server ended with ${code}: ${text}`)));
    });
  }

  /** Ends the server with a signal and waits until it is gone. */
  async down(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const gone = new Promise((resolve) => this.#server?.once('exit', resolve));
    this.#server?.kill(signal);
    await gone;
  }

  async end(): Promise<void> {
    await this.down('SIGTERM');
    await rm(this.directory, { recursive: true, force: true });
  }
}

/** The machine's chromium where there is one, otherwise playwright's own. */
export function launch(): Promise<Browser> {
  const path = findBrowser();
  return chromium.launch({ args: FLAGS, ...(path === undefined ? {} : { executablePath: path }) });
}

/** A page of its own, logged in with the link. Waits less than a test does, so that a failure names its place. */
export async function loggedIn(browser: Browser, drydock: Drydock, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1500, height: 1000 }, ...options });
  context.setDefaultTimeout(10_000);
  const page = await context.newPage();
  await page.goto(drydock.link);
  return page;
}
