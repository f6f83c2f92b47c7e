/** The file by which kubectl finds and trusts a server. */
import { stringify } from 'yaml';
import type { KeyPair } from './certificates.ts';

export interface KubeconfigInput {
  readonly name: string;
  /** URL. */
  readonly server: string;
  /** PEM. */
  readonly authority: string;
  readonly client: KeyPair;
}

export function makeKubeconfig({ name, server, authority, client }: KubeconfigInput): string {
  const user = `${name}-admin`;
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster: { 'certificate-authority-data': base64(authority), server } }],
    contexts: [{ name, context: { cluster: name, user } }],
    'current-context': name,
    users: [
      {
        name: user,
        user: { 'client-certificate-data': base64(client.certificate), 'client-key-data': base64(client.key) },
      },
    ],
  });
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
