/** The HTTP API as functions. Every answer is parsed; every refusal becomes an ApiError with the server's words. */
import { z } from 'zod';
import { InputError } from '../../../kernel/errors.ts';
import {
  attemptViewSchema,
  problemSchema,
  quizVerdictSchema,
  type AttemptView,
  type QuizVerdict,
} from '../../protocol/http.ts';

/** The server refused, or could not be reached. */
export class ApiError extends InputError {}

const ticketSchema = z.strictObject({ ticket: z.string() });
const terminalSchema = z.strictObject({ id: z.string() });
const livingSchema = z.strictObject({ attempt: attemptViewSchema.nullable() });

export async function livingAttempt(lab: string): Promise<AttemptView | undefined> {
  return livingSchema.parse(await ask(`/api/labs/${encodeURIComponent(lab)}/attempt`)).attempt ?? undefined;
}

export async function startAttempt(lab: string): Promise<AttemptView> {
  return attemptViewSchema.parse(await ask('/api/attempts', { lab }));
}

export async function postToAttempt(
  attempt: string,
  action: 'check' | 'hints' | 'answers' | 'reset',
  body: object,
): Promise<AttemptView> {
  return attemptViewSchema.parse(await ask(`${attemptPath(attempt)}/${action}`, body));
}

export async function endAttempt(attempt: string): Promise<void> {
  await ask(`${attemptPath(attempt)}/end`, {});
}

export async function openTerminal(attempt: string): Promise<string> {
  return terminalSchema.parse(await ask(`${attemptPath(attempt)}/terminals`, {})).id;
}

/** A single-use ticket, made into the address of the terminal's WebSocket. */
export async function terminalSocketUrl(attempt: string, terminal: string): Promise<string> {
  const path = `${attemptPath(attempt)}/terminals`;
  const { ticket } = ticketSchema.parse(await ask(`${path}/${encodeURIComponent(terminal)}/ticket`, {}));
  const url = new URL(`${path}/socket`, location.href);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  url.searchParams.set('ticket', ticket);
  return url.href;
}

export async function answerQuiz(lesson: string, question: string, choice: readonly string[]): Promise<QuizVerdict> {
  const path = `/api/quiz/${encodeURIComponent(lesson)}/${encodeURIComponent(question)}`;
  return quizVerdictSchema.parse(await ask(path, { choice }));
}

export function attemptPath(attempt: string): string {
  return `/api/attempts/${encodeURIComponent(attempt)}`;
}

/** Reads, or with a body writes. */
async function ask(path: string, body?: object): Promise<unknown> {
  let response: Response;
  try {
    const accept = 'application/json';
    response = body
      ? await fetch(path, { method: 'POST', headers: { accept, 'content-type': accept }, body: JSON.stringify(body) })
      : await fetch(path, { headers: { accept } });
  } catch (cause) {
    throw new ApiError('no-server', 'The Drydock server does not answer.', {
      remedy: 'Look whether `npm start` is still running, then try again.',
      cause,
    });
  }
  const text = await response.text();
  if (response.ok) return text === '' ? undefined : JSON.parse(text);
  throw refusal(response.status, text);
}

function refusal(status: number, text: string): ApiError {
  const problem = problemSchema.safeParse(jsonOr(text));
  if (problem.success) return new ApiError(problem.data.code, problem.data.message, { remedy: problem.data.remedy });
  if (status === 401 || status === 403) {
    return new ApiError('not-logged-in', 'This browser is not logged in to Drydock.', {
      remedy: 'Open the address with the token that `npm start` printed.',
    });
  }
  if (status === 404) {
    return new ApiError('no-labs-here', 'These pages are served without the lab server.', {
      remedy: 'Run `npm start` in the Drydock folder and open the address that it prints.',
    });
  }
  return new ApiError('server', `The server answered with status ${status}.`, { remedy: 'Try again in a moment.' });
}

function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
