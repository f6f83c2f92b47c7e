/** The life of an attempt as a pure machine: creating → ready → ended, or failed. What has ended stays so. */
import type { Progress } from '../../sandbox/contract.ts';
import type { Failure } from '../storage/store.ts';

export interface Step {
  readonly name: string;
  readonly state: 'started' | 'done' | 'failed';
}

export type Life =
  | { readonly state: 'creating'; readonly steps: readonly Step[] }
  | { readonly state: 'ready'; readonly steps: readonly Step[] }
  | { readonly state: 'failed'; readonly steps: readonly Step[]; readonly failure: Failure }
  | { readonly state: 'ended'; readonly steps: readonly Step[] };

export type Happening =
  | { readonly kind: 'progress'; readonly progress: Progress }
  | { readonly kind: 'made' }
  | { readonly kind: 'broke'; readonly failure: Failure }
  | { readonly kind: 'ended' };

export const BEGINNING: Life = { state: 'creating', steps: [] };

/** What becomes of a life. Returns the same object when nothing changes, as with late news after the end. */
export function next(life: Life, happening: Happening): Life {
  if (life.state === 'ended' || (life.state === 'failed' && happening.kind !== 'ended')) return life;
  switch (happening.kind) {
    case 'progress':
      return life.state === 'creating'
        ? { state: 'creating', steps: withProgress(life.steps, happening.progress) }
        : life;
    case 'made':
      return life.state === 'creating' ? { state: 'ready', steps: closed(life.steps, 'done') } : life;
    case 'broke':
      return { state: 'failed', steps: closed(life.steps, 'failed'), failure: happening.failure };
    case 'ended':
      return { state: 'ended', steps: life.steps };
  }
}

function withProgress(steps: readonly Step[], { step, state }: Progress): readonly Step[] {
  const at = steps.findIndex(({ name }) => name === step);
  return at < 0 ? [...steps, { name: step, state }] : steps.map((old, i) => (i === at ? { name: step, state } : old));
}

function closed(steps: readonly Step[], as: 'done' | 'failed'): readonly Step[] {
  return steps.map((step) => (step.state === 'started' ? { ...step, state: as } : step));
}
