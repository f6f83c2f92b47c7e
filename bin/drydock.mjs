#!/usr/bin/env node
/**
 * The first thing that runs, on whatever Node (20 or newer) the machine has and before anything is installed: plain
 * JavaScript without a dependency. Installs the packages of package-lock.json when they are missing or old, then hands
 * over to `src/cli/main.ts` on Node 24 and passes signals and the exit code through.
 */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const EXIT_ENVIRONMENT = 3;

main().catch((error) => fail(`could not start: ${error?.message ?? error}`, 'Report this with the text above.'));

async function main() {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < 20) fail(`Node ${process.versions.node} is too old`, 'Install Node 20 or newer from https://nodejs.org.');
  const lock = readJson(join(ROOT, 'package-lock.json'));
  if (!lock) fail('package-lock.json is missing or broken', 'Clone the repository again.');
  if (!isInstalled(lock)) await install(lock);
  run(findNode(major));
}

/** Whether node_modules holds what the lock file asks for, by npm's own record of what it installed. */
function isInstalled(lock) {
  const installed = readJson(join(ROOT, 'node_modules', '.package-lock.json'))?.packages;
  if (!installed) return false;
  return Object.entries(lock.packages ?? {}).every(([path, wanted]) => {
    if (path === '' || wanted.link) return true;
    const found = installed[path];
    return found ? found.version === wanted.version : wanted.optional === true || wanted.devOptional === true;
  });
}

/**
 * Installs by the lock file and counts what it fetches. Returns when it is done; ends the process with a clear message when
 * it fails. Not `npm ci`: that refuses a lock file without the optional packages of every other platform, and a registry
 * mirror does not have them all.
 */
function install(lock) {
  const total = Object.values(lock.packages ?? {}).filter((entry) => !entry.optional).length - 1;
  say(`Installing what Drydock needs (about ${total} packages, only on the first start or after an update) …`);
  const args = ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=http'];
  const npm = process.env.npm_execpath?.endsWith('.js')
    ? spawn(process.execPath, [process.env.npm_execpath, ...args], { cwd: ROOT, stdio: ['ignore', 'ignore', 'pipe'] })
    : spawn('npm', args, { cwd: ROOT, stdio: ['ignore', 'ignore', 'pipe'] });
  const began = Date.now();
  let log = '';
  let fetched = 0;
  const ticker = setInterval(() => {
    const count = fetched === 0 ? 'reading the list of packages' : `${fetched} packages fetched`;
    say(`  ${count}, ${seconds(began)}`);
  }, 3000);
  npm.stderr.setEncoding('utf8').on('data', (chunk) => {
    fetched += chunk.match(/http (fetch|cache) /g)?.length ?? 0;
    log = (log + chunk.replace(/^.*http (fetch|cache) .*\n?/gm, '')).slice(-8000);
  });
  passSignals(npm);
  return new Promise((resolve) => {
    npm.once('error', () => {
      clearInterval(ticker);
      fail('npm was not found', 'Install npm (it comes with Node from https://nodejs.org) and try again.');
    });
    npm.once('close', (code) => {
      clearInterval(ticker);
      if (code !== 0) installFailed(log);
      say(`Installed in ${seconds(began)}.`);
      resolve();
    });
  });
}

function installFailed(log) {
  process.stderr.write(log.split('\n').slice(-20).join('\n'));
  if (/ENOSPC/.test(log)) fail('the disk is full', 'Free about 1 GB and run the same command again.');
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH/.test(log)) {
    fail(
      'the package registry cannot be reached',
      'Check the network or npm proxy settings, then run the same command again.',
    );
  }
  if (/EACCES|EPERM/.test(log))
    fail('npm may not write here', `Make ${ROOT} writable for you, then run the same command again.`);
  fail('npm install failed (see above)', 'Mend what npm names, then run the same command again.');
}

/** Node 24 of the `node` package, or the one that runs us when it is new enough. */
function findNode(major) {
  const packaged = join(ROOT, 'node_modules', '.bin', 'node');
  if (existsSync(packaged)) return packaged;
  if (major >= 24) return process.execPath;
  return fail(
    'Node 24 was not installed by npm',
    'Run `npm rebuild node` (or install Node 24 or newer) and try again.',
  );
}

function run(node) {
  // The channel tells the program when this process is gone, even by kill -9, so that nothing is left behind.
  const child = spawn(
    node,
    ['--disable-warning=ExperimentalWarning', join(ROOT, 'src/cli/main.ts'), ...process.argv.slice(2)],
    {
      stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    },
  );
  passSignals(child);
  child.once('error', (error) => fail(`${node} cannot run: ${error.message}`, 'Run `npm rebuild node` and try again.'));
  child.once('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 4);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

function passSignals(child) {
  // A terminal gives Ctrl-C to every process of the group: passing it on would deliver it twice.
  process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'));
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
}

function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

function seconds(began) {
  return `${Math.round((Date.now() - began) / 1000)} s`;
}

function say(line) {
  process.stderr.write(`${line}\n`);
}

function fail(message, remedy) {
  say(`drydock: ${message}`);
  say(remedy);
  process.exit(EXIT_ENVIRONMENT);
}
