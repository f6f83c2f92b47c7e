/**
 * What every driver must do, as one suite that runs on each. A driver's test file calls it with a fresh driver; a row is
 * skipped only for a reason that is given and printed.
 */
import { createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { request } from 'node:https';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import type { WatchEvent } from '../kernel/kube/object.ts';
import { isRecord } from '../kernel/kube/object.ts';
import type { CreateOptions, Progress, Sandbox, SandboxDriver } from './contract.ts';
import type { SandboxSpec } from './spec.ts';

export interface ConformanceOptions {
  /** A driver over the same place each time: what one made, the next one must find. */
  readonly makeDriver: () => SandboxDriver;
  /** Milliseconds that one sandbox may take. */
  readonly patience: number;
  /** Rows that this driver cannot pass yet, each with the reason. */
  readonly skip?: Readonly<Record<string, string>>;
}

const K1: SandboxSpec = { topology: 'K1', needs: [] };
const CONFIG_MAP = { apiVersion: 'v1', kind: 'ConfigMap' } as const;

function options(id: string, more: Partial<CreateOptions> = {}): CreateOptions {
  return { id, onProgress: () => undefined, signal: new AbortController().signal, ...more };
}

/** Registers the suite with vitest. */
export function driverConformance(name: string, { makeDriver, patience, skip = {} }: ConformanceOptions): void {
  const row = (title: string, body: () => Promise<void>): void => {
    const reason = skip[title];
    if (reason === undefined) test(title, body, patience);
    else test.skip(`${title} (${reason})`);
  };

  describe(`driver ${name}`, () => {
    let driver: SandboxDriver;
    let sandbox: Sandbox;

    beforeAll(async () => {
      driver = makeDriver();
      sandbox = await driver.create(K1, options('shared'));
    }, patience);
    afterAll(async () => {
      await sandbox.close();
      await driver.destroy('shared');
    }, patience);

    row('R-DRIVER-1 says whether this machine can make sandboxes', async () => {
      const probe = await driver.probe();
      expect(probe.ok ? probe.detail : probe.remedy).not.toBe('');
      expect(probe.ok).toBe(true);
    });

    row('R-DRIVER-2 a sandbox has its id, its driver, its spec and a Kubernetes version', async () => {
      expect(sandbox).toMatchObject({ id: 'shared', driver: driver.name, spec: K1 });
      expect(sandbox.version).toMatch(/^v1\.\d+\.\d+/);
    });

    row('R-DRIVER-3 nodes are Ready and the default service account exists when create resolves', async () => {
      const { items } = await sandbox.cluster.list({ apiVersion: 'v1', kind: 'Node' });
      expect(items).toHaveLength(1);
      for (const { status } of items)
        expect(conditionsOf(status)).toContainEqual(expect.objectContaining({ type: 'Ready', status: 'True' }));
      expect(
        await sandbox.cluster.get({ apiVersion: 'v1', kind: 'ServiceAccount', namespace: 'default', name: 'default' }),
      ).toBeDefined();
    });

    row('R-DRIVER-4 progress is told in named steps, each started and then done', async () => {
      const steps: Progress[] = [];
      const other = await driver.create(K1, options('steps', { onProgress: (progress) => void steps.push(progress) }));
      await other.close();
      await driver.destroy('steps');
      expect(steps.length).toBeGreaterThan(0);
      for (const { step } of steps) {
        expect(step).not.toBe('');
        expect(steps.filter((progress) => progress.step === step).map(({ state }) => state)).toEqual([
          'started',
          'done',
        ]);
      }
    });

    row('R-DRIVER-5 K3 has a tainted control plane and two workers', async () => {
      const other = await driver.create({ topology: 'K3', needs: [] }, options('three'));
      const { items } = await other.cluster.list({ apiVersion: 'v1', kind: 'Node' });
      await other.close();
      await driver.destroy('three');
      expect(items).toHaveLength(3);
      expect(items.filter(({ spec }) => isRecord(spec) && Array.isArray(spec['taints']))).toHaveLength(1);
    });

    row('R-DRIVER-6 an aborted create leaves nothing behind and rejects with the reason', async () => {
      for (const at of ['before', 'first step', 'last step']) {
        const abort = new AbortController();
        const reason = new Error(at);
        if (at === 'before') abort.abort(reason);
        let seen = 0;
        const onProgress = ({ state }: Progress): void => {
          if (state === 'started' && ++seen >= (at === 'first step' ? 1 : 3)) abort.abort(reason);
        };
        await expect(driver.create(K1, options('aborted', { onProgress, signal: abort.signal }))).rejects.toBe(reason);
        expect(await driver.list()).not.toContain('aborted');
        expect(await driver.open('aborted')).toBeUndefined();
      }
    });

    row('R-DRIVER-7 an id is used once, and a bad one is refused', async () => {
      await expect(driver.create(K1, options('shared'))).rejects.toMatchObject({ code: 'sandbox-exists' });
      await expect(driver.create(K1, options('../x'))).rejects.toMatchObject({ code: 'bad-sandbox-id' });
      expect(await driver.open('../x')).toBeUndefined();
      expect((await driver.list()).filter((id) => id === 'shared')).toHaveLength(1);
    });

    row(
      'R-DRIVER-8 a closed sandbox lives on: a new driver lists and opens it with its objects and the same kubeconfig',
      async () => {
        const made = await driver.create(K1, options('reopened'));
        await made.cluster.apply([
          { ...CONFIG_MAP, metadata: { name: 'kept', namespace: 'default' }, data: { a: '1' } },
        ]);
        const before = made.cluster.kubeconfig('https://127.0.0.1:1');
        await made.close();
        await made.close();
        const later = makeDriver();
        expect(await later.list()).toContain('reopened');
        const opened = await later.open('reopened');
        const kept = await opened?.cluster.get({ ...CONFIG_MAP, namespace: 'default', name: 'kept' });
        const after = opened?.cluster.kubeconfig('https://127.0.0.1:1');
        await opened?.close();
        await later.destroy('reopened');
        expect(kept?.['data']).toEqual({ a: '1' });
        expect(after).toBe(before);
        expect(opened?.spec).toEqual(K1);
      },
    );

    row('R-DRIVER-9 destroy removes a running sandbox, and one that is not there is no error', async () => {
      await driver.create(K1, options('gone'));
      await driver.destroy('gone');
      expect(await driver.list()).not.toContain('gone');
      expect(await driver.open('gone')).toBeUndefined();
      await driver.destroy('gone');
    });

    row(
      'R-DRIVER-10 the cluster handle applies, patches, reads and deletes; what is not there is an answer',
      async () => {
        const { cluster } = sandbox;
        const ref = { ...CONFIG_MAP, namespace: 'default', name: 'handled' };
        expect(await cluster.get(ref)).toBeUndefined();
        expect(await cluster.delete(ref)).toBe(false);
        await cluster.apply([{ ...CONFIG_MAP, metadata: { name: 'handled', namespace: 'default' }, data: { a: '1' } }]);
        await cluster.apply([{ ...CONFIG_MAP, metadata: { name: 'handled', namespace: 'default' }, data: { b: '2' } }]);
        expect((await cluster.get(ref))?.['data']).toEqual({ a: '1', b: '2' });
        expect((await cluster.patch(ref, { data: { a: null } }))['data']).toEqual({ b: '2' });
        expect(await cluster.delete(ref)).toBe(true);
      },
    );

    row('R-DRIVER-11 a watch tells what is there and then each change, until it is disposed', async () => {
      const { cluster } = sandbox;
      const seen: string[] = [];
      const waiting: (() => void)[] = [];
      const onEvent = ({ type, object }: WatchEvent): void => {
        if (object.metadata.name === 'watched') seen.push(type);
        for (const wake of waiting.splice(0)) wake();
      };
      const until = async (count: number): Promise<void> => {
        while (seen.length < count) await new Promise<void>((resolve) => waiting.push(resolve));
      };
      const ref = { ...CONFIG_MAP, namespace: 'default', name: 'watched' };
      await cluster.apply([{ ...CONFIG_MAP, metadata: { name: 'watched', namespace: 'default' } }]);
      const watch = cluster.watch({ ...CONFIG_MAP, namespace: 'default' }, onEvent, () => undefined);
      await until(1);
      await cluster.patch(ref, { data: { a: '1' } });
      await until(2);
      await cluster.delete(ref);
      await until(3);
      watch.dispose();
      expect(seen).toEqual(['ADDED', 'MODIFIED', 'DELETED']);
    });

    describe('over TLS', () => {
      let listener: Server;
      beforeAll(async () => {
        listener = createServer((socket) => sandbox.connect(socket));
        await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
      });
      afterAll(() => void listener.close());
      afterEach(() => expect(listener.listening).toBe(true));

      row('R-DRIVER-12 the kubeconfig opens the API, and nobody gets in without credentials', async () => {
        const port = portOf(listener);
        const login = readKubeconfig(sandbox.cluster.kubeconfig(`https://127.0.0.1:${port}`));
        expect(await get(port, { ...login, path: '/api/v1/namespaces/default' })).toMatchObject({ status: 200 });
        expect(await get(port, { ca: login.ca, path: '/api/v1/namespaces/default' })).toMatchObject({ status: 403 });
        expect(await get(port, { ca: login.ca, path: '/api/v1/namespaces/default', token: 'nonsense' })).toMatchObject({
          status: 401,
        });
        expect(await get(port, { ca: login.ca, path: '/version' })).toMatchObject({ status: 200 });
      });

      row("R-DRIVER-13 another sandbox's credentials do not open this one", async () => {
        const other = await driver.create(K1, options('stranger'));
        const stranger = readKubeconfig(other.cluster.kubeconfig('https://127.0.0.1:1'));
        await other.close();
        await driver.destroy('stranger');
        const port = portOf(listener);
        const { ca } = readKubeconfig(sandbox.cluster.kubeconfig('https://127.0.0.1:1'));
        expect(await get(port, { ...stranger, ca, path: '/api/v1/namespaces' })).toMatchObject({ status: 401 });
      });
    });
  });
}

function conditionsOf(status: unknown): unknown[] {
  return isRecord(status) && Array.isArray(status['conditions']) ? status['conditions'] : [];
}

function portOf(server: Server): number {
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === 'string') throw new Error('the listener has no port');
  return address.port;
}

const kubeconfigSchema = z.looseObject({
  clusters: z.array(z.looseObject({ cluster: z.looseObject({ 'certificate-authority-data': z.string() }) })).min(1),
  users: z
    .array(
      z.looseObject({ user: z.looseObject({ 'client-certificate-data': z.string(), 'client-key-data': z.string() }) }),
    )
    .min(1),
});

interface Login {
  readonly ca: string;
  readonly cert?: string;
  readonly key?: string;
}

function readKubeconfig(text: string): Login {
  const { clusters, users } = kubeconfigSchema.parse(parse(text));
  const plain = (base64: string | undefined): string => Buffer.from(base64 ?? '', 'base64').toString('utf8');
  const user = users[0]?.user;
  return {
    ca: plain(clusters[0]?.cluster['certificate-authority-data']),
    cert: plain(user?.['client-certificate-data']),
    key: plain(user?.['client-key-data']),
  };
}

function get(
  port: number,
  { path, token, ...tls }: Login & { path: string; token?: string },
): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const asked = request({ host: '127.0.0.1', port, path, headers, agent: false, ...tls }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (body += chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
    });
    asked.on('error', reject);
    asked.end();
  });
}
