/** The documents by themselves, and what the real kubectl makes of them where it is on PATH. */
import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { kinds } from '../kinds/index.ts';
import { parseDeclarations } from './descriptions.ts';
import { openApiDocument, openApiIndex } from './index.ts';

const indexShape = z.object({ paths: z.record(z.string(), z.object({ serverRelativeURL: z.string() })) });
const operationShape = z.object({
  'x-kubernetes-group-version-kind': z.object({ group: z.string(), version: z.string(), kind: z.string() }),
  parameters: z.array(z.object({ name: z.string(), in: z.string() })),
});
const documentShape = z.object({
  paths: z.record(z.string(), z.object({ patch: operationShape.optional() })),
  components: z.object({ schemas: z.record(z.string(), z.record(z.string(), z.json())) }),
});

const read = (groupVersion: string): z.infer<typeof documentShape> =>
  documentShape.parse(JSON.parse(openApiDocument(groupVersion, kinds)?.body ?? ''));

describe('index and documents', () => {
  it('names every group version with the hash of its document', () => {
    const { paths } = indexShape.parse(JSON.parse(openApiIndex(kinds).body));
    expect(Object.keys(paths)).toContain('apis/apps/v1');
    for (const [groupVersion, { serverRelativeURL }] of Object.entries(paths)) {
      expect(serverRelativeURL).toBe(`/openapi/v3/${groupVersion}?hash=${openApiDocument(groupVersion, kinds)?.etag}`);
    }
  });

  it('knows no document of a group that is not served', () => {
    expect(openApiDocument('apis/nope/v1', kinds)).toBeUndefined();
  });

  it('gives every kind a patch operation with fieldValidation, which apply needs', () => {
    const groupVersions = new Set(
      kinds.map((kind) => (kind.group === '' ? `api/${kind.version}` : `apis/${kind.group}/${kind.version}`)),
    );
    const patched = [...groupVersions].flatMap((groupVersion) =>
      Object.values(read(groupVersion).paths).flatMap(({ patch }) => (patch ? [patch] : [])),
    );
    for (const { group, version, kind } of kinds) {
      const own = patched.filter(
        ({ 'x-kubernetes-group-version-kind': gvk }) =>
          gvk.group === group && gvk.version === version && gvk.kind === kind,
      );
      expect(own.length, kind).toBeGreaterThan(0);
      expect(own.every(({ parameters }) => parameters.some(({ name }) => name === 'fieldValidation'))).toBe(true);
    }
  });

  it('refers only to schemas that it holds', () => {
    for (const groupVersion of ['api/v1', 'apis/apps/v1']) {
      const { schemas } = read(groupVersion).components;
      const named = JSON.stringify(schemas).matchAll(/#\/components\/schemas\/([^"]+)/g);
      expect([...named].map((match) => match[1] ?? '').filter((name) => !schemas[name])).toEqual([]);
    }
  });

  it('makes a document once for all clusters', () => {
    expect(openApiDocument('api/v1', [...kinds])).toBe(openApiDocument('api/v1', kinds));
    expect(openApiDocument('api/v1', kinds.slice(0, 2))).not.toBe(openApiDocument('api/v1', kinds));
  });
});

it('reads comments of classes and fields', () => {
  const { type, fields } = parseDeclarations(
    "/**\n* A thing.\n*/\nexport declare class V1Thing {\n    /**\n    * Its \\'name\\'.\n    */\n    'name'?: string;\n    'other': V1Other;\n}\n",
  );
  expect(type).toBe('A thing.');
  expect([...fields]).toEqual([['name', "Its 'name'."]]);
});

describe.runIf(spawnSync('kubectl', ['version', '--client']).status === 0)('kubectl explain', () => {
  let server: Server;
  let flags: string[];

  beforeAll(async () => {
    server = createServer((request, response) => {
      const path = (request.url ?? '').split('?')[0] ?? '';
      const resources = (group: string): object[] =>
        kinds
          .filter((kind) => kind.group === group)
          .map((kind) => ({
            name: kind.resource,
            singularName: kind.singular,
            namespaced: kind.namespaced,
            kind: kind.kind,
            verbs: kind.verbs,
            shortNames: kind.shortNames,
          }));
      const apps = { groupVersion: 'apps/v1', version: 'v1' };
      const answers: Record<string, unknown> = {
        '/api': { kind: 'APIVersions', versions: ['v1'] },
        '/apis': {
          kind: 'APIGroupList',
          apiVersion: 'v1',
          groups: [{ name: 'apps', versions: [apps], preferredVersion: apps }],
        },
        '/api/v1': { kind: 'APIResourceList', groupVersion: 'v1', resources: resources('') },
        '/apis/apps/v1': {
          kind: 'APIResourceList',
          apiVersion: 'v1',
          groupVersion: 'apps/v1',
          resources: resources('apps'),
        },
      };
      const body =
        path === '/openapi/v3'
          ? openApiIndex(kinds).body
          : path.startsWith('/openapi/v3/')
            ? openApiDocument(path.slice('/openapi/v3/'.length), kinds)?.body
            : JSON.stringify(answers[path]);
      response.writeHead(body === undefined ? 404 : 200, { 'content-type': 'application/json' });
      response.end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const directory = mkdtempSync(join(tmpdir(), 'drydock-openapi-'));
    const { port } = server.address() as AddressInfo;
    const kubeconfig = join(directory, 'config');
    const config = {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'c', cluster: { server: `http://127.0.0.1:${port}` } }],
      contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
      users: [{ name: 'u', user: {} }],
      'current-context': 'x',
    };
    writeFileSync(kubeconfig, JSON.stringify(config));
    flags = ['--kubeconfig', kubeconfig, '--cache-dir', join(directory, 'cache')];
  });

  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  const explain = async (...args: string[]): Promise<string> =>
    (await promisify(execFile)('kubectl', ['explain', ...args, ...flags])).stdout;

  it('prints a list of structs with its fields', async () => {
    const text = await explain('pod.spec.containers');
    expect(text).toMatch(
      /^KIND: {7}Pod\nVERSION: {4}v1\n\nFIELD: containers <\[\]Container>\n\n\nDESCRIPTION:\n {4}List of containers/,
    );
    expect(text).toMatch(/\n {2}imagePullPolicy\t<string>\n {2}enum: Always, IfNotPresent, Never\n/);
    expect(text).toMatch(/\n {2}name\t<string> -required-\n/);
    expect(text).toMatch(/\n {2}resources\t<ResourceRequirements>\n/);
  });

  it('prints everything below a kind', async () => {
    const text = await explain('deployment', '--recursive');
    expect(text).toContain('GROUP:      apps\nKIND:       Deployment\n');
    expect(text).toMatch(
      /\n {4}strategy\t<DeploymentStrategy>\n {6}rollingUpdate\t<RollingUpdateDeployment>\n {8}maxSurge\t<IntOrString>\n/,
    );
    expect(text).toMatch(/nodeSelector\t<map\[string\]string>/);
  });
});
