/** The client against a scripted transport: what goes over the wire, and how a watch outlives its connections. */
import { describe, expect, test } from 'vitest';
import { ManualClock } from '../../kernel/clock.manual.ts';
import type { KubeObject, WatchEvent } from '../../kernel/kube/object.ts';
import { ApiClient } from './client.ts';
import { Informer } from './informer.ts';
import { StatusError } from './status.ts';
import type { ApiRequest, Transport } from './transport.ts';

const RESOURCES = {
  resources: [
    { name: 'configmaps', kind: 'ConfigMap', namespaced: true, verbs: [] },
    { name: 'nodes', kind: 'Node', namespaced: false, verbs: [] },
  ],
};

function configMap(name: string, version: number, labels: Record<string, string> = {}): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: 'n', uid: name, resourceVersion: String(version), labels },
  };
}

/** A server whose lists and watch streams the test writes. */
class Script implements Transport {
  readonly seen: ApiRequest[] = [];
  discoveries = 0;
  items: readonly KubeObject[] = [];
  version = 1;
  readonly streams: Stream[] = [];
  answer: (request: ApiRequest) => unknown = () => ({});

  async request(request: ApiRequest): Promise<unknown> {
    if (request.path === '/api/v1') {
      this.discoveries += 1;
      return RESOURCES;
    }
    this.seen.push(request);
    if (request.method === 'GET' && request.path.endsWith('configmaps')) {
      return { kind: 'ConfigMapList', metadata: { resourceVersion: String(this.version) }, items: this.items };
    }
    return this.answer(request);
  }

  async watch(request: ApiRequest): Promise<AsyncIterable<WatchEvent>> {
    const stream = new Stream(request);
    this.streams.push(stream);
    return stream;
  }

  async text(): Promise<string> {
    return '';
  }

  async exec(request: ApiRequest, io: Parameters<Transport['exec']>[1]): Promise<number> {
    this.seen.push(request);
    io.stdout(new TextEncoder().encode('out'));
    return 3;
  }
}

class Stream implements AsyncIterable<WatchEvent> {
  readonly request: ApiRequest;
  readonly #queue: (WatchEvent | undefined)[] = [];
  #wake: () => void = () => undefined;

  constructor(request: ApiRequest) {
    this.request = request;
  }

  /** Undefined ends the stream. */
  send(event: WatchEvent | undefined): void {
    this.#queue.push(event);
    this.#wake();
  }

  async *[Symbol.asyncIterator](): AsyncIterator<WatchEvent> {
    for (;;) {
      while (this.#queue.length === 0) await new Promise<void>((resolve) => (this.#wake = resolve));
      const event = this.#queue.shift();
      if (!event) return;
      yield event;
    }
  }
}

function setUp(): { script: Script; clock: ManualClock; client: ApiClient } {
  const script = new Script();
  const clock = new ManualClock();
  return { script, clock, client: new ApiClient({ transport: script, clock }) };
}

const ref = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'n', name: 'a' };

describe('requests', () => {
  test('find their path by discovery, once', async () => {
    const { script, client } = setUp();
    await client.get(ref);
    await client.get({ ...ref, kind: 'Node', name: 'w' });
    await client.patch(ref, { data: { a: 'b' } });
    expect(script.discoveries).toBe(1);
    expect(script.seen.map(({ method, path, contentType }) => [method, path, contentType])).toEqual([
      ['GET', '/api/v1/namespaces/n/configmaps/a', undefined],
      ['GET', '/api/v1/nodes/w', undefined],
      ['PATCH', '/api/v1/namespaces/n/configmaps/a', 'application/merge-patch+json'],
    ]);
  });

  test('for an unknown kind ask discovery again, then say so', async () => {
    const { script, client } = setUp();
    await client.get(ref);
    await expect(client.get({ ...ref, kind: 'Widget' })).rejects.toThrow('does not serve the kind Widget');
    expect(script.discoveries).toBe(2);
  });

  test('what is not there is undefined or false; any other refusal is an error', async () => {
    const { script, client } = setUp();
    script.answer = () => {
      throw new StatusError(404, 'NotFound', 'configmaps "a" not found');
    };
    expect(await client.get(ref)).toBeUndefined();
    expect(await client.delete(ref)).toBe(false);
    script.answer = () => {
      throw new StatusError(403, 'Forbidden', 'no');
    };
    await expect(client.get(ref)).rejects.toThrow('no');
  });

  test('exec sends the command word by word and gives output and exit code', async () => {
    const { script, client } = setUp();
    const result = await client.exec(
      { namespace: 'n', pod: 'p' },
      ['sh', '-c', 'exit 3'],
      new AbortController().signal,
    );
    expect(result).toEqual({ exitCode: 3, stdout: 'out', stderr: '' });
    expect(script.seen[0]).toMatchObject({ path: '/api/v1/namespaces/n/pods/p/exec', command: ['sh', '-c', 'exit 3'] });
  });
});

