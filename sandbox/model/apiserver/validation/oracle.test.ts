/**
 * The causes a real 1.36.3 API server gave (dry-run requests, recorded into fixtures/), against ours. A fixture's cause reads
 * `<reason> <field>: <message>`. Of the dump of Go structs that follows some messages only the first line was kept.
 */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { ManualClock } from '../../../../kernel/clock.manual.ts';
import type { KubeObject } from '../../../../kernel/kube/object.ts';
import { isRecord } from '../../../../kernel/kube/object.ts';
import { seededRandom } from '../../../../kernel/random.ts';
import { StatusError } from '../../../client/status.ts';
import { defaultTolerationSeconds } from '../admission/default-toleration-seconds.ts';
import type { Invalid, Kind, WriteContext } from '../kind.ts';
import { kinds } from '../kinds/index.ts';
import { objectMetaCauses } from './object-meta.ts';

const object = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string() }),
});
const causes = z.array(z.string());
/** `anyOrder`: upstream walks a Go map there, whose order is random. */
const creates = z.array(z.object({ name: z.string(), object, causes, anyOrder: z.boolean().optional() }));
const updates = z.array(
  z.object({ name: z.string(), before: object, patch: z.record(z.string(), z.unknown()), causes }),
);

function fixture(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`fixtures/${name}.gen.json`, import.meta.url), 'utf8'));
}

function kindOf({ apiVersion, kind }: KubeObject): Kind {
  const found = kinds.find(
    (row) => row.kind === kind && (row.group === '' ? row.version : `${row.group}/${row.version}`) === apiVersion,
  );
  if (!found) throw new Error(`no row for ${apiVersion} ${kind}`);
  return found;
}

const user = { username: 'kubernetes-admin', groups: [] };

const context: WriteContext = {
  clock: new ManualClock(),
  random: seededRandom('oracle'),
  lookup: { get: () => undefined, list: () => [] },
  warn: () => undefined,
};

function words(list: readonly Invalid[]): readonly string[] {
  return list.map(
    ({ reason = '', field = '', message = '' }) => `${reason.replace('FieldValue', '')} ${field}: ${message}`,
  );
}

/** Runs the steps as the server does; allocation and strategies may refuse by themselves. */
function judge(steps: () => readonly Invalid[]): readonly string[] {
  try {
    return words(steps());
  } catch (error) {
    if (error instanceof StatusError) return words(error.details.causes ?? []);
    throw error;
  }
}

test.each(creates.parse(fixture('create')))('create: $name', ({ object: given, causes: wanted, anyOrder }) => {
  const kind = kindOf(given);
  const found = judge(() => {
    const filled = kind.defaults?.(given) ?? given;
    const made = kind.onCreate?.(filled, context) ?? filled;
    return [...objectMetaCauses(kind, made), ...(kind.validate?.(made) ?? [])];
  });
  expect(anyOrder ? found.toSorted() : found).toEqual(anyOrder ? wanted.toSorted() : wanted);
});

function merge(target: unknown, patch: unknown): unknown {
  if (!isRecord(patch)) return patch;
  const result: Record<string, unknown> = isRecord(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = merge(result[key], value);
  }
  return result;
}

test.each(updates.parse(fixture('update')))('update: $name', ({ before, patch, causes: wanted }) => {
  const kind = kindOf(before);
  const found = judge(() => {
    const given = object.parse(merge(before, patch));
    const filled = kind.defaults?.(given) ?? given;
    const admitted = defaultTolerationSeconds.admit(
      { kind, operation: 'update', object: filled, previous: before, user, dryRun: false },
      context,
    );
    const made = kind.onUpdate?.(admitted, before, context) ?? admitted;
    return [...(kind.validate?.(made) ?? []), ...(kind.validateUpdate?.(made, before) ?? [])];
  });
  expect(found).toEqual(wanted);
});
