/**
 * Who is calling: a client certificate, a service account's token, or nobody. Source: wire-spec §11.
 *
 * R-AUTH-1  A certificate of the cluster's authority names the user (CN) and the groups (O).
 * R-AUTH-2  A token stands for its service account while account and Pod exist with the same uids.
 * R-AUTH-3  Bad credentials are 401; none are system:anonymous.
 */
import { createHash } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import { ANONYMOUS } from './anonymous.ts';
import type { Core } from './core.ts';
import { unauthorized } from './errors.ts';
import type { UserInfo } from './kind.ts';

/** Throws 401. */
export async function authenticate(
  core: Core,
  socket: TLSSocket,
  authorization: string | undefined,
): Promise<UserInfo> {
  const certified = certificateUser(socket);
  if (certified) return certified;
  if (authorization === undefined) return ANONYMOUS;
  const [scheme = '', token = ''] = authorization.trim().split(/\s+/);
  const user = scheme.toLowerCase() === 'bearer' ? await tokenUser(core, token) : undefined;
  if (!user) throw unauthorized();
  return user;
}

function certificateUser(socket: TLSSocket): UserInfo | undefined {
  const certificate = socket.getPeerCertificate();
  const { subject, raw } = certificate;
  // An empty object stands for no certificate.
  if (subject === undefined || raw === undefined) return undefined;
  if (!socket.authorized) throw unauthorized();
  const { CN, O } = subject;
  const organizations = O === undefined ? [] : [O].flat();
  const fingerprint = createHash('sha256').update(raw).digest('hex');
  return {
    username: [CN].flat()[0] ?? '',
    groups: [...organizations, 'system:authenticated'],
    extra: { 'authentication.kubernetes.io/credential-id': [`X509SHA256=${fingerprint}`] },
  };
}

async function tokenUser(core: Core, token: string): Promise<UserInfo | undefined> {
  const claims = await core.tokens.verify(token);
  if (!claims) return undefined;
  const { namespace, serviceAccount, pod, id } = claims;
  if (core.lookup.get('serviceaccounts', serviceAccount.name, namespace)?.metadata.uid !== serviceAccount.uid)
    return undefined;
  if (pod && core.lookup.get('pods', pod.name, namespace)?.metadata.uid !== pod.uid) return undefined;
  return {
    username: `system:serviceaccount:${namespace}:${serviceAccount.name}`,
    uid: serviceAccount.uid,
    groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'],
    extra: {
      'authentication.kubernetes.io/credential-id': [`JTI=${id}`],
      ...(pod
        ? { 'authentication.kubernetes.io/pod-name': [pod.name], 'authentication.kubernetes.io/pod-uid': [pod.uid] }
        : {}),
    },
  };
}
