/** Reads from a kubeconfig how to reach one cluster: certificates or a token. Runs no plugin that a kubeconfig may name. */
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { InputError, messageOf } from '../../kernel/errors.ts';

export interface Credentials {
  readonly server: URL;
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly token?: string;
  /** False only when the kubeconfig says insecure-skip-tls-verify. */
  readonly verify: boolean;
  readonly serverName?: string;
}

const text = z.string().optional();
const kubeconfigSchema = z.looseObject({
  'current-context': z.string().min(1, 'names no current-context'),
  contexts: z.array(
    z.looseObject({ name: z.string(), context: z.looseObject({ cluster: z.string(), user: z.string() }) }),
  ),
  clusters: z.array(
    z.looseObject({
      name: z.string(),
      cluster: z.looseObject({
        server: z.url(),
        'certificate-authority': text,
        'certificate-authority-data': text,
        'insecure-skip-tls-verify': z.boolean().optional(),
        'tls-server-name': text,
      }),
    }),
  ),
  users: z.array(
    z.looseObject({
      name: z.string(),
      user: z.looseObject({
        'client-certificate': text,
        'client-certificate-data': text,
        'client-key': text,
        'client-key-data': text,
        token: text,
        tokenFile: text,
      }),
    }),
  ),
});

/** Reads the current context of a kubeconfig file. Throws InputError `bad-kubeconfig`. */
export async function readCredentials(file: string): Promise<Credentials> {
  try {
    return await credentialsOf(kubeconfigSchema.parse(parse(await readFile(file, 'utf8'))), dirname(resolve(file)));
  } catch (cause) {
    const why = cause instanceof z.ZodError ? z.prettifyError(cause) : messageOf(cause);
    throw new InputError('bad-kubeconfig', `${file}: ${why}`, {
      remedy: 'Give a kubeconfig with certificates or a token, such as `kubectl config view --raw --minify` prints.',
      cause,
    });
  }
}

async function credentialsOf(config: z.infer<typeof kubeconfigSchema>, directory: string): Promise<Credentials> {
  const context = one(config.contexts, config['current-context'], 'context').context;
  const { cluster } = one(config.clusters, context.cluster, 'cluster');
  const { user } = one(config.users, context.user, 'user');
  const [ca, cert, key, token] = await Promise.all([
    pem(cluster['certificate-authority-data'], cluster['certificate-authority'], directory),
    pem(user['client-certificate-data'], user['client-certificate'], directory),
    pem(user['client-key-data'], user['client-key'], directory),
    user.token ?? pem(undefined, user.tokenFile, directory),
  ]);
  if (token === undefined && (cert === undefined || key === undefined)) {
    throw new Error(`the user ${context.user} has neither a client certificate nor a token`);
  }
  return {
    server: new URL(cluster.server),
    verify: cluster['insecure-skip-tls-verify'] !== true,
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(token === undefined ? {} : { token: token.trim() }),
    ...(cluster['tls-server-name'] === undefined ? {} : { serverName: cluster['tls-server-name'] }),
  };
}

function one<T extends { readonly name: string }>(list: readonly T[], name: string, what: string): T {
  const found = list.find((entry) => entry.name === name);
  if (!found) throw new Error(`there is no ${what} ${name}`);
  return found;
}

async function pem(data: string | undefined, file: string | undefined, directory: string): Promise<string | undefined> {
  if (data !== undefined) return Buffer.from(data, 'base64').toString('utf8');
  return file === undefined ? undefined : readFile(resolve(directory, file), 'utf8');
}
