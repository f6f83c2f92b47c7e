/** Go's plain 404, given for paths outside the API. */
import type { Answer } from './request.ts';

export function notFoundText(): Answer {
  return { kind: 'text', status: 404, text: '404 page not found\n', contentType: 'text/plain; charset=utf-8' };
}
