/** `drydock doctor`: what this machine has, what it lacks, and what to do about it. */
import { accessSync, constants, existsSync, statfsSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { EnvironmentError } from '../../kernel/errors.ts';
import { modelDriver } from '../../sandbox/model/driver.ts';
import { probeIsolation } from '../../sandbox/workstation/isolation.ts';
import { findKubectl } from '../../sandbox/workstation/kubectl.ts';
import { missingPrograms } from '../../sandbox/workstation/requirements.ts';
import type { ExitCode } from './output.ts';
import { EXIT, paint, print, printJson } from './output.ts';

interface Finding {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
  /** What to do; only when not ok. */
  readonly remedy?: string;
  /** Without it the course does not run at all; without the others some of it does not. */
  readonly essential: boolean;
}

const ROOM_MB = 100;

export async function doctor(options: { json: boolean; dataDirectory: string }): Promise<ExitCode> {
  const data = resolve(options.dataDirectory);
  const findings = [node(), room(data), await sandboxes(data), await kubectl(), await isolation(), comfort()];
  const ok = findings.every((finding) => finding.ok || !finding.essential);
  if (options.json) printJson({ version: 1, ok, machine: machine(), findings });
  else {
    for (const { ok: good, name, detail, remedy } of findings) {
      print(`${good ? paint('green', 'ok     ') : paint('red', 'missing')}  ${name.padEnd(20)} ${detail}`);
      if (remedy) print(`${' '.repeat(30)}${remedy}`);
    }
  }
  return ok ? EXIT.ok : EXIT.environment;
}

function machine(): Record<string, string | number> {
  return {
    platform: process.platform,
    arch: process.arch,
    cpus: cpus().length,
    memoryMb: Math.round(totalmem() / 2 ** 20),
  };
}

function node(): Finding {
  return { name: 'node', ok: true, detail: `v${process.versions.node}`, essential: true };
}

function room(data: string): Finding {
  const existing = nearestExisting(data);
  const { bavail, bsize } = statfsSync(existing);
  const free = Math.floor((bavail * bsize) / 2 ** 20);
  const name = 'data folder';
  try {
    accessSync(existing, constants.W_OK);
  } catch {
    return {
      name,
      ok: false,
      detail: `${data} cannot be written`,
      remedy: 'Choose another folder with --data-dir.',
      essential: true,
    };
  }
  if (free >= ROOM_MB) return { name, ok: true, detail: `${data} (${free} MB free)`, essential: true };
  return {
    name,
    ok: false,
    detail: `${data}: only ${free} MB free`,
    remedy: `Free at least ${ROOM_MB} MB.`,
    essential: true,
  };
}

function nearestExisting(path: string): string {
  return existsSync(path) ? path : nearestExisting(dirname(path));
}

async function sandboxes(data: string): Promise<Finding> {
  const probe = await modelDriver({ directory: join(data, 'sandboxes') }).probe();
  const name = 'model sandboxes';
  if (probe.ok) return { name, ok: true, detail: probe.detail, essential: true };
  return { name, ok: false, detail: probe.reason, remedy: probe.remedy, essential: true };
}

async function kubectl(): Promise<Finding> {
  const cacheDirectory = join(import.meta.dirname, '../../.cache/kubectl');
  try {
    const { path, version, source } = await findKubectl({ cacheDirectory, fetch: false });
    return { name: 'kubectl', ok: true, detail: `${version} from the ${source} (${path})`, essential: false };
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
    const remedy = `${error.remedy ?? ''} On linux/amd64, \`npm start\` fetches one by itself.`;
    return { name: 'kubectl', ok: false, detail: error.message, remedy, essential: false };
  }
}

async function isolation(): Promise<Finding> {
  const probe = await probeIsolation();
  const name = 'isolated terminals';
  if (probe.ok) return { name, ok: true, detail: 'bubblewrap works', essential: false };
  return { name, ok: false, detail: probe.reason, remedy: probe.remedy, essential: false };
}

function comfort(): Finding {
  const missing = missingPrograms();
  const name = 'in the terminals';
  if (missing.length === 0) return { name, ok: true, detail: 'completion, jq, vi, nano', essential: false };
  const packages = missing.map(({ debianPackage }) => debianPackage).join(' ');
  const detail = `${missing.map(({ program }) => program).join(', ')} not found`;
  return {
    name,
    ok: false,
    detail,
    remedy: `Debian and Ubuntu: apt-get install ${packages} (as root, \`npm start\` does it)`,
    essential: false,
  };
}
