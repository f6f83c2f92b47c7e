/** The TLS edge on a port of the loopback, and a client that speaks to it as kubectl or a stranger would. */
import { createServer } from 'node:net';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { systemClock } from '../../../kernel/clock.ts';
import { isRecord } from '../../../kernel/kube/object.ts';
import { seededRandom } from '../../../kernel/random.ts';
import type { Transport } from '../../client/transport.ts';
import { openStore } from '../etcd/store.ts';
import { HttpsEdge } from './https.ts';
import type { Pki } from './pki.ts';
import { makePki } from './pki.ts';
import { ApiServer } from './server.ts';
import { ADMIN, IN_DEFAULT } from './server-for-test.ts';

export interface Asked {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | Uint8Array;
  /** Undefined: the administrator's. */
  readonly login?: { certificate: string; key: string } | 'none';
}

export interface Answered {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
  readonly json: Record<string, unknown>;
}

export class TestEdge {
  readonly pki: Pki = makePki({ nodes: ['node'], now: systemClock.now() });
  readonly edge: HttpsEdge;
  readonly inside: Transport;
  readonly #listener = createServer((socket) => this.edge.connect(socket));
  port = 0;

  private constructor() {
    const server = new ApiServer({
      store: openStore(),
      clock: systemClock,
      random: seededRandom('edge'),
      tokenKey: this.pki.tokenKey,
    });
    this.edge = new HttpsEdge(server, this.pki);
    this.inside = server.transport(ADMIN);
  }

  /** With the namespace `default` and its service account. */
  static async start(): Promise<TestEdge> {
    const made = new TestEdge();
    const make = (path: string, body: object): Promise<unknown> => made.inside.request({ method: 'POST', path, body });
    await make('/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'default' } });
    await make(`${IN_DEFAULT}/serviceaccounts`, {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 'default' },
    });
    await new Promise<void>((resolve) => made.#listener.listen(0, '127.0.0.1', resolve));
    const address = made.#listener.address();
    made.port = typeof address === 'object' && address ? address.port : 0;
    return made;
  }

  stop(): void {
    this.edge.dispose();
    this.#listener.close();
  }

  /** The head of an answer; its body is the caller's to read. */
  open(
    path: string,
    { method = 'GET', headers, body, login = this.pki.administrator }: Asked = {},
  ): Promise<IncomingMessage> {
    const tls = login === 'none' ? {} : { cert: login.certificate, key: login.key };
    const ca = this.pki.authority.certificate;
    return new Promise((resolve, reject) => {
      const asked = request(
        { host: '127.0.0.1', port: this.port, path, method, headers, ca, agent: false, ...tls },
        resolve,
      );
      asked.on('error', reject);
      asked.end(body);
    });
  }

  async ask(path: string, asked?: Asked): Promise<Answered> {
    const response = await this.open(path, asked);
    let text = '';
    for await (const chunk of response) text += String(chunk);
    const parsed: unknown = text.startsWith('{') ? JSON.parse(text) : {};
    return { status: response.statusCode ?? 0, headers: response.headers, text, json: isRecord(parsed) ? parsed : {} };
  }
}
