/**
 * Questions that are answered and not stored: who am I, may I. Nothing is refused to anyone who is known, so the answer to
 * the second is always yes (RBAC is not served before it is enforced). Source: kubernetes `pkg/registry/{authentication,authorization}`.
 */
import { z } from 'zod';
import { rfc3339 } from '../../../kernel/clock.ts';
import { parseBody } from './body.ts';
import type { Core } from './core.ts';
import { badRequest } from './errors.ts';
import type { UserInfo } from './kind.ts';
import type { Answer, ServerRequest } from './request.ts';
import { ok } from './request.ts';

export interface ReviewKind {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly singular: string;
  readonly kind: string;
  readonly namespaced: boolean;
  status(user: UserInfo): object;
}

const ALLOWED = { allowed: true };
const EVERYTHING = {
  resourceRules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }],
  nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
  incomplete: false,
};

export const reviewKinds: readonly ReviewKind[] = [
  { ...face('authentication.k8s.io', 'SelfSubjectReview'), status: (user) => ({ userInfo: user }) },
  { ...face('authorization.k8s.io', 'SelfSubjectAccessReview'), status: () => ALLOWED },
  { ...face('authorization.k8s.io', 'SelfSubjectRulesReview'), status: () => EVERYTHING },
];

function face(group: string, kind: string): Omit<ReviewKind, 'status'> {
  const singular = kind.toLowerCase();
  return { group, version: 'v1', kind, resource: `${singular}s`, singular, namespaced: false };
}

const bodySchema = z.looseObject({ spec: z.unknown().optional() });

/** Answers a POST of a review. */
export function answerReview(
  core: Core,
  review: ReviewKind,
  { request, user }: { request: ServerRequest; user: UserInfo },
): Answer {
  const parsed = bodySchema.safeParse(parseBody(core, request.body, review.kind).value ?? {});
  if (!parsed.success) throw badRequest(`${review.kind} cannot be read`);
  return ok(
    {
      kind: review.kind,
      apiVersion: `${review.group}/${review.version}`,
      metadata: { creationTimestamp: rfc3339(core.clock.now()) },
      ...(parsed.data.spec === undefined ? {} : { spec: parsed.data.spec }),
      status: review.status(user),
    },
    201,
  );
}