describe('a watch', () => {
  async function watching(): Promise<
    ReturnType<typeof setUp> & { told: string[]; errors: unknown[]; end: () => void }
  > {
    const parts = setUp();
    parts.script.items = [configMap('a', 1), configMap('b', 1)];
    const told: string[] = [];
    const errors: unknown[] = [];
    const { dispose } = parts.client.watch(
      { apiVersion: 'v1', kind: 'ConfigMap' },
      ({ type, object }) => told.push(`${type} ${object.metadata.name}`),
      (error) => errors.push(error),
    );
    await parts.clock.advance(0);
    return { ...parts, told, errors, end: dispose };
  }

  test('tells what is there, then what changes', async () => {
    const { script, clock, told, end } = await watching();
    script.streams[0]?.send({ type: 'MODIFIED', object: configMap('a', 5) });
    await clock.advance(0);
    expect(told).toEqual(['ADDED a', 'ADDED b', 'MODIFIED a']);
    end();
  });

  test('goes on from the last version when the server ends the stream', async () => {
    const { script, clock, errors, end } = await watching();
    script.streams[0]?.send({ type: 'MODIFIED', object: configMap('a', 5) });
    script.streams[0]?.send(undefined);
    await clock.advance(0);
    expect(script.streams[1]?.request.query).toMatchObject({ resourceVersion: '5' });
    expect(errors).toEqual([]);
    end();
  });

  test('lists anew after 410 and tells what went missing', async () => {
    const { script, clock, told, errors, end } = await watching();
    script.items = [configMap('b', 1), configMap('c', 9)];
    const gone = {
      apiVersion: 'v1',
      kind: 'Status',
      metadata: {},
      code: 410,
      reason: 'Expired',
      message: 'too old resource version: 1 (9)',
    };
    script.streams[0]?.send({ type: 'ERROR', object: gone });
    await clock.advance(1000);
    expect(told).toEqual(['ADDED a', 'ADDED b', 'ADDED b', 'ADDED c', 'DELETED a']);
    expect(errors).toEqual([expect.objectContaining({ code: 410 })]);
    end();
  });

  test('is silent once disposed', async () => {
    const { script, clock, told, end } = await watching();
    end();
    script.streams[0]?.send({ type: 'MODIFIED', object: configMap('a', 5) });
    await clock.advance(10_000);
    expect(told).toHaveLength(2);
    expect(script.streams).toHaveLength(1);
  });
});

describe('an informer', () => {
  test('shares objects, finds them by index, and shows a write when it has come round', async () => {
    const { script, clock, client } = setUp();
    const first = configMap('a', 1, { team: 'x' });
    script.items = [first];
    const informer = new Informer({
      client,
      query: { apiVersion: 'v1', kind: 'ConfigMap' },
      indexes: { team: (object) => [object.metadata.labels?.['team'] ?? ''] },
    });
    await clock.advance(0);
    expect(informer.get('n/a')).toBe(first);
    expect(informer.by('team', 'x')).toEqual([first]);
    const changes: string[] = [];
    informer.onChange(({ before, now }) =>
      changes.push(`${before?.metadata.resourceVersion}→${now?.metadata.resourceVersion}`),
    );
    let shown = false;
    void informer.shows(configMap('a', 7)).then(() => (shown = true));
    await clock.advance(0);
    expect(shown).toBe(false);
    script.streams[0]?.send({ type: 'MODIFIED', object: configMap('a', 7, { team: 'y' }) });
    await clock.advance(0);
    expect(shown).toBe(true);
    expect(informer.by('team', 'x')).toEqual([]);
    script.streams[0]?.send({ type: 'DELETED', object: configMap('a', 8) });
    await clock.advance(0);
    expect(informer.size).toBe(0);
    expect(changes).toEqual(['undefined→1', '1→7', '8→undefined']);
    informer.dispose();
  });
});
