/**
 * Service-account tokens: JWTs signed with the sandbox's own key. Knows how to make and to read them; whether the account
 * still stands is the authenticator's question. Claims: wire-spec §11.
 */
import type { KeyObject } from 'node:crypto';
import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { exportJWK, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import type { Clock } from '../../../kernel/clock.ts';

export const ISSUER = 'https://kubernetes.default.svc.cluster.local';
const ALGORITHM = 'ES256';

const boundSchema = z.looseObject({ name: z.string(), uid: z.string() });
const claimsSchema = z.looseObject({
  jti: z.string().default(''),
  'kubernetes.io': z.looseObject({
    namespace: z.string(),
    serviceaccount: boundSchema,
    pod: boundSchema.optional(),
    node: boundSchema.optional(),
  }),
});

export interface TokenClaims {
  readonly namespace: string;
  readonly serviceAccount: { readonly name: string; readonly uid: string };
  readonly pod?: { readonly name: string; readonly uid: string };
  readonly node?: { readonly name: string; readonly uid: string };
}

export interface TokenSpec extends TokenClaims {
  readonly audiences: readonly string[];
  readonly seconds: number;
  readonly id: string;
}

export class TokenIssuer {
  readonly #clock: Clock;
  readonly #privateKey: KeyObject;
  readonly #publicKey: KeyObject;

  /** `key`: PEM of the signing key; a new one when absent. */
  constructor(clock: Clock, key?: string) {
    this.#clock = clock;
    this.#privateKey =
      key === undefined ? generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey : createPrivateKey(key);
    this.#publicKey = createPublicKey(this.#privateKey);
  }

  /** The signed token; it is valid from now on for `seconds`. */
  async sign({ audiences, seconds, id, ...claims }: TokenSpec): Promise<string> {
    const now = Math.floor(this.#clock.now() / 1000);
    const payload = {
      'kubernetes.io': {
        namespace: claims.namespace,
        ...(claims.node ? { node: claims.node } : {}),
        ...(claims.pod ? { pod: claims.pod } : {}),
        serviceaccount: claims.serviceAccount,
      },
    };
    return new SignJWT(payload)
      .setProtectedHeader({ alg: ALGORITHM, kid: 'drydock' })
      .setIssuer(ISSUER)
      .setSubject(`system:serviceaccount:${claims.namespace}:${claims.serviceAccount.name}`)
      .setAudience([...audiences])
      .setIssuedAt(now)
      .setNotBefore(now)
      .setExpirationTime(now + seconds)
      .setJti(id)
      .sign(this.#privateKey);
  }

  /** What a token says, or undefined when it is not ours, not for this server, or over. */
  async verify(token: string): Promise<(TokenClaims & { readonly id: string }) | undefined> {
    try {
      const { payload } = await jwtVerify(token, this.#publicKey, {
        issuer: ISSUER,
        audience: ISSUER,
        algorithms: [ALGORITHM],
        currentDate: new Date(this.#clock.now()),
      });
      const { jti, 'kubernetes.io': bound } = claimsSchema.parse(payload);
      return {
        id: jti,
        namespace: bound.namespace,
        serviceAccount: bound.serviceaccount,
        pod: bound.pod,
        node: bound.node,
      };
    } catch {
      return undefined;
    }
  }

  /** The public key as a JSON web key set. */
  async jwks(): Promise<object> {
    return { keys: [{ ...(await exportJWK(this.#publicKey)), use: 'sig', alg: ALGORITHM, kid: 'drydock' }] };
  }
}
