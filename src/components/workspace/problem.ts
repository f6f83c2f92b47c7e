/** What went wrong, in the shape that the workspace shows. */
import type { Problem } from '../../protocol/http.ts';

/** Any thrown value as a problem that a learner can read. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Error && 'remedy' in error && 'code' in error) {
    const remedy = typeof error.remedy === 'string' ? error.remedy : undefined;
    return { code: String(error.code), message: error.message, remedy };
  }
  return {
    code: 'page',
    message: error instanceof Error ? error.message : String(error),
    remedy: 'Reload the page. What you did is kept on the server.',
  };
}
