/** All keys of one cluster, made together, and kept beside the journal so that kubeconfigs and tokens outlive a restart. */
import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { InputError, messageOf } from '../../../kernel/errors.ts';
import { AUTHORITY, makeAuthority, makeClientCertificate, makeServerCertificate } from './certificates.ts';

const pairSchema = z.strictObject({ certificate: z.string(), key: z.string() });
const pkiSchema = z.strictObject({
  authority: pairSchema,
  server: pairSchema,
  administrator: pairSchema,
  tokenKey: z.string(),
});

/** Everything is PEM. */
export type Pki = z.infer<typeof pkiSchema>;

const FILE = 'pki.json';
const SERVER_NAMES = [
  'localhost',
  'kubernetes',
  'kubernetes.default',
  'kubernetes.default.svc',
  'kubernetes.default.svc.cluster.local',
  '127.0.0.1',
  '10.96.0.1',
];

/** `nodes`: names under which the server answers too; `now` in ms since the epoch. */
export function makePki({ nodes, now }: { nodes: readonly string[]; now: number }): Pki {
  const authority = makeAuthority({ subject: AUTHORITY, now });
  return {
    authority,
    server: makeServerCertificate(authority, {
      subject: { commonName: 'kube-apiserver' },
      now,
      names: [...SERVER_NAMES, ...nodes],
    }),
    administrator: makeClientCertificate(authority, {
      subject: { commonName: 'kubernetes-admin', organizations: ['kubeadm:cluster-admins'] },
      now,
    }),
    tokenKey: generateKeyPairSync('ec', { namedCurve: 'P-256' })
      .privateKey.export({ type: 'pkcs8', format: 'pem' })
      .toString(),
  };
}

/** The keys kept in a directory, or new ones that are kept there. Throws InputError when the file is damaged. */
export function keepPki(directory: string, make: () => Pki): Pki {
  const path = join(directory, FILE);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    const pki = make();
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    writeFileSync(`${path}.new`, JSON.stringify(pki), { mode: 0o600 });
    renameSync(`${path}.new`, path);
    return pki;
  }
  try {
    return pkiSchema.parse(JSON.parse(text));
  } catch (error) {
    throw new InputError('pki-damaged', `${path} cannot be read: ${messageOf(error)}`, {
      remedy: 'Destroy this sandbox and start the lab again.',
      cause: error,
    });
  }
}
