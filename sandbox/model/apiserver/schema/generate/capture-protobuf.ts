/**
 * Records what the kubectl on PATH (1.32 or newer) sends as protobuf, beside the JSON that it says it would send
 * (`--dry-run=client -o json`), into ../tables/protobuf-bodies.json. Needs no cluster. Run: node capture-protobuf.ts
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const COMMANDS = [
  'create namespace team-a',
  'create configmap settings --from-literal=colour=blue --from-literal=empty=',
  'create secret generic login --from-literal=user=jane --from-literal=password=s3cret',
  'create serviceaccount robot',
  'create deployment web --image=nginx --replicas=3 --port=80',
  'create deployment idle --image=nginx --replicas=0',
  'create service clusterip web --tcp=80:8080 --tcp=443',
  'create service nodeport web --tcp=80 --node-port=30080',
  'create service externalname db --external-name=db.example.com',
  'create job once --image=busybox -- sh -c exit',
  'create cronjob often --image=busybox --schedule=*/5 -- date',
  'create ingress shop --rule=shop.example.com/*=web:80,tls=cert',
  'create quota small --hard=pods=5,requests.cpu=1,memory=1Gi',
  'create poddisruptionbudget keep --selector=app=web --min-available=50%',
  'create priorityclass high --value=1000 --description=first',
  'create role reader --verb=get,list --resource=pods,deployments.apps --resource-name=web',
  'create rolebinding readers --role=reader --user=jane --serviceaccount=default:robot',
  'create clusterrole viewer --verb=get --non-resource-url=/healthz',
  'create clusterrolebinding viewers --clusterrole=viewer --group=team',
];

const FILE = fileURLToPath(new URL('../tables/protobuf-bodies.json', import.meta.url));
const run = promisify(execFile);
let body = Buffer.alloc(0);

const RESOURCES: Record<string, readonly [string, string][]> = {
  '/api/v1': [['pods', 'Pod']],
  '/apis/apps/v1': [['deployments', 'Deployment']],
};
const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    if (request.method === 'POST') body = Buffer.concat(chunks);
    const path = (request.url ?? '').split('?')[0] ?? '';
    const apps = { groupVersion: 'apps/v1', version: 'v1' };
    const answers: Record<string, unknown> = {
      '/api': { kind: 'APIVersions', versions: ['v1'] },
      '/apis': {
        kind: 'APIGroupList',
        apiVersion: 'v1',
        groups: [{ name: 'apps', versions: [apps], preferredVersion: apps }],
      },
    };
    for (const [where, list] of Object.entries(RESOURCES)) {
      const resources = list.map(([name, kind]) => ({
        name,
        kind,
        namespaced: true,
        singularName: kind.toLowerCase(),
        verbs: ['get', 'list'],
      }));
      answers[where] = {
        kind: 'APIResourceList',
        apiVersion: 'v1',
        groupVersion: where.replace(/^\/apis?\//, ''),
        resources,
      };
    }
    response.writeHead(answers[path] ? 200 : 404, { 'content-type': 'application/json' });
    response.end(
      JSON.stringify(
        answers[path] ?? { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason: 'NotFound', code: 404 },
      ),
    );
  });
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const { port } = server.address() as AddressInfo;
const directory = mkdtempSync(join(tmpdir(), 'drydock-capture-'));
const flags = ['--server', `http://127.0.0.1:${port}`, '--cache-dir', directory, '--kubeconfig', '/dev/null'];
const fixtures: unknown[] = [];
for (const command of COMMANDS) {
  const [first = '', ...rest] = command.split(' ');
  const split = rest.indexOf('--');
  const [options, tail] = split < 0 ? [rest, []] : [rest.slice(0, split), rest.slice(split)];
  body = Buffer.alloc(0);
  const dry = await run('kubectl', [first, ...options, '--dry-run=client', '-o', 'json', ...flags, ...tail]);
  await run('kubectl', [first, ...options, ...flags, ...tail]).catch(() => undefined); // refused with 404, after it was recorded
  if (body.length === 0) console.warn(`nothing was sent by: kubectl ${command}`);
  else fixtures.push({ command, body: body.toString('base64'), json: JSON.parse(dry.stdout) });
}
writeFileSync(FILE, `[\n${fixtures.map((fixture) => JSON.stringify(fixture)).join(',\n')}\n]\n`);
server.closeAllConnections();
server.close();
