/** Our own Pod in the cluster, from which checks send HTTP requests. Answers are framed by a nonce that no server can know. */
import type { Probe, ProbeResponse } from './check.ts';
import type { ClusterHandle, ClusterReader, ContainerRef } from '../sandbox/contract.ts';
import type { KubeObject } from '../kernel/kube/object.ts';
import { readPath } from '../kernel/kube/field-path.ts';
import type { Clock } from '../kernel/clock.ts';
import { sleep } from '../kernel/clock.ts';
import { CouldNotTell, messageOf } from '../kernel/errors.ts';
import { randomBytes } from 'node:crypto';

export const PROBER_NAMESPACE = 'drydock-system';
const LABELS = { app: 'drydock-prober' };
const BODY_LONGEST = 4096;
const URL_SHAPE = /^http:\/\/[A-Za-z0-9.:[\]-]+(\/[A-Za-z0-9._~/?=&%-]*)?$/;
/** busybox wget names the status only when it refuses the answer. */
const REFUSED = /server returned error: HTTP\/[\d.]+ (\d{3})/;

/** The namespace and Deployment of the prober; part of every scene whose checks send requests. */
export function proberObjects(): KubeObject[] {
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: PROBER_NAMESPACE } },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'prober', namespace: PROBER_NAMESPACE, labels: LABELS },
      spec: {
        replicas: 1,
        selector: { matchLabels: LABELS },
        template: {
          metadata: { labels: LABELS },
          spec: {
            automountServiceAccountToken: false,
            enableServiceLinks: false,
            terminationGracePeriodSeconds: 0,
            tolerations: [{ operator: 'Exists' }],
            containers: [{ name: 'prober', image: 'busybox:1.36', command: ['sleep', '2147483647'] }],
          },
        },
      },
    },
  ];
}

/** The running prober, or undefined while it is not there. */
export async function findProber(reader: ClusterReader): Promise<ContainerRef | undefined> {
  const { items } = await reader.list({
    apiVersion: 'v1',
    kind: 'Pod',
    namespace: PROBER_NAMESPACE,
    labelSelector: 'app=drydock-prober',
  });
  const running = items.find(
    (pod) => readPath(pod, 'status.phase') === 'Running' && pod.metadata.deletionTimestamp === undefined,
  );
  return running?.metadata.name === undefined ? undefined : { namespace: PROBER_NAMESPACE, pod: running.metadata.name };
}

/** Brings the prober back when somebody removed it, and waits until it runs. Throws CouldNotTell after 30 s. */
export async function ensureProber(cluster: ClusterHandle, clock: Clock, signal: AbortSignal): Promise<void> {
  const deadline = clock.monotonic() + 30_000;
  for (let look = 0; (await findProber(cluster)) === undefined; look++) {
    if (look === 0) await cluster.apply(proberObjects());
    if (clock.monotonic() > deadline)
      throw new CouldNotTell('prober-not-ready', 'the Pod that sends our requests does not start');
    await sleep(clock, 250, signal);
  }
}

/** Sends the requests one after the other. No HTTP answer is an answer (status 0); CouldNotTell when the prober cannot run. */
export async function runProbe(probe: Probe, reader: ClusterReader, signal: AbortSignal): Promise<ProbeResponse[]> {
  if (!URL_SHAPE.test(probe.url)) throw new CouldNotTell('bad-url', `cannot ask ${probe.url}`);
  const prober = await findProber(reader);
  if (prober === undefined)
    throw new CouldNotTell('prober-not-ready', 'the Pod that sends our requests is not ready yet');
  const nonce = randomBytes(8).toString('hex');
  try {
    const { stdout } = await reader.exec(prober, ['sh', '-c', script(probe, nonce)], signal);
    return readResponses(stdout, nonce, probe.requests);
  } catch (error) {
    if (error instanceof CouldNotTell) throw error;
    throw new CouldNotTell('cannot-probe', `cannot send requests: ${messageOf(error)}`, { cause: error });
  }
}

/** Requests that hang cost 2 s each, so a few of them end the round. */
const ENOUGH_FAILURES = 3;

function script({ url, requests, pauseSeconds, untilChange }: Probe, nonce: string): string {
  const pause = pauseSeconds > 0 ? `if [ $i -lt ${requests} ]; then sleep ${pauseSeconds}; fi` : '';
  return [
    'i=0; bad=0',
    `while [ $i -lt ${requests} ]; do`,
    `body=$(wget -q -T 2 -O - '${url}' 2>&1); code=$?`,
    `echo "$body"; echo "${nonce} $code"`,
    `if [ $code -ne 0 ]; then bad=$((bad+1)); if [ $bad -ge ${ENOUGH_FAILURES} ]; then break; fi; fi`,
    ...(untilChange ? ['if [ $i -eq 0 ]; then first=$body; elif [ "$body" != "$first" ]; then break; fi'] : []),
    'i=$((i+1))',
    ...(pause === '' ? [] : [pause]),
    'done',
    `echo "${nonce} end"`,
  ].join('\n');
}

/** Splits the prober's output at the nonces. Exported for its test. */
export function readResponses(stdout: string, nonce: string, requests: number): ProbeResponse[] {
  const found = [...stdout.matchAll(new RegExp(`([\\s\\S]*?)${nonce} (\\d+)\\n`, 'g'))].map(([, body = '', code]) =>
    responseOf(body.slice(0, BODY_LONGEST).trimEnd(), Number(code)),
  );
  if (!stdout.endsWith(`${nonce} end\n`))
    throw new CouldNotTell(
      'probe-cut-short',
      `${found.length} of ${requests} requests were made when the connection was cut`,
    );
  return found;
}

function responseOf(text: string, exitCode: number): ProbeResponse {
  if (exitCode === 0) return { status: 200, body: text, error: '' };
  const status = Number(REFUSED.exec(text)?.[1] ?? 0);
  return {
    status,
    body: '',
    error: status === 0 ? text.trim().replace(/^wget: /, '') || `wget ended with ${exitCode}` : '',
  };
}
