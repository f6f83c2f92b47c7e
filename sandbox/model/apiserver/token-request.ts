/** `POST …/serviceaccounts/x/token`. Source: kubernetes `pkg/registry/core/serviceaccount/storage/token.go`. */
import { z } from 'zod';
import { rfc3339 } from '../../../kernel/clock.ts';
import { uuid } from '../../../kernel/ids.ts';
import { parseBody } from './body.ts';
import type { Core } from './core.ts';
import { badRequest, conflict, invalid, methodNotAllowed, notFound } from './errors.ts';
import type { Answer, Call } from './request.ts';
import { ok } from './request.ts';
import { need } from './resource.ts';
import type { TokenClaims } from './tokens.ts';
import { ISSUER } from './tokens.ts';

const SHORTEST = 600;

const requestSchema = z.looseObject({
  spec: z
    .looseObject({
      audiences: z.array(z.string()).nullish(),
      expirationSeconds: z.number().int().nullish(),
      boundObjectRef: z
        .looseObject({ kind: z.string().optional(), name: z.string().optional(), uid: z.string().optional() })
        .nullish(),
    })
    .default({}),
});

/** Throws 422 for too short a life, 404 and 409 for what it should be bound to. */
export async function issueToken(core: Core, call: Call): Promise<Answer> {
  const { request, name = '', namespace = '' } = call;
  if (request.method !== 'POST') throw methodNotAllowed();
  const account = need(core, call);
  const parsed = requestSchema.safeParse(parseBody(core, request.body, 'TokenRequest').value ?? {});
  if (!parsed.success) throw badRequest('TokenRequest in version "v1" cannot be handled as a TokenRequest');
  const { spec } = parsed.data;
  const seconds = spec.expirationSeconds ?? 3600;
  if (seconds < SHORTEST) {
    const message = `Invalid value: ${seconds}: may not specify a duration less than 10 minutes`;
    throw invalid({ group: 'authentication.k8s.io', kind: 'TokenRequest' }, '', [
      { reason: 'FieldValueInvalid', message, field: 'spec.expirationSeconds' },
    ]);
  }
  const audiences = spec.audiences && spec.audiences.length > 0 ? spec.audiences : [ISSUER];
  const bound = spec.boundObjectRef?.kind === 'Pod' ? boundPod(core, call, spec.boundObjectRef) : {};
  const token = await core.tokens.sign({
    namespace,
    serviceAccount: { name, uid: account.metadata.uid ?? '' },
    ...bound,
    audiences,
    seconds,
    id: uuid(core.random),
  });
  return ok(
    {
      kind: 'TokenRequest',
      apiVersion: 'authentication.k8s.io/v1',
      metadata: { name, namespace, creationTimestamp: rfc3339(core.clock.now()) },
      spec: { audiences, expirationSeconds: seconds, boundObjectRef: spec.boundObjectRef ?? null },
      status: { token, expirationTimestamp: rfc3339(core.clock.now() + seconds * 1000) },
    },
    201,
  );
}

function boundPod(
  core: Core,
  { namespace = '' }: Call,
  ref: { name?: string; uid?: string },
): Pick<TokenClaims, 'pod' | 'node'> {
  const pods = { group: '', resource: 'pods' };
  const name = ref.name ?? '';
  const pod = core.lookup.get('pods', name, namespace);
  if (!pod) throw notFound(pods, name);
  const uid = pod.metadata.uid ?? '';
  if (ref.uid !== undefined && ref.uid !== '' && ref.uid !== uid) {
    throw conflict(
      pods,
      name,
      `the UID in the bound object reference (${ref.uid}) does not match the UID in record. The object might have been deleted and then recreated`,
    );
  }
  return { pod: { name, uid } };
}
