/** The HTTP routes of `src/protocol/http.ts` and the course's pages. Knows no driver, no database and no socket. */
import { Hono } from 'hono';
import type { Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { z } from 'zod';
import type { Clock } from '../../kernel/clock.ts';
import type { Disposable } from '../../kernel/disposable.ts';
import { InputError, messageOf } from '../../kernel/errors.ts';
import type { Attempts, OwnedAttempt } from '../attempt/attempts.ts';
import type { Quizzes } from '../attempt/quiz.ts';
import * as protocol from '../protocol/http.ts';
import type { ProgressView } from '../protocol/http.ts';
import { admit } from './guard.ts';
import { securityHeaders } from './headers.ts';
import type { Log } from './log.ts';
import type { Logins } from './login.ts';
import { answerFor } from './problems.ts';
import { progressStream } from './progress-stream.ts';
import { problemPage } from './problem-page.ts';
import type { Site } from './site.ts';
import type { Tickets } from './tickets.ts';

const BODY_BYTES = 256 * 1024;
const URL_CHARS = 4096;
const STREAMS = 40;

export interface AppParts {
  readonly attempts: Attempts;
  readonly quizzes: Quizzes;
  readonly progress: (learner: string) => ProgressView;
  readonly logins: Logins;
  readonly tickets: Tickets;
  readonly site: Site;
  readonly hosts: ReadonlySet<string>;
  readonly clock: Clock;
  readonly log: Log;
}

interface Env {
  Variables: { learner: string };
}
type Ctx = Context<Env>;

/** The application, and the open progress streams that its owner closes at the end. */
export function createApp(parts: AppParts): { app: Hono<Env>; streams: Set<Disposable> } {
  const { attempts, quizzes, logins, tickets, log } = parts;
  const streams = new Set<Disposable>();
  const app = new Hono<Env>();

  app.use(async (c, next) => {
    admit({ method: c.req.method, path: c.req.path, header: (name) => c.req.header(name) }, parts.hosts);
    if (c.req.url.length > URL_CHARS) throw new InputError('url-too-long', 'the address is too long');
    await next();
    if (!c.res.headers.has('content-security-policy')) addHeaders(c.res.headers, securityHeaders(hostOf(c)));
  });
  app.use(bodyLimit({ maxSize: BODY_BYTES, onError: () => refuseBody() }));
  app.get('/healthz', (c) => c.text('ok'));
  app.get('/login', (c) => {
    c.header('set-cookie', logins.redeem(c.req.query('token') ?? ''));
    return c.redirect('/', 303);
  });

  app.use('/api/*', async (c, next) => {
    c.set('learner', logins.learner(c.req.header('cookie')));
    await next();
    c.res.headers.set('cache-control', 'no-store');
  });
  app.get('/api/progress', (c) => c.json(parts.progress(c.var.learner)));
  app.get('/api/labs/:lab/attempt', (c) =>
    c.json({ attempt: attempts.living(c.var.learner, c.req.param('lab')) ?? null }),
  );
  app.post('/api/attempts', async (c) => {
    const { lab } = await bodyOf(c, protocol.startAttemptSchema);
    return c.json(attempts.start(c.var.learner, lab), 202);
  });
  app.post('/api/quiz/:lesson/:question', async (c) => {
    const { choice } = await bodyOf(c, protocol.quizAnswerSchema);
    return c.json(
      quizzes.judge(c.var.learner, { lesson: c.req.param('lesson'), question: c.req.param('question'), choice }),
    );
  });

  const owned = (c: Ctx): OwnedAttempt => attempts.owned(c.var.learner, c.req.param('id') ?? '');
  app.get('/api/attempts/:id', (c) => c.json(owned(c).view()));
  app.get('/api/attempts/:id/events', (c) => {
    const attempt = owned(c);
    if (streams.size >= STREAMS) {
      throw new InputError('too-many', 'too many pages follow this server', {
        remedy: 'Close some tabs of the course.',
      });
    }
    const stream = progressStream(attempt, parts.clock, () => streams.delete(stream));
    streams.add(stream);
    return c.body(stream.body, 200, { 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' });
  });
  app.post('/api/attempts/:id/check', async (c) => {
    const attempt = owned(c);
    const { task } = await bodyOf(c, protocol.checkRequestSchema);
    return c.json(await attempt.check(task));
  });
  app.post('/api/attempts/:id/hints', async (c) => {
    const attempt = owned(c);
    return c.json(attempt.hint((await bodyOf(c, protocol.hintRequestSchema)).criterion));
  });
  app.post('/api/attempts/:id/answers', async (c) => {
    const attempt = owned(c);
    const { question, value } = await bodyOf(c, protocol.answerRequestSchema);
    return c.json(attempt.answer(question, value));
  });
  app.post('/api/attempts/:id/reset', async (c) => c.json(await owned(c).reset(), 202));
  app.post('/api/attempts/:id/end', async (c) => {
    await owned(c).end();
    return c.body(null, 204);
  });
  app.post('/api/attempts/:id/terminals', async (c) => c.json({ id: await owned(c).terminals.open() }, 201));
  app.post('/api/attempts/:id/terminals/:t/ticket', (c) => {
    const { id, t } = c.req.param();
    if (!owned(c).terminals.find(t)) throw new InputError('not-found', 'there is no such terminal');
    return c.json({ ticket: tickets.issue({ learner: c.var.learner, attempt: id, terminal: t }) });
  });
  app.all('/api/*', () => {
    throw new InputError('not-found', 'there is no such address');
  });
  app.get('*', (c) => servePage(c, parts.site));

  app.onError((error, c) => {
    const { status, problem, internal } = answerFor(error);
    if (internal)
      log.write('error', 'request-failed', { path: c.req.path, error: messageOf(error), stack: error.stack });
    // What is left of a refused body is not read: the connection cannot be used again.
    const headers = { ...securityHeaders(hostOf(c), []), ...(status === 413 ? { connection: 'close' } : {}) };
    if (!c.req.path.startsWith('/api/') && c.req.header('accept')?.includes('text/html')) {
      return c.html(problemPage(problem), status as ContentfulStatusCode, headers);
    }
    return c.json(problem, status as ContentfulStatusCode, headers);
  });
  app.notFound((c) => c.json({ code: 'not-found', message: 'there is no such address' }, 404));
  return { app, streams };
}

async function servePage(c: Ctx, site: Site): Promise<Response> {
  const found = await site.find(c.req.path);
  if (!found) throw new InputError('not-found', 'there is no such page', { remedy: 'Go to the home page.' });
  if ('redirect' in found) return c.redirect(found.redirect, 301);
  const headers = new Headers({
    // A worker obeys the policy of its own script; search runs in one, so scripts carry the pages' policy.
    ...securityHeaders(hostOf(c), /^text\/(html|javascript)/.test(found.type) ? found.scripts : undefined),
    'content-type': found.type,
    'cache-control': found.immutable ? 'public, max-age=31536000, immutable' : 'no-cache',
    etag: found.etag,
    vary: 'accept-encoding',
  });
  if (found.status === 200 && c.req.header('if-none-match') === found.etag)
    return new Response(null, { status: 304, headers });
  const zipped = c.req.header('accept-encoding')?.includes('gzip') ? found.zipped : undefined;
  if (zipped) headers.set('content-encoding', 'gzip');
  return new Response(zipped ?? found.body, { status: found.status, headers });
}

/** The parsed JSON body. Throws InputError `not-json` or `bad-request`. */
async function bodyOf<T>(c: Ctx, schema: z.ZodType<T>): Promise<T> {
  if (!/^application\/json\b/.test(c.req.header('content-type') ?? '')) {
    throw new InputError('not-json', 'the body must be JSON', {
      remedy: 'Send it with content-type: application/json.',
    });
  }
  let value: unknown;
  try {
    value = await c.req.json();
  } catch (cause) {
    if (cause instanceof InputError) throw cause;
    throw new InputError('bad-request', 'the body is not valid JSON', { cause });
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new InputError('bad-request', z.prettifyError(parsed.error).slice(0, 500));
}

function refuseBody(): never {
  throw new InputError('body-too-large', `the body is larger than ${BODY_BYTES / 1024} KB`);
}

function hostOf(c: Ctx): string {
  return c.req.header('host') ?? '';
}

function addHeaders(headers: Headers, more: Record<string, string>): void {
  for (const [name, value] of Object.entries(more)) headers.set(name, value);
}
