/** What a real 1.36.3 API server stores of an object (dry-run requests, recorded into fixtures/stored.gen.json), against ours. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { ManualClock } from '../../../../kernel/clock.manual.ts';
import type { KubeObject } from '../../../../kernel/kube/object.ts';
import { seededRandom } from '../../../../kernel/random.ts';
import { admissionChain } from '../admission/index.ts';
import type { WriteContext } from '../kind.ts';
import { schema } from '../schema/index.ts';
import { kinds } from './index.ts';

const object = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string() }),
});
const cases = z
  .array(z.object({ name: z.string(), sent: object, stored: object }))
  .parse(JSON.parse(readFileSync(new URL('fixtures/stored.gen.json', import.meta.url), 'utf8')));

const named = (name: string, rest: object = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'X',
  metadata: { name, ...rest },
});
const standard = named('standard', { annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } });
const context: WriteContext = {
  clock: new ManualClock(),
  random: seededRandom('stored'),
  lookup: {
    get: (resource, name) => (['namespaces', 'serviceaccounts'].includes(resource) ? named(name) : undefined),
    list: (resource) => (resource === 'storageclasses.storage.k8s.io' ? [standard] : []),
  },
  warn: () => undefined,
};

/** Names, times and numbers that are drawn anew each time. */
function masked(given: KubeObject): unknown {
  const text = JSON.stringify(given)
    .replaceAll(/kube-api-access-[a-z0-9]{5}/g, 'kube-api-access-*')
    .replaceAll(/"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"/g, '"*"')
    .replaceAll(/"10\.96\.\d+\.\d+"/g, '"10.96.*"')
    .replaceAll(/"(nodePort|healthCheckNodePort)":3\d{4}/g, '"$1":"*"');
  return JSON.parse(text);
}

test.each(cases)('$name', ({ sent, stored }) => {
  const kind = kinds.find(
    (row) =>
      row.kind === sent.kind && (row.group === '' ? row.version : `${row.group}/${row.version}`) === sent.apiVersion,
  );
  if (!kind) throw new Error(`no row for ${sent.apiVersion} ${sent.kind}`);
  const typed = object.parse(schema.applyDefaults(kind.schema, sent));
  const filled = kind.defaults?.(typed) ?? typed;
  const user = { username: 'kubernetes-admin', groups: [] };
  const admitted = admissionChain.reduce(
    (given, plugin) => plugin.admit({ kind, operation: 'create', object: given, user, dryRun: false }, context),
    filled,
  );
  const made = kind.onCreate?.(admitted, context) ?? admitted;
  expect(masked(made)).toEqual(masked(stored));
  expect(kind.defaults?.(made) ?? made, 'defaulting twice').toEqual(made);
});
